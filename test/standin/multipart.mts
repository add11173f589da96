// Reads a request body as a stream: hashes every byte, keeps only as much of a file as decoding needs.
import { createHash, type Hash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import { ValidationError } from './errors.mts';

/** Of larger files only the first and last bytes are kept. */
const keptBytesLimit = 32 * 1024 * 1024;
const edgeBytes = 1024 * 1024;
const fieldBytesLimit = 64 * 1024 * 1024;

/** One uploaded file: whole when small, its two ends when large. */
export interface UploadedFile {
	field: string;
	fileName: string;
	contentType: string;
	bytes: number;
	sha256: string;
	/** Undefined when the file was too large to keep. */
	content: Buffer | undefined;
	head: Buffer;
	tail: Buffer;
}

export interface Form {
	fields: [name: string, value: string][];
	files: UploadedFile[];
}

/** Counts and hashes the raw body on its way to `sink`. */
export async function readBody(
	request: IncomingMessage,
	sink: NodeJS.WritableStream,
	onBytes: (total: number) => void,
): Promise<{ bytes: number; sha256: string }> {
	const hash = createHash('sha256');
	let bytes = 0;
	await pipeline(
		request,
		async function* (source: AsyncIterable<Buffer>) {
			for await (const chunk of source) {
				hash.update(chunk);
				bytes += chunk.length;
				onBytes(bytes);
				yield chunk;
			}
		},
		sink,
	);
	return { bytes, sha256: hash.digest('hex') };
}

/** A sink that collects; bodies above the field limit are counted, not kept. */
export class Collector extends PassThrough {
	readonly #chunks: Buffer[] = [];
	#bytes = 0;

	constructor() {
		super();
		this.on('data', (chunk: Buffer) => {
			this.#bytes += chunk.length;
			if (this.#bytes <= fieldBytesLimit * 2) this.#chunks.push(chunk);
		});
	}

	text(): string {
		return Buffer.concat(this.#chunks).toString('utf8');
	}
}

/** Returns the sink to write the body to, and the form once all was parsed. */
export function parseForm(headers: IncomingMessage['headers']): {
	sink: NodeJS.WritableStream;
	form: Promise<Form>;
} {
	const parser = busboy({
		headers,
		defParamCharset: 'utf8',
		preservePath: true,
		limits: { fieldSize: fieldBytesLimit, fileSize: Number.POSITIVE_INFINITY },
	});
	const fields: Form['fields'] = [];
	const files: UploadedFile[] = [];
	parser.on('field', (name, value) => fields.push([name, value]));
	parser.on('file', (field, stream, { filename, mimeType }) => {
		const keeper = new FileKeeper();
		stream.on('data', (chunk: Buffer) => keeper.add(chunk));
		stream.on('end', () =>
			files.push({ field, fileName: filename, contentType: mimeType, ...keeper.finish() }),
		);
	});
	const form = new Promise<Form>((resolve, reject) => {
		parser.on('close', () => resolve({ fields, files }));
		parser.on('error', (error) => reject(malformed(String(error))));
	});
	// The error is reported through the form's promise; the pipeline may fail first.
	form.catch(() => undefined);
	return { sink: parser, form };
}

export function malformed(reason: string): ValidationError {
	return new ValidationError([
		{
			type: 'multipart_invalid',
			loc: ['body'],
			msg: `There was an error parsing the body: ${reason}`,
		},
	]);
}

class FileKeeper {
	readonly #hash: Hash = createHash('sha256');
	/** The whole file while it is small, then only its start. */
	#chunks: Buffer[] = [];
	#recent: Buffer[] = [];
	#recentBytes = 0;
	#bytes = 0;
	#whole = true;

	add(chunk: Buffer): void {
		this.#hash.update(chunk);
		this.#bytes += chunk.length;
		if (this.#whole) {
			this.#chunks.push(chunk);
			if (this.#bytes > keptBytesLimit) this.#forgetMiddle();
			return;
		}
		this.#recent.push(chunk);
		this.#recentBytes += chunk.length;
		const oldest = this.#recent[0];
		if (oldest && this.#recentBytes - oldest.length >= edgeBytes) {
			this.#recent.shift();
			this.#recentBytes -= oldest.length;
		}
	}

	finish(): Pick<UploadedFile, 'bytes' | 'sha256' | 'content' | 'head' | 'tail'> {
		const kept = Buffer.concat(this.#chunks);
		return {
			bytes: this.#bytes,
			sha256: this.#hash.digest('hex'),
			content: this.#whole ? kept : undefined,
			head: kept.subarray(0, edgeBytes),
			tail: (this.#whole ? kept : Buffer.concat(this.#recent)).subarray(-edgeBytes),
		};
	}

	#forgetMiddle(): void {
		const kept = Buffer.concat(this.#chunks);
		this.#chunks = [Buffer.from(kept.subarray(0, edgeBytes))];
		this.#recent = [Buffer.from(kept.subarray(-edgeBytes))];
		this.#recentBytes = edgeBytes;
		this.#whole = false;
	}
}
