// Delivery presets: what each destination needs of the file - format asked of Mistral, post-processing, name, MIME type, size limits.
import { type AudioFormatId, type SpeechFormat, SPEECH_FORMATS } from './formats';
import {
	copyInSteps,
	guessSampleType,
	int16FromFloat32,
	MISTRAL_PCM,
	type PcmLayout,
} from './pcm/pcm';
import { toPhoneWav } from './pcm/resample';
import { readWav, wrapPcm } from './containers/wav';
import type { Steps } from './steps';

export type Destination = 'file' | 'phoneLine' | 'telegramVoice' | 'webPlayer' | 'whatsappVoice';
export type FormatChoice = 'flac' | 'mp3' | 'opus' | 'pcm' | 'pcm16' | 'wav';

const MEBIBYTE = 1024 * 1024;

export interface DeliveryPreset {
	readonly destination: Destination;
	/** What Mistral is asked for. */
	readonly ask: SpeechFormat;
	/** Format of the finished file by its bytes; headerless samples are `pcm`. */
	readonly format: AudioFormatId;
	readonly finish: 'asIs' | 'int16' | 'phone';
	/** In place of the format's usual MIME type. */
	readonly mimeType?: string;
	readonly fileName: string;
	/** The destination's name in messages. */
	readonly label?: string;
	readonly maxBytes?: number;
	/** A soft limit: above it the receiver shows the file less conveniently. */
	readonly comfort?: { readonly bytes: number; readonly advice: string };
	readonly hint?: string;
}

interface Preset {
	readonly format: FormatChoice;
	readonly finish?: 'phone';
	readonly fileName: string;
	readonly label: string;
	readonly mimeType?: string;
	readonly maxBytes?: number;
	readonly comfort?: DeliveryPreset['comfort'];
}

/** Sources: Telegram Bot API `sendVoice`; Meta's Cloud API, "Supported media types"; ITU-T G.711. */
const PRESETS: Readonly<Record<Exclude<Destination, 'file'>, Preset>> = {
	telegramVoice: {
		format: 'opus',
		fileName: 'voice',
		label: 'Telegram',
		maxBytes: 50 * MEBIBYTE,
	},
	whatsappVoice: {
		format: 'opus',
		fileName: 'voice',
		label: 'WhatsApp',
		mimeType: 'audio/ogg; codecs=opus',
		maxBytes: 16 * MEBIBYTE,
		comfort: {
			bytes: 512 * 1024,
			advice:
				'WhatsApp shows voice notes above 512 KB with a download arrow in place of the play button.',
		},
	},
	webPlayer: { format: 'mp3', fileName: 'speech', label: 'a web player' },
	phoneLine: { format: 'wav', finish: 'phone', fileName: 'phone', label: 'a phone line' },
};

/** The preset for a destination, the chosen format and the number of pieces. */
export function deliveryPreset(
	destination: Destination,
	chosen: FormatChoice,
	pieces: number,
): DeliveryPreset {
	const preset = destination === 'file' ? undefined : PRESETS[destination];
	const choice = preset?.format ?? chosen;
	// FLAC files cannot be joined without re-encoding; WAV is lossless too.
	const isUnjoinable = choice === 'flac' && pieces > 1;
	const ask = choice === 'pcm16' || isUnjoinable ? 'wav' : choice;
	return {
		destination,
		ask,
		format: choice === 'pcm16' ? 'pcm' : SPEECH_FORMATS[ask].id,
		finish: preset?.finish ?? (choice === 'pcm16' ? 'int16' : 'asIs'),
		fileName: preset?.fileName ?? 'speech',
		...(preset ? { label: preset.label } : {}),
		...(preset?.mimeType ? { mimeType: preset.mimeType } : {}),
		...(preset?.maxBytes ? { maxBytes: preset.maxBytes } : {}),
		...(preset?.comfort ? { comfort: preset.comfort } : {}),
		...(isUnjoinable
			? {
					hint: `This text was spoken in ${pieces} pieces, and FLAC pieces cannot be joined: the file is a WAV, which sounds exactly the same.`,
				}
			: {}),
	};
}

export interface FinishedAudio {
	readonly audio: Uint8Array;
	/** Sample layout of headerless audio. */
	readonly pcm?: PcmLayout;
}

/** Sample layout of headerless speech, its sample type guessed: self-hosted servers send int16. */
export function pcmLayoutOf(samples: Uint8Array): PcmLayout & { sampleType: 'int16' | 'float32' } {
	return { ...MISTRAL_PCM, sampleType: guessSampleType(samples) ?? 'float32' };
}

/**
 * Converts joined audio to what the destination needs. Streams deliver headerless samples for every
 * uncompressed format, so those are wrapped as WAV first. @throws {AudioError}
 */
export function* finishAudio(
	audio: Uint8Array,
	asked: SpeechFormat,
	{ ask, finish }: DeliveryPreset,
): Steps<FinishedAudio> {
	if (ask === 'pcm') return { audio, pcm: pcmLayoutOf(audio) };
	const file = asked === 'pcm' ? yield* wrapPcm(audio, pcmLayoutOf(audio)) : audio;
	if (finish === 'phone') return { audio: yield* toPhoneWav(file) };
	if (finish === 'asIs') return { audio: file };
	const { data, sampleType, sampleRate, channels } = readWav(file);
	const pcm: PcmLayout = { sampleType: 'int16', sampleRate, channels };
	if (sampleType !== 'float32') return { audio: data, pcm };
	const int16 = new Uint8Array(data.length / 2);
	yield* copyInSteps(int16, 0, data, int16FromFloat32);
	return { audio: int16, pcm };
}

/** Remedy for a file above the destination's size limit. */
export function tooLargeAdvice({ destination, maxBytes = 0 }: DeliveryPreset): string {
	const limit = `${Math.round(maxBytes / MEBIBYTE)} MB`;
	return destination === 'telegramVoice' || destination === 'whatsappVoice'
		? `Voice notes may have ${limit}. Shorten the text, or send it in several notes.`
		: `At most ${limit} are possible here. Shorten the text.`;
}
