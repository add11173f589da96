// The transcript of an upload: the known words of a recording, this server's own speech, or a description of the audio.
import type { HeardAudio } from './audio-reader.mts';
import { languageOf } from './language.mts';
import { findRecording, type KnownSegment } from './recordings.mts';

export interface Transcript {
	text: string;
	language: string;
	seconds: number;
	segments: KnownSegment[];
}

export function transcribe(audio: HeardAudio): Transcript {
	const recording = findRecording(audio.sha256);
	if (recording) {
		const { text, language, segments } = recording;
		return { text, language, segments, seconds: audio.seconds };
	}
	const text = audio.spokenText ?? describe(audio);
	const { seconds } = audio;
	return { text, language: languageOf(text), seconds, segments: spread(sentences(text), seconds) };
}

/** Describes only what can be read from the bytes, so that any damage is visible. */
export function describe(audio: HeardAudio): string {
	const rate = `${audio.sampleRateHz / 1000} kHz`;
	const channels =
		audio.channels === 1 ? 'mono' : audio.channels === 2 ? 'stereo' : `${audio.channels} channels`;
	const kind = audio.container === 'ogg' ? `ogg ${audio.codec}` : audio.container;
	const damage = audio.damaged ? ' The audio is damaged.' : '';
	return `A stand-in recording: ${kind} audio, ${audio.seconds.toFixed(1)} seconds, ${rate}, ${channels}.${damage}`;
}

/** One entry a word, within the times of its segment. */
export function words(segments: KnownSegment[]): KnownSegment[] {
	return segments.flatMap(({ text, start, end, speaker }) =>
		spread(text.trim().split(/\s+/), end - start).map((word) => ({
			text: word.text,
			start: round(word.start + start),
			end: round(word.end + start),
			speaker,
		})),
	);
}

function sentences(text: string): string[] {
	return [...new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(text)]
		.map(({ segment }) => segment.trim())
		.filter((sentence) => sentence !== '');
}

/** Times the pieces one after another, each in proportion to its letters. */
function spread(pieces: string[], seconds: number): KnownSegment[] {
	const letters = pieces.reduce((sum, piece) => sum + piece.length, 0) || 1;
	let at = 0;
	return pieces.map((text) => {
		const start = (at / letters) * seconds;
		at += text.length;
		return { text, start: round(start), end: round((at / letters) * seconds), speaker: 1 };
	});
}

const round = (seconds: number) => Math.round(seconds * 100) / 100;
