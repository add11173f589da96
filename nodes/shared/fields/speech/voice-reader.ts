// Who speaks: a saved voice, the voice of a language, or the voice of a recording, imitated this once.
import { audioDurationSeconds } from '../../audio/duration';
import { readAudioInput } from '../../audio/n8n-binary';
import { sniffAudioFormat, SNIFF_BYTES } from '../../audio/sniff';
import { assertConsent } from './consent';
import type { SpeechVoice } from '../../mistral/speech/speech';
import { Failure } from '../../errors/failure';
import type { ItemRun } from '../../execution/operation';
import { languageCode } from '../../text/language/language-identification';

const MIN_CLIP_SECONDS = 3;
const MAX_CLIP_SECONDS = 25;
/** 25 seconds of studio sound (96 kHz, 16 bit, stereo) take 9.6 MB; it goes along with every piece of a long text. */
const MAX_CLIP_BYTES = 10 * 1024 * 1024;
/** Files are cut to whole frames: a clip of "3 seconds" may hold a little less. */
const CLIP_TOLERANCE_SECONDS = 0.05;

/** A row of the option Voice per Language. */
export interface LanguageVoice {
	language?: string;
	/** As stored: a resource locator, or what an expression gave. */
	voice?: unknown;
}

export interface ChosenVoice {
	/** For the item: slug or id, or that it was a recording. */
	readonly label: string;
	readonly voice: SpeechVoice;
}

/** @throws Failure without consent, for an unfit recording, or when no voice was chosen */
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

/** The field Voice. @throws Failure when it is empty */
export function readSavedVoice({ context, itemIndex }: ItemRun, operation: string): string {
	const value = context.getNodeParameter('voice', itemIndex, '', { extractValue: true });
	const id = String(value ?? '').trim();
	if (id !== '') return id;
	throw new Failure({
		stage: `${operation}.no-voice`,
		message: 'Voice is empty',
		hint: 'Pick a voice in the Voice field with "From List": it shows the voices of your account.',
	});
}

/** Inside a collection n8n leaves resource locators as they are stored. */
function locatedId(stored: unknown): string {
	const value =
		typeof stored === 'object' && stored !== null && 'value' in stored ? stored.value : stored;
	return typeof value === 'string' ? value.trim() : '';
}

export interface VoiceClip {
	readonly fileName: string;
	/** Base64, as Mistral takes it. */
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
	const pieces: Uint8Array[] = [];
	for await (const piece of input.read()) pieces.push(piece);
	const clip = Buffer.concat(pieces);
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
