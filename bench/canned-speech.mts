// Speech engine of the bench: audio of the right length without synthesis, so that only the stand-in's latencies count.
import { ffmpeg } from '../test/standin/ffmpeg.mts';
import {
	pcm16,
	pcm32,
	sampleRateHz,
	type Speaker,
	type Speech,
	SpeechEngine,
	type SpeechFormat,
	wavHeader,
} from '../test/standin/speech-engine.mts';
import { SpokenMemory } from '../test/standin/spoken.mts';

/**
 * Voxtral's own pace, from the figures of its paper (arXiv 2603.25551): 32 streams make 1,431 characters
 * a second together, at 0.302 seconds of work for a second of speech. 52 words last about 20 seconds.
 */
export const charactersPerSecond = 13.5;
const longestSeconds = 300;
const blockSeconds = 0.04;
/** Layer III at 24 kHz, 64 kbit/s: 576 samples in 192 bytes. */
const mp3FrameSeconds = 576 / sampleRateHz;
const mp3FrameBytes = 192;
export const mp3BytesPerSecond = mp3FrameBytes / mp3FrameSeconds;

export const secondsOf = (text: string): number =>
	Math.max(1, Math.ceil(text.length / charactersPerSecond / blockSeconds)) * blockSeconds;

class NoSpokenMemory extends SpokenMemory {
	override remember(): void {
		// No speech of the bench is ever uploaded again.
	}
}

/** Meaningless syllables. */
function babble(): Int16Array {
	const samples = new Int16Array(longestSeconds * sampleRateHz);
	for (let index = 0; index < samples.length; index += 1) {
		const seconds = index / sampleRateHz;
		const loudness = 7000 * Math.abs(Math.sin(Math.PI * 2.3 * seconds));
		samples[index] = Math.round(
			loudness *
				(Math.sin(2 * Math.PI * 170 * seconds) + 0.4 * Math.sin(2 * Math.PI * 910 * seconds)),
		);
	}
	return samples;
}

export class CannedSpeech extends SpeechEngine {
	override readonly spoken = new NoSpokenMemory();
	readonly #samples = babble();
	readonly #floats = pcm32(this.#samples);
	#mp3: Buffer = Buffer.alloc(0);

	static async make(): Promise<CannedSpeech> {
		const speech = new CannedSpeech();
		speech.#mp3 = (
			await ffmpeg(
				[
					...['-f', 's16le', '-ar', String(sampleRateHz), '-ac', '1', '-i', 'pipe:0'],
					...['-c:a', 'libmp3lame', '-b:a', '64k', '-write_xing', '0', '-id3v2_version', '0'],
					...['-f', 'mp3', 'pipe:1'],
				],
				pcm16(speech.#samples),
			)
		).stdout;
		return speech;
	}

	override speak(text: string): Promise<Speech> {
		const seconds = secondsOf(text);
		const samples = this.#samples.subarray(0, Math.round(seconds * sampleRateHz));
		return Promise.resolve({ samples, seconds });
	}

	override async encode(text: string, speaker: Speaker, format: SpeechFormat): Promise<Buffer> {
		const { samples, seconds } = await this.speak(text);
		if (format === 'pcm') return this.#floats.subarray(0, samples.length * 4);
		if (format === 'wav') return Buffer.concat([wavHeader(samples.length * 2), pcm16(samples)]);
		if (format !== 'mp3') return await super.encode(text, speaker, format);
		return this.#mp3.subarray(0, Math.round(seconds / mp3FrameSeconds) * mp3FrameBytes);
	}
}
