// Types of a request as an endpoint sees it, and of its response.
import type { IncomingHttpHeaders } from 'node:http';
import { isObject } from './checks.mts';
import { malformed, type Form } from './multipart.mts';
import { ValidationError } from './errors.mts';
import type { ServerEvent } from './sse.mts';
import type { Headers } from './wire.mts';
import type { World } from './world.mts';

export interface Exchange {
	method: string;
	/** Without the base path prefix and the query. */
	path: string;
	params: Record<string, string>;
	query: URLSearchParams;
	headers: IncomingHttpHeaders;
	/** Parsed JSON body; undefined when there was none. */
	json: unknown;
	form: Form | undefined;
	/** When the last byte of the request was received, by `performance.now()`. */
	receivedAtMs: number;
	/** Aborted when the client disconnects. */
	signal: AbortSignal;
	world: World;
}

export type Answer =
	| { json: unknown; status?: number; headers?: Headers }
	| { bytes: Uint8Array; contentType: string; status?: number; headers?: Headers }
	| { events: AsyncIterable<ServerEvent>; headers?: Headers }
	| { status: 204 };

export interface Route {
	method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	/** Segments starting with `:` are parameters. */
	path: string;
	body?: 'json' | 'form';
	/** Counts against the concurrency limit of a latency profile. */
	metered?: true;
	/** Needs no API key, like signed URLs. */
	open?: true;
	handle: (exchange: Exchange) => Answer | Promise<Answer>;
}

export function param(exchange: Exchange, name: string): string {
	return exchange.params[name] ?? '';
}

export function formOf(exchange: Exchange): Form {
	if (!exchange.form) throw malformed('not multipart/form-data');
	return exchange.form;
}

/** A whole number from the query, or the default; outside its range is a validation problem. */
export function wholeNumber(
	query: URLSearchParams,
	name: string,
	fallback: number,
	limits: { min: number; max: number },
): number {
	const given = query.get(name);
	if (given === null) return fallback;
	const value = Number(given);
	const loc = ['query', name];
	if (!/^-?\d+$/.test(given)) {
		throw new ValidationError([
			{ type: 'int_parsing', loc, msg: 'Input should be a valid integer', input: given },
		]);
	}
	if (value < limits.min || value > limits.max) {
		const [type, msg] =
			value < limits.min
				? ['greater_than_equal', `Input should be greater than or equal to ${limits.min}`]
				: ['less_than_equal', `Input should be less than or equal to ${limits.max}`];
		throw new ValidationError([{ type, loc, msg, input: given }]);
	}
	return value;
}

/** The JSON-encoded `metadata` filter of list calls: every key must be present with that value. */
export function metadataFilter(query: URLSearchParams): (metadata: unknown) => boolean {
	const given = query.get('metadata');
	if (given === null) return () => true;
	let wanted: unknown;
	try {
		wanted = JSON.parse(given);
	} catch {
		wanted = undefined;
	}
	if (!isObject(wanted)) {
		throw new ValidationError([
			{ type: 'json_invalid', loc: ['query', 'metadata'], msg: 'Invalid JSON', input: given },
		]);
	}
	const entries = Object.entries(wanted);
	return (metadata) =>
		isObject(metadata) &&
		entries.every(([key, value]) => JSON.stringify(metadata[key]) === JSON.stringify(value));
}
