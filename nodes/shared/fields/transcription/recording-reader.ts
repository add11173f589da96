// Where the recording and the voice samples of one item come from.
import { type AudioInput, readAudioInput } from '../../audio/n8n-binary';
import { audioDurationSeconds } from '../../audio/duration';
import {
	MAX_SPEAKER_CLIPS,
	type SpeakerClip,
} from '../../mistral/transcriptions/transcription-fields';
import type { TranscriptionSource } from '../../mistral/transcriptions/transcriptions';
import { asFailure, Failure } from '../../errors/failure';
import type { ItemRun } from '../../execution/operation';

/** Mistral's limit for an address. */
const MAX_URL_CHARACTERS = 2083;
/** More than 15 seconds of any recording. */
const MAX_CLIP_BYTES = 16 * 1024 * 1024;
/** mistral-api 13.2; a little more is allowed here, since containers round. */
const CLIP_SECONDS = { least: 2.9, most: 15.2 } as const;

/** @throws Failure when there is no recording, or one that cannot be used */
export async function readSource(
	{ context, itemIndex }: ItemRun,
	operation: string,
): Promise<TranscriptionSource> {
	const source = context.getNodeParameter('source', itemIndex, 'binary');
	if (source === 'url') {
		const given = context.getNodeParameter('url', itemIndex, '');
		return { kind: 'url', url: webAddress(String(given ?? '').trim(), operation) };
	}
	if (source === 'file') {
		const given = context.getNodeParameter('fileId', itemIndex, '', { extractValue: true });
		return { kind: 'file', id: fileId(String(given ?? '').trim(), operation) };
	}
	const field = context.getNodeParameter('binaryPropertyName', itemIndex);
	return { kind: 'recording', audio: await readAudioInput(context, itemIndex, field, operation) };
}

/** Reasons that mean "there is no recording", as opposed to one that cannot be used. */
const NONE = ['no-audio', 'wrong-field', 'not-audio', 'no-url', 'no-file'];

/**
 * The same, or what was typed where the item holds no recording at all. `typed` is asked for only then.
 *
 * @throws Failure of the recording, also when nothing was typed in its place
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
		const isNone = NONE.some((reason) => failure.facts.stage === `${operation}.${reason}`);
		const text = isNone ? typed() : '';
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
			return { name: label || clip.fieldName, base64: await clipBytes(clip, label, operation) };
		}),
	);
}

async function clipBytes(clip: AudioInput, name: string, operation: string): Promise<string> {
	const unfit = (what: string) =>
		new Failure({
			stage: `${operation}.voice-samples`,
			message: `The voice sample of "${name || clip.fieldName}" ${what}`,
			hint: 'Give a clip of 3 to 15 seconds in which only this person speaks.',
		});
	if (clip.bytes > MAX_CLIP_BYTES) throw unfit('is too large');
	const pieces: Uint8Array[] = [];
	for await (const piece of clip.read()) pieces.push(piece);
	const bytes = Buffer.concat(pieces);
	const seconds = audioDurationSeconds(bytes);
	if (seconds !== undefined && (seconds < CLIP_SECONDS.least || seconds > CLIP_SECONDS.most)) {
		throw unfit(`lasts ${seconds.toFixed(1)} seconds`);
	}
	return bytes.toString('base64');
}
