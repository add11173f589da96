// Reads the recording to transcribe (binary field, URL, stored file or typed text) and the voice samples.
import { type AudioInput, readAudioInput } from '../../audio/n8n-binary';
import { audioDurationSeconds } from '../../audio/duration';
import {
	MAX_SPEAKER_CLIPS,
	type SpeakerClip,
} from '../../mistral/transcriptions/transcription-fields';
import type { TranscriptionSource } from '../../mistral/transcriptions/transcriptions';
import { asFailure, Failure } from '../../errors/failure';
import { readAll } from '../../http/response/response-body';
import type { ItemRun } from '../../execution/operation';
import { readLocator, readText } from '../../execution/parameters';

/** Mistral's limit for a URL. */
const MAX_URL_CHARACTERS = 2083;
/** More than 15 seconds take in any format. */
const MAX_CLIP_BYTES = 16 * 1024 * 1024;
/** 3 to 15 seconds (mistral-api 13.2), with a tolerance for container durations, which are rounded. */
const CLIP_SECONDS = { least: 2.9, most: 15.2 } as const;

/** @throws Failure when the recording is missing or unusable */
export async function readSource(run: ItemRun, operation: string): Promise<TranscriptionSource> {
	const { context, itemIndex } = run;
	const source = context.getNodeParameter('source', itemIndex, 'binary');
	if (source === 'url') {
		return { kind: 'url', url: webAddress(readText(run, 'url'), operation) };
	}
	if (source === 'file') {
		return { kind: 'file', id: fileId(readLocator(run, 'fileId'), operation) };
	}
	const field = context.getNodeParameter('binaryPropertyName', itemIndex);
	return { kind: 'recording', audio: await readAudioInput(context, itemIndex, field, operation) };
}

/** Failure reasons of a missing recording, as opposed to an unusable one. */
const NO_RECORDING = ['no-audio', 'wrong-field', 'not-audio', 'no-url', 'no-file'];

/**
 * The recording, or the text of `typed` when the item has no recording; `typed` is called only then.
 *
 * @throws Failure of {@link readSource}, also when the typed text is empty
 */
export async function readSourceOrTyped(
	run: ItemRun,
	operation: string,
	typed: () => string,
): Promise<TranscriptionSource | { readonly kind: 'typed'; readonly text: string }> {
	try {
		return await readSource(run, operation);
	} catch (thrown) {
		const failure = asFailure(thrown, operation);
		const isMissing = NO_RECORDING.some(
			(reason) => failure.facts.stage === `${operation}.${reason}`,
		);
		const text = isMissing ? typed() : '';
		if (text === '') throw failure;
		return { kind: 'typed', text };
	}
}

function webAddress(text: string, operation: string): string {
	const stage = `${operation}.${text === '' ? 'no-url' : 'url'}`;
	const hint =
		'Give the full address of the audio file, beginning with https://. Mistral must be able to open it without signing in.';
	if (text === '') throw new Failure({ stage, message: 'URL is empty', hint });
	const url = URL.canParse(text) ? new URL(text) : undefined;
	if (!url || !/^https?:$/.test(url.protocol)) {
		throw new Failure({ stage, message: 'URL is not a web address', hint });
	}
	if (url.href.length > MAX_URL_CHARACTERS) {
		throw new Failure({
			stage,
			message: `URL is longer than Mistral takes (${MAX_URL_CHARACTERS} characters)`,
			hint: 'Download the file with an HTTP Request node and use Binary File in Recording From.',
		});
	}
	return url.href;
}

function fileId(id: string, operation: string): string {
	if (id !== '') return id;
	throw new Failure({
		stage: `${operation}.no-file`,
		message: 'File is empty',
		hint: 'Pick a file in the field File, or choose Binary File in Recording From.',
	});
}

export interface VoiceSampleOption {
	voices?: { name?: unknown; field?: unknown }[];
}

/** @throws Failure that names the voice whose clip cannot be used */
export async function readSpeakerClips(
	{ context, itemIndex }: ItemRun,
	option: VoiceSampleOption | undefined,
	operation: string,
): Promise<SpeakerClip[]> {
	const voices = option?.voices ?? [];
	if (voices.length > MAX_SPEAKER_CLIPS) {
		throw new Failure({
			stage: `${operation}.voice-samples`,
			message: `Voice Samples holds ${voices.length} voices; Mistral takes ${MAX_SPEAKER_CLIPS}`,
			hint: 'Remove those who speak least.',
		});
	}
	return await Promise.all(
		voices.map(async ({ name, field }) => {
			const label = String(name ?? '').trim();
			const clip = await readAudioInput(context, itemIndex, field, operation);
			return { name: label || clip.fieldName, base64: await encodeClip(clip, label, operation) };
		}),
	);
}

/** Base64. */
async function encodeClip(clip: AudioInput, name: string, operation: string): Promise<string> {
	const unfit = (what: string) =>
		new Failure({
			stage: `${operation}.voice-samples`,
			message: `The voice sample of "${name || clip.fieldName}" ${what}`,
			hint: 'Give a clip of 3 to 15 seconds in which only this person speaks.',
		});
	if (clip.bytes > MAX_CLIP_BYTES) throw unfit('is too large');
	const bytes = await readAll(clip.read());
	const seconds = audioDurationSeconds(bytes);
	if (seconds !== undefined && (seconds < CLIP_SECONDS.least || seconds > CLIP_SECONDS.most)) {
		throw unfit(`lasts ${seconds.toFixed(1)} seconds`);
	}
	return bytes.toString('base64');
}
