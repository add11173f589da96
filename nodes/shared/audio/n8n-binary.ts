// Audio in n8n's binary fields: finds, sniffs and opens recordings; stores generated audio with name, type and duration.
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { Failure } from '../errors/failure';
import { audioDurationSeconds } from './duration';
import type { FoundBinary } from './find-binary';
import { findBinary } from './find-binary';
import type { AudioFormat, AudioFormatId } from './formats';
import { AUDIO_FORMATS } from './formats';
import { describeNonAudio } from './non-audio';
import type { PcmLayout } from './pcm/pcm';
import { sniffAudioFormat, SNIFF_BYTES } from './sniff';
import { cleanStem, resolveFormat, uploadName } from './upload-name';

/** A recording that is streamed from n8n's binary store at each upload attempt. */
export interface AudioInput {
	readonly fieldName: string;
	/** Exact size. */
	readonly bytes: number;
	/** Name and type of the upload: by magic bytes, safe in a header. */
	readonly uploadName: string;
	readonly uploadMimeType: string;
	/** From the first byte, at each call. */
	read(): AsyncIterable<Uint8Array>;
}

/**
 * The recording `field` refers to: see {@link findBinary}.
 *
 * @throws Failure naming the field: `no-audio`, `wrong-field`, `not-audio`, `refused-format`
 */
export async function readAudioInput(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
	operation: string,
): Promise<AudioInput> {
	const found = locate(context, itemIndex, field, operation);
	const [bytes, beginning] = await Promise.all([
		sizeOf(context, found.data),
		readBeginning(open(context, found.data)),
	]);
	const head = beginning.subarray(0, SNIFF_BYTES);
	const { fileName, mimeType } = found.data;
	const hints = { fileName, mimeType, sniffed: sniffAudioFormat(head) };
	const notAudio = hints.sniffed ? undefined : describeNonAudio(head);
	if (notAudio) throw refused(found, `is ${notAudio}, not audio`, `${operation}.not-audio`);
	// Unknown bytes under the name or type of an audio format: the server decides.
	const format = resolveFormat(hints);
	if (!format) throw refused(found, 'is no audio that this node knows', `${operation}.not-audio`);
	if (!format.upload.accepted) {
		const why = `has a format Mistral does not accept (${format.label})`;
		throw refused(found, why, `${operation}.refused-format`, format.upload.advice);
	}
	const upload = uploadName(hints);
	return {
		fieldName: found.name,
		bytes,
		uploadName: upload.fileName,
		uploadMimeType: upload.mimeType,
		// A short recording was read as a whole: no need to open its file again.
		read: () => (beginning.length === bytes ? once(beginning) : open(context, found.data)),
	};
}

function locate(
	context: IExecuteFunctions,
	itemIndex: number,
	field: unknown,
	operation: string,
): FoundBinary {
	const found = findBinary(context.getInputData()[itemIndex], field);
	if ('data' in found) return found;
	const place = typeof field === 'string' ? `no file in "${field.trim()}"` : 'no file';
	if (found.names.length === 0) {
		throw new Failure({
			stage: `${operation}.no-audio`,
			message: `There is no audio: the item has ${place} (Input Data Field Name)`,
			hint: 'Put a node before this one that delivers an audio file, for example a Webhook, a Form, or Telegram "Get a File". An expression must give a whole file, for example {{ $(\'Webhook\').item.binary.data }}.',
		});
	}
	throw new Failure({
		stage: `${operation}.wrong-field`,
		message: `The item has ${place} (Input Data Field Name)`,
		hint: `Its files are in: ${found.names.slice(0, 10).join(', ')}. Put one of these names into Input Data Field Name.`,
	});
}

function refused(
	{ name, data }: FoundBinary,
	why: string,
	stage: string,
	advice = 'Send a recording: MP3, WAV, OGG (Telegram and WhatsApp voice notes), M4A, FLAC or WebM.',
): Failure {
	const file = data.fileName ? ` ("${cleanName(data.fileName)}")` : '';
	return new Failure({
		stage,
		message: `The file in "${name}" (Input Data Field Name)${file} ${why}`,
		hint: advice,
	});
}

