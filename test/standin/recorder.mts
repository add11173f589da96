// Notes down what arrived, exactly enough to compare uploads byte by byte.
import type { IncomingMessage } from 'node:http';
import type { Form } from './multipart.mts';

export interface RecordedRequest {
	method: string;
	/** As received, with the base path prefix, without the query. */
	path: string;
	query: URLSearchParams;
	headers: Record<string, string>;
	/** On the clock of `performance.now()`. */
	receivedAtMs: number;
	/** When the last byte of the body was here; undefined while it was not. */
	bodyReceivedAtMs?: number;
	/** When each event of a streamed answer left, or the one body of a whole one. */
	sentAtMs: number[];
	bodyBytes: number;
	bodySha256: string;
	json?: unknown;
	form?: {
		fields: [name: string, value: string][];
		files: {
			field: string;
			fileName: string;
			contentType: string;
			bytes: number;
			sha256: string;
			/** The first 256 bytes. */
			head: Uint8Array;
		}[];
	};
	/** Of the answer; undefined while there is none. */
	status?: number;
	/** The answer was sent whole. */
	completed: boolean;
	/** The client left before the answer was whole. */
	closedEarly: boolean;
}

export function startRecord(request: IncomingMessage, url: URL): RecordedRequest {
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(request.headers)) {
		if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
	}
	return {
		method: request.method ?? '',
		path: url.pathname,
		query: url.searchParams,
		headers,
		receivedAtMs: performance.now(),
		sentAtMs: [],
		bodyBytes: 0,
		bodySha256: '',
		completed: false,
		closedEarly: false,
	};
}

export function recordForm(form: Form): NonNullable<RecordedRequest['form']> {
	return {
		fields: form.fields,
		files: form.files.map(({ field, fileName, contentType, bytes, sha256, head }) => ({
			field,
			fileName,
			contentType,
			bytes,
			sha256,
			head: new Uint8Array(head.subarray(0, 256)),
		})),
	};
}
