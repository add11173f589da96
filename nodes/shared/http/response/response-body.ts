// Reads response bodies without trusting them: idle time, size, length and kind are all checked.
import { Failure } from '../../errors/failure';
import type { Budget } from '../budget';
import { nowMs, onAbort, onceAfter } from '../clock';
import { cancelled, stalled } from '../errors/failures';
import type { Headers } from '../retry';
import { parseJson } from './json';

/** What n8n's helper returns for `encoding: 'stream'`. */
export type ByteStream = AsyncIterable<Uint8Array> & { destroy?(error?: Error): unknown };

export interface BodyLimits {
	readonly operation: string;
	/** Idle timeout: longest silence between two chunks. */
	readonly idleMs: number;
	/** Its deadline and its signal end reading. */
	readonly budget: Budget;
	/** Bytes after decompression. */
	readonly maxBytes: number;
	/** Called when all of it has come. */
	readonly onEnd?: () => void;
}

/** More of an error body than this is not read. */
export const MAX_ERROR_BODY_BYTES = 64 * 1024;

/**
 * The chunks of a body. The stream is destroyed however reading ends, so that no socket outlives it.
 *
 * Whether it is as long as announced is for Node to see, and it does: here an answer that was
 * compressed on the way has been unpacked already, and may be longer or shorter than its length says.
 *
 * @throws Failure `body-stalled`, `timed-out`, `body-too-large`, `cancelled`
 */
export async function* guardedBody(
	stream: ByteStream,
	limits: BodyLimits,
): AsyncGenerator<Uint8Array> {
	const { operation, maxBytes } = limits;
	const iterator = stream[Symbol.asyncIterator]();
	const watch = new IdleWatchdog(limits);
	let received = 0;
	try {
		for (;;) {
			const step = await watch.during(iterator.next());
			if (step.done) return limits.onEnd?.();
			received += step.value.length;
			if (received > maxBytes) {
				throw new Failure({
					stage: `${operation}.body-too-large`,
					message: 'The answer is larger than this node accepts',
					hint: 'Ask for less in one item, for example a shorter text or recording.',
				});
			}
			yield step.value;
		}
	} finally {
		watch.stop();
		stream.destroy?.();
	}
}

/**
 * Idle timeout and deadline of a body. One timer at a time for a
 * whole body, not one a chunk; time the consumer takes between two reads does not count as silence.
 */
class IdleWatchdog {
	private sinceMs = nowMs();

	private reading = false;

	private readonly gaveUp: Promise<never>;

	private disarm: () => void = () => undefined;

	private ignoreCancel: () => void = () => undefined;

	constructor(private readonly limits: BodyLimits) {
		this.gaveUp = new Promise((_, reject) => {
			this.arm(reject);
			this.ignoreCancel = onAbort(limits.budget.signal, () => reject(cancelled(limits.operation)));
		});
		this.gaveUp.catch(() => undefined);
	}

	async during<T>(read: Promise<T>): Promise<T> {
		this.sinceMs = nowMs();
		this.reading = true;
		try {
			return await Promise.race([read, this.gaveUp]);
		} finally {
			this.reading = false;
		}
	}

	stop(): void {
		this.disarm();
		this.ignoreCancel();
	}

	private arm(reject: (reason: Failure) => void): void {
		const { operation, idleMs, budget } = this.limits;
		const now = nowMs();
		if (now >= budget.deadlineMs) return reject(budget.timedOut(operation));
		const silentMs = this.reading ? now - this.sinceMs : 0;
		if (silentMs >= idleMs) return reject(stalled(operation, idleMs));
		const waitMs = Math.min(idleMs - silentMs, budget.deadlineMs - now);
		this.disarm = onceAfter(waitMs, () => this.arm(reject));
	}
}

/** Passes a body on and keeps its head, to recognise an error body that came with status 200. */
export class BodyHead implements AsyncIterable<Uint8Array> {
	private readonly pieces: Uint8Array[] = [];

	private length = 0;

	constructor(private readonly body: AsyncIterable<Uint8Array>) {}

	async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
		for await (const piece of this.body) {
			if (this.length < MAX_ERROR_BODY_BYTES) this.pieces.push(piece);
			this.length += piece.length;
			yield piece;
		}
	}

	text(): string {
		return this.length > MAX_ERROR_BODY_BYTES ? '' : Buffer.concat(this.pieces).toString('utf8');
	}
}

/** A whole body as one buffer. */
export async function readAll(bytes: AsyncIterable<Uint8Array>): Promise<Buffer> {
	const pieces: Uint8Array[] = [];
	for await (const piece of bytes) pieces.push(piece);
	return Buffer.concat(pieces);
}

export function isJson(headers: Headers): boolean {
	return /^application\/([\w.+-]+\+)?json\b/i.test(headers['content-type']?.trim() ?? '');
}

export function isEventStream(headers: Headers): boolean {
	return /^text\/event-stream\b/i.test(headers['content-type']?.trim() ?? '');
}

export function isAudio(headers: Headers): boolean {
	return /^(audio\/|application\/(octet-stream|ogg)\b)/i.test(
		headers['content-type']?.trim() ?? '',
	);
}

/** The value of a JSON reply; undefined when it is none. */
export async function readJson({
	headers,
	body,
}: {
	readonly headers: Headers;
	readonly body: AsyncIterable<Uint8Array>;
}): Promise<unknown> {
	const bytes = await readAll(body);
	return isJson(headers) ? parseJson(bytes.toString('utf8')) : undefined;
}
