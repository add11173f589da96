// Generates the recordings of this folder and recordings.json with their transcripts:
// node test/recordings/record.mts
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { ffmpeg } from '../standin/ffmpeg.mts';
import type { KnownRecording, KnownSegment } from '../standin/recordings.mts';
import { pcm16, sampleRateHz, SpeechEngine, type Speaker } from '../standin/speech-engine.mts';

type Line = [speaker: 1 | 2, text: string];

interface Script {
	files: string[];
	language: string;
	lines: Line[];
}

const scripts: Script[] = [
	{
		files: ['question.wav', 'question.ogg', 'question.mp3'],
		language: 'en',
		lines: [[1, 'What is the weather in Paris today?']],
	},
	{
		files: ['question-fr.ogg'],
		language: 'fr',
		lines: [[1, 'Quel temps fait-il à Lyon aujourd’hui ?']],
	},
	{
		files: ['question-de.ogg'],
		language: 'de',
		lines: [[1, 'Wie wird das Wetter heute in Berlin?']],
	},
	{
		files: ['dialogue.ogg'],
		language: 'en',
		lines: [
			[1, 'Good morning. Is the train to Lyon on time?'],
			[2, 'No, it is twenty minutes late.'],
			[1, 'Thank you. Which platform does it leave from?'],
			[2, 'From platform seven.'],
		],
	},
];

const speakers: Record<1 | 2, Speaker> = {
	1: { gender: 'female', languages: ['en_us'], variant: 2, pace: 1.06 },
	2: { gender: 'male', languages: ['en_gb'], variant: 2, pace: 1.06 },
};

const gapSeconds = 0.35;
const encoders: Record<string, string[]> = {
	// 12 kHz keeps the WAV small enough for a repository.
	wav: ['-ar', '12000', '-c:a', 'pcm_s16le', '-f', 'wav'],
	mp3: ['-ar', '24000', '-c:a', 'libmp3lame', '-b:a', '48k', '-f', 'mp3'],
	ogg: ['-c:a', 'libopus', '-b:a', '24k', '-f', 'ogg'],
};

const engine = new SpeechEngine();

const hundredths = (seconds: number) => Math.round(seconds * 100) / 100;

/** The part between the first and the last audible sample. */
function trim(samples: Int16Array): Int16Array {
	const audible = (sample: number) => Math.abs(sample) > 80;
	const start = Math.max(0, samples.findIndex(audible));
	return samples.slice(start, samples.findLastIndex(audible) + 1);
}

async function perform(lines: Line[]): Promise<{ samples: Int16Array; segments: KnownSegment[] }> {
	const clips = await Promise.all(
		lines.map(async ([speaker, text]) =>
			trim((await engine.speak(text, speakers[speaker])).samples),
		),
	);
	const gap = Math.round(gapSeconds * sampleRateHz);
	const length = clips.reduce((sum, clip) => sum + clip.length + gap, gap);
	const samples = new Int16Array(lines.length === 1 ? length - gap : length);
	const segments: KnownSegment[] = [];
	let at = lines.length === 1 ? gap / 4 : gap;
	for (const [index, [speaker, text]] of lines.entries()) {
		const clip = clips[index] ?? new Int16Array();
		samples.set(clip, at);
		segments.push({
			text,
			start: hundredths(at / sampleRateHz),
			end: hundredths((at + clip.length) / sampleRateHz),
			speaker,
		});
		at += clip.length + gap;
	}
	return { samples, segments };
}

const recordings: KnownRecording[] = [];
for (const { files, language, lines } of scripts) {
	const { samples, segments } = await perform(lines);
	for (const file of files) {
		const format = file.slice(file.lastIndexOf('.') + 1);
		const path = fileURLToPath(new URL(file, import.meta.url));
		await ffmpeg(
			[
				...['-y', '-f', 's16le', '-ar', String(sampleRateHz), '-ac', '1', '-i', 'pipe:0'],
				...['-fflags', '+bitexact', '-flags:a', '+bitexact', ...(encoders[format] ?? []), path],
			],
			pcm16(samples),
		);
		const bytes = await readFile(path);
		recordings.push({
			file,
			sha256: createHash('sha256').update(bytes).digest('hex'),
			text: lines.map(([, text]) => text).join(' '),
			language,
			seconds: hundredths(samples.length / sampleRateHz),
			segments,
		});
		process.stdout.write(`${file} ${bytes.length} bytes\n`);
	}
}
await writeFile(
	new URL('recordings.json', import.meta.url),
	`${JSON.stringify({ recordings }, null, '\t')}\n`,
);
await engine.close();
