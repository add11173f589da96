// Responses of a fault in place of an endpoint.
import { gzipSync } from 'node:zlib';
import { plainBody } from './errors.mts';
import type { Answer } from './exchange.mts';
import type { Fault } from './faults.mts';
import type { RecordedRequest } from './recorder.mts';

const bombs = new Map<number, Buffer>();

/** Compressed once, since that is slow. */
function bomb(bytes: number): Buffer {
	const packed = bombs.get(bytes) ?? gzipSync(`{"text":"${'0'.repeat(bytes)}"}`);
	bombs.set(bytes, packed);
	return packed;
}

export function faultAnswer(fault: Fault, record: RecordedRequest): Answer {
	const headers = { ...fault.headers };
	if (fault.redirectTo !== undefined) {
		return {
			status: fault.status ?? 307,
			bytes: Buffer.alloc(0),
			contentType: 'text/html',
			headers: { ...headers, location: fault.redirectTo },
		};
	}
	const status = fault.status ?? (fault.echoKey ? 400 : 200);
	if (fault.gzipBombBytes !== undefined) {
		return {
			status,
			bytes: bomb(fault.gzipBombBytes),
			contentType: 'application/json',
			headers: { ...headers, 'content-encoding': 'gzip' },
		};
	}
	if (fault.hugeJsonBytes !== undefined) {
		const bytes = Buffer.alloc(fault.hugeJsonBytes, 'x');
		bytes.write('{"text":"');
		bytes.write('"}', bytes.length - 2);
		return { status, bytes, contentType: 'application/json', headers };
	}
	if (fault.echoKey) {
		const header = String(record.headers['authorization'] ?? record.headers['x-api-key'] ?? '');
		const shown = fault.echoKey === true ? header : Buffer.from(header).toString(fault.echoKey);
		return {
			status,
			json: plainBody(status, `Unexpected header Authorization: ${shown}`),
			headers,
		};
	}
	const { body = '' } = fault;
	if (typeof body === 'string' || body instanceof Uint8Array) {
		const contentType = fault.contentType ?? 'text/plain; charset=utf-8';
		return { status, bytes: Buffer.from(body as string), contentType, headers };
	}
	return { status, json: body, headers };
}
