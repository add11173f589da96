// Records every request, exactly enough to compare uploads byte by byte.
import type { IncomingMessage } from 'node:http';
import type { Form } from './multipart.mts';

export interface RecordedRequest {
	method: string;
	/** As received, with the base path prefix, without the query. */
	path: string;
	query: URLSearchParams;
	headers: Record<string, string>;
	/** By `performance.now()`. */
	receivedAtMs: number;
	/** When the last byte of the body was received; undefined before. */
	bodyReceivedAtMs?: number;
	/** When each event of a streamed response was sent, or the body of a whole one. */
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
	/** Status of the response; undefined before. */
	status?: number;
	/** The response was sent completely. */
	completed: boolean;
	/** The client disconnected before the response was complete. */
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
