// Reads the voice fields: a saved voice, a voice per language, or a recording to clone for this request.
import { audioDurationSeconds } from '../../audio/duration';
import { readAudioInput } from '../../audio/n8n-binary';
import { sniffAudioFormat, SNIFF_BYTES } from '../../audio/sniff';
import { assertConsent } from './consent';
import type { SpeechVoice } from '../../mistral/speech/speech';
import { Failure } from '../../errors/failure';
import { readAll } from '../../http/response/response-body';
import type { ItemRun } from '../../execution/operation';
import { readLocator } from '../../execution/parameters';
import { languageCode } from '../../text/language/language-identification';

const MIN_CLIP_SECONDS = 3;
const MAX_CLIP_SECONDS = 25;
/** 25 seconds of studio quality (96 kHz, 16 bit, stereo) take 9.6 MB; the clip is sent with every chunk of a long text. */
const MAX_CLIP_BYTES = 10 * 1024 * 1024;
/** Files consist of whole frames: a clip of "3 seconds" may be slightly shorter. */
const CLIP_TOLERANCE_SECONDS = 0.05;

/** A row of the option Voice per Language. */
export interface LanguageVoice {
	language?: string;
	/** A resource locator, or the value of an expression. */
	voice?: unknown;
}

export interface ChosenVoice {
	/** For the output: slug or id, or `recording`. */
	readonly label: string;
	readonly voice: SpeechVoice;
}

/** `language`: that of the text, ISO 639-1. @throws Failure without consent, for an unusable recording, or without a voice */
export async function readVoice(
	run: ItemRun,
	operation: string,
	language: string | undefined,
	perLanguage: readonly LanguageVoice[],
): Promise<ChosenVoice> {
	const { context, itemIndex } = run;
	if (context.getNodeParameter('voiceSource', itemIndex, 'saved') === 'recording') {
		assertConsent(context.getNodeParameter('consent', itemIndex, false), operation);
		const { encoded } = await readClip(run, operation);
		return { label: 'recording', voice: { referenceAudio: encoded } };
	}
	const entry = perLanguage.find(
		(row) => language !== undefined && languageCode(row.language) === language,
	);
	const id = locatedId(entry?.voice) || readSavedVoice(run, operation);
	return { label: id, voice: { id } };
}

/** Slug or id in the field Voice. @throws Failure `no-voice` with `hint` when it is empty */
export function readSavedVoice(
	run: ItemRun,
	operation: string,
	hint = 'Pick a voice in the Voice field with "From List": it shows the voices of your account.',
): string {
	const id = readLocator(run, 'voice');
	if (id !== '') return id;
	throw new Failure({ stage: `${operation}.no-voice`, message: 'Voice is empty', hint });
}

/** The value of a resource locator inside a collection, which n8n does not extract. */
function locatedId(stored: unknown): string {
	const value =
		typeof stored === 'object' && stored !== null && 'value' in stored ? stored.value : stored;
	return typeof value === 'string' ? value.trim() : '';
}

export interface VoiceClip {
	readonly fileName: string;
	/** Base64. */
	readonly encoded: string;
}

/**
 * The recording in the item's binary field: an MP3 or WAV of 3 to 25 seconds.
 *
 * @throws Failure
 */
export async function readClip(
	{ context, itemIndex }: ItemRun,
	operation: string,
): Promise<VoiceClip> {
	const field = String(context.getNodeParameter('binaryPropertyName', itemIndex, 'data'));
	const input = await readAudioInput(context, itemIndex, field, operation);
	const unfit = (message: string, hint: string) =>
		new Failure({ stage: `${operation}.unfit-recording`, message, hint });
	if (input.bytes > MAX_CLIP_BYTES) {
		throw unfit(
			'The recording of the voice is too large',
			'Use a clip of 3 to 25 seconds in which one person speaks.',
		);
	}
	const clip = await readAll(input.read());
	const format = sniffAudioFormat(clip.subarray(0, SNIFF_BYTES));
	if (format !== 'mp3' && format !== 'wav') {
		throw unfit(
			'The recording of the voice has to be an MP3 or WAV file',
			'Mistral imitates voices from these two formats only; voice notes of chat apps (OGG) need to be converted first.',
		);
	}
	const seconds = audioDurationSeconds(clip, format);
	const isOutside =
		seconds !== undefined &&
		(seconds < MIN_CLIP_SECONDS - CLIP_TOLERANCE_SECONDS ||
			seconds > MAX_CLIP_SECONDS + CLIP_TOLERANCE_SECONDS);
	if (isOutside) {
		throw unfit(
			`The recording of the voice lasts ${seconds.toFixed(1)} seconds; it has to be 3 to 25`,
			'Use a clip of 3 to 25 seconds in which one person speaks, with little noise.',
		);
	}
	return { fileName: input.uploadName, encoded: clip.toString('base64') };
}
