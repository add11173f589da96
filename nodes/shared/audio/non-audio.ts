// Detects files that are not audio (PDF, image, JSON, ...) and names them for an error message.

/** Byte strings written as Latin-1; `inside` stands at an offset, after any first bytes. */
interface BinarySignature {
	starts: string;
	inside?: [offset: number, text: string];
	phrase: string;
}

const BINARY_SIGNATURES: readonly BinarySignature[] = [
	{ starts: '%PDF-', phrase: 'a PDF document' },
	{ starts: '\x89PNG', phrase: 'a PNG image' },
	{ starts: '\xff\xd8\xff', phrase: 'a JPEG image' },
	{ starts: 'GIF8', phrase: 'a GIF image' },
	{ starts: 'RIFF', inside: [8, 'WEBP'], phrase: 'a WebP image' },
	{ starts: 'RIFF', inside: [8, 'AVI '], phrase: 'an AVI video' },
	{ starts: 'BM', inside: [6, '\0\0\0\0'], phrase: 'a bitmap image' },
	{ starts: 'II*\0', phrase: 'a TIFF image' },
	{ starts: 'MM\0*', phrase: 'a TIFF image' },
	{ starts: '\0\0', inside: [4, 'ftyphei'], phrase: 'a HEIC image' },
	{ starts: '\0\0', inside: [4, 'ftypmif1'], phrase: 'a HEIC image' },
	{ starts: '\0\0', inside: [4, 'ftypavi'], phrase: 'an AVIF image' },
	{ starts: 'PK\x03\x04', phrase: 'a ZIP archive or an Office document' },
	{ starts: '\x1f\x8b', phrase: 'a gzip archive' },
	{ starts: '7z\xbc\xaf', phrase: 'a 7z archive' },
	{ starts: 'Rar!', phrase: 'a RAR archive' },
	{ starts: '\xd0\xcf\x11\xe0', phrase: 'an old Office document' },
	{ starts: 'MThd', phrase: 'a MIDI file, which holds notes and no sound' },
	{ starts: '\x7fELF', phrase: 'a program' },
	{ starts: 'MZ\x90\0', phrase: 'a program' },
];

/** Matched against the text after its leading white space. */
interface TextSignature {
	pattern: RegExp;
	phrase: string;
}

const TEXT_SIGNATURES: readonly TextSignature[] = [
	{ pattern: /^<(?:!doctype html|html|head|body)\b/i, phrase: 'a web page (HTML)' },
	{ pattern: /^(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*<svg\b/i, phrase: 'an SVG image' },
	{ pattern: /^<(?:\?xml|[a-z][\w:-]*[\s/>])/i, phrase: 'an XML document' },
	{ pattern: /^#EXTM3U/, phrase: 'a playlist, which only points to audio' },
	{
		pattern: /^data:[\w/+.-]+(?:;[^,]*)?,/,
		phrase: 'a data URL (text); decode it to a file first',
	},
	{ pattern: /^https?:\/\/\S+\s*$/, phrase: 'a web address, not the file behind it' },
	{ pattern: /^(?:\{\s*(?:"|\}|$)|\[\s*(?:[{["\d\]-]|$))/, phrase: 'JSON text' },
	{
		pattern: /^[A-Za-z0-9+/_-]{64,}={0,2}\s*$/,
		phrase: 'a file written as Base64 text; decode it first',
	},
];

/** The bytes as text, or undefined when they are not text. A character cut off at the end is no fault. */
function readText(head: Uint8Array): string | undefined {
	const [first = 0, second = 0] = head;
	const isUtf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
	const encoding = first === 0xfe ? 'utf-16be' : 'utf-16le';
	try {
		const decoder = new TextDecoder(isUtf16 ? encoding : 'utf-8', { fatal: true });
		const text = decoder.decode(head, { stream: true });
		return /[^\P{Cc}\t-\r\x85]/u.test(text) ? undefined : text.trimStart();
	} catch {
		return undefined;
	}
}

/**
 * Names the kind of a file that is not audio: "a PDF document", "JSON text", "an empty file".
 * It completes "The file is …, not audio". Undefined when no signature matches.
 */
export function describeNonAudio(head: Uint8Array): string | undefined {
	if (head.length === 0) return 'an empty file';
	const start = head.subarray(0, 4096);
	const raw = Buffer.from(start).toString('latin1');
	const binary = BINARY_SIGNATURES.find(
		({ starts, inside: [offset, text] = [0, ''] }) =>
			raw.startsWith(starts) && raw.startsWith(text, offset),
	);
	if (binary) return binary.phrase;
	const text = readText(start);
	if (text === undefined) return start.every((byte) => byte === 0) ? 'a file of zeros' : undefined;
	return TEXT_SIGNATURES.find(({ pattern }) => pattern.test(text))?.phrase ?? 'a text file';
}
