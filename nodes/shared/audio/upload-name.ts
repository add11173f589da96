// File name and MIME type of an upload: safe in a multipart header, and accepted by Mistral.

import {
	type AudioFormat,
	type AudioFormatId,
	AUDIO_FORMATS,
	formatByFileName,
	formatByMimeType,
} from './formats';

export interface UploadNameHints {
	fileName?: string | undefined;
	mimeType?: string | undefined;
	/** Format by magic bytes; takes precedence over name and type. */
	sniffed?: AudioFormatId | undefined;
}

const MAX_STEM_LETTERS = 60;
const FALLBACK_STEM = 'audio';

/** The format by magic bytes, else by MIME type, else by file name. */
export function resolveFormat({
	fileName,
	mimeType,
	sniffed,
}: UploadNameHints): AudioFormat | undefined {
	if (sniffed) return AUDIO_FORMATS[sniffed];
	return formatByMimeType(mimeType) ?? formatByFileName(fileName);
}

/**
 * Reduces any name to a short readable one without its folder or extension. Letters and digits of
 * every script stay; control characters, quotes, direction marks and lone surrogates do not.
 */
export function cleanStem(fileName: string | undefined): string {
	const lastFolder = (fileName ?? '').split(/[/\\]/).at(-1) ?? '';
	const stem = lastFolder
		.slice(-1024)
		// Direction marks and joiners are invisible; a space in their place would be seen.
		.replace(/\p{Cf}/gu, '')
		.replace(/\.(?=[a-z0-9]*[a-z])[a-z0-9]{1,5}\s*$/i, '')
		.replace(/[^\p{L}\p{M}\p{N}._()-]+/gu, ' ')
		.replace(/\.{2,}/g, '.');
	const short = Array.from(stem.replace(/^[\p{M} .-]+/u, '')).slice(0, MAX_STEM_LETTERS);
	return short.join('').replace(/[ .-]+$/, '') || FALLBACK_STEM;
}

/**
 * Name and type to send. A format Mistral refuses keeps its own extension: whether to send it at
 * all is the caller's decision (`AudioFormat.upload`).
 */
export function uploadName(hints: UploadNameHints): { fileName: string; mimeType: string } {
	const stem = cleanStem(hints.fileName);
	const format = resolveFormat(hints);
	if (!format) return { fileName: stem, mimeType: 'application/octet-stream' };
	const { extension, mimeType } = format.upload.accepted ? format.upload : format;
	return { fileName: `${stem}.${extension}`, mimeType };
}