/** Printable and short, with its extension, so that people recognise their file. */
function cleanName(fileName: string): string {
	return fileName.replace(/[\p{C}"]/gu, '').slice(-60);
}

async function sizeOf(context: IExecuteFunctions, data: IBinaryData): Promise<number> {
	if (!data.id) return Buffer.byteLength(data.data, 'base64');
	return (await context.helpers.getBinaryMetadata(data.id)).fileSize;
}

async function* open(context: IExecuteFunctions, data: IBinaryData): AsyncGenerator<Uint8Array> {
	if (!data.id) {
		yield Buffer.from(data.data, 'base64');
		return;
	}
	const stream = await context.helpers.getBinaryStream(data.id);
	try {
		for await (const piece of stream) yield piece as Uint8Array;
	} finally {
		stream.destroy();
	}
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
	yield bytes;
}

/** The first chunks, enough for sniffing; a voice note is often read as a whole. */
async function readBeginning(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
	const pieces: Uint8Array[] = [];
	let length = 0;
	for await (const piece of source) {
		pieces.push(piece);
		length += piece.length;
		if (length >= SNIFF_BYTES) break;
	}
	return Buffer.concat(pieces);
}

/** Audio in n8n's binary store with its metadata. */
export interface StoredAudio {
	readonly binary: IBinaryData;
	readonly format: AudioFormat;
	readonly mimeType: string;
	readonly fileName: string;
	readonly bytes: number;
	readonly durationSeconds?: number;
}

export interface StoreAudioOptions {
	readonly operation: string;
	/** Without its extension, which comes from the bytes. */
	readonly name?: string | undefined;
	/** The only format the receiver accepts. */
	readonly mustBe?: AudioFormatId | undefined;
	/** In place of the format's usual MIME type, where the receiver needs parameters. */
	readonly mimeType?: string | undefined;
	/** Layout of headerless samples; undefined for files with a header. */
	readonly pcm?: PcmLayout | undefined;
}

/**
 * Stores audio with extension and MIME type by its magic bytes, whatever was requested: n8n's player
 * and WhatsApp refuse mislabelled files.
 *
 * @throws Failure when the bytes are no audio, or not what they must be
 */
export async function storeAudio(
	context: IExecuteFunctions,
	audio: Uint8Array,
	{ operation, name, mustBe, mimeType, pcm }: StoreAudioOptions,
): Promise<StoredAudio> {
	const head = audio.subarray(0, SNIFF_BYTES);
	const sniffed = sniffAudioFormat(head);
	const format = pcm ? AUDIO_FORMATS.pcm : sniffed && AUDIO_FORMATS[sniffed];
	if (!format) {
		throw new Failure({
			stage: `${operation}.damaged-audio`,
			message: `What arrived is ${describeNonAudio(head) ?? 'of an unknown kind'}, not audio`,
			hint: 'Run the workflow again; if it stays like this, try another Format.',
		});
	}
	if (mustBe && format.id !== mustBe) {
		throw new Failure({
			stage: `${operation}.wrong-format`,
			message: `The server sent ${format.label} where ${AUDIO_FORMATS[mustBe].label} was asked for`,
			hint: 'Choose "A File" as Destination, or a server that speaks in this format.',
		});
	}
	const fileName = `${cleanStem(name?.trim() || 'speech')}.${format.extension}`;
	const type = mimeType ?? format.mimeType;
	const binary = await context.helpers.prepareBinaryData(
		Buffer.from(audio.buffer, audio.byteOffset, audio.length),
		fileName,
		type,
	);
	const durationSeconds = audioDurationSeconds(audio, format.id, pcm);
	return {
		binary,
		format,
		mimeType: type,
		fileName,
		bytes: audio.length,
		...(durationSeconds === undefined ? {} : { durationSeconds }),
	};
}
