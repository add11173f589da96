// Writes one response to the socket, intact or with the fault applied.
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Fault } from './faults.mts';

export type Headers = Record<string, string | string[]>;

export class Wire {
	readonly #response: ServerResponse;
	readonly #fault: Fault;
	readonly #signal: AbortSignal;
	#sentBytes = 0;
	#stopped = false;

	constructor(response: ServerResponse, fault: Fault | undefined, signal: AbortSignal) {
		this.#response = response;
		this.#fault = fault ?? {};
		this.#signal = signal;
	}

	/** False once the response was cut or the client disconnected: nothing more needs to be generated. */
	get open(): boolean {
		return !this.#stopped && !this.#signal.aborted;
	}

	/** `length` in bytes when known beforehand. */
	async begin(status: number, headers: Headers, length?: number): Promise<void> {
		const fault = this.#fault;
		const response = this.#response;
		if (fault.earlyHints) response.writeEarlyHints({ link: '</early>; rel=preload' });
		if (fault.http10) this.#speakOldHttp();
		if (fault.framing === 'until-close' || fault.http10) {
			response.useChunkedEncodingByDefault = false;
			response.setHeader('connection', 'close');
		} else if (length !== undefined && fault.framing !== 'chunked') {
			response.setHeader('content-length', length + (fault.contentLengthError ?? 0));
		}
		for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
		if (fault.contentType !== undefined) response.setHeader('content-type', fault.contentType);
		response.writeHead(status);
		response.flushHeaders();
		if (fault.reset === 'after-headers') {
			await this.#flushed();
			await this.#reset();
		}
		await this.#stopAt(0);
	}

	async write(bytes: Uint8Array): Promise<void> {
		const { sliceBytes, sliceEveryMs = 0, sliceFirstBytes = Infinity } = this.#fault;
		for (let at = 0; at < bytes.length && this.open; ) {
			const isSliced = sliceBytes !== undefined && this.#sentBytes < sliceFirstBytes;
			const step = isSliced ? sliceBytes : bytes.length - at;
			await this.#writeOnce(bytes.subarray(at, at + step));
			at += step;
			if (isSliced) await this.#pause(sliceEveryMs);
		}
	}

	async end(): Promise<void> {
		if (!this.open) return;
		this.#stopped = true;
		const { contentLengthError = 0 } = this.#fault;
		if (contentLengthError !== 0) {
			await this.#flushed();
			this.#response.socket?.end();
		} else {
			this.#response.end();
		}
	}

	async reset(): Promise<void> {
		await this.#flushed();
		await this.#reset();
	}

	async stall(): Promise<void> {
		this.#stopped = true;
		if (!this.#signal.aborted) await once(this.#signal, 'abort');
	}

	/** Ends the response here, as if it were complete. */
	close(): void {
		this.#stopped = true;
		this.#response.end();
	}

	async #writeOnce(bytes: Uint8Array): Promise<void> {
		const stop = this.#nextStop();
		const part =
			stop === undefined ? bytes : bytes.subarray(0, Math.max(0, stop - this.#sentBytes));
		this.#sentBytes += part.length;
		if (part.length > 0 && !this.#response.write(part)) await this.#drained();
		await this.#stopAt(this.#sentBytes);
	}

	/** Node always writes HTTP/1.1, so the status line is rewritten. */
	#speakOldHttp(): void {
		const { socket } = this.#response;
		if (!socket) return;
		const write = socket.write.bind(socket) as (...args: unknown[]) => boolean;
		socket.write = (chunk: unknown, ...rest: unknown[]) => {
			socket.write = write;
			const head = Buffer.from(chunk as string, 'latin1').toString('latin1');
			return write(Buffer.from(head.replace(/^HTTP\/1\.1/, 'HTTP/1.0'), 'latin1'), ...rest);
		};
	}

	#nextStop(): number | undefined {
		const stops = [
			this.#fault.resetAfterBytes,
			this.#fault.closeAfterBytes,
			this.#fault.stallAfterBytes,
		].filter((stop) => stop !== undefined);
		return stops.length > 0 ? Math.min(...stops) : undefined;
	}

	async #stopAt(sentBytes: number): Promise<void> {
		const { resetAfterBytes, closeAfterBytes, stallAfterBytes } = this.#fault;
		if (resetAfterBytes !== undefined && sentBytes >= resetAfterBytes) await this.reset();
		else if (closeAfterBytes !== undefined && sentBytes >= closeAfterBytes) {
			this.#stopped = true;
			await this.#flushed();
			this.#response.socket?.end();
		} else if (stallAfterBytes !== undefined && sentBytes >= stallAfterBytes) await this.stall();
	}

	async #reset(): Promise<void> {
		this.#stopped = true;
		this.#response.socket?.resetAndDestroy();
	}

	/** Resolves when written bytes are with the kernel, so that a reset does not discard them. */
	async #flushed(): Promise<void> {
		await new Promise<void>((resolve) => setImmediate(resolve));
		const socket = this.#response.socket;
		if (socket && socket.writableLength > 0 && !this.#signal.aborted) await this.#drained();
		await this.#pause(5);
	}

	async #drained(): Promise<void> {
		await Promise.race([
			once(this.#response, 'drain').catch(() => undefined),
			this.#signal.aborted ? undefined : once(this.#signal, 'abort'),
		]);
	}

	async #pause(ms: number): Promise<void> {
		await new Promise<void>((resolve) =>
			ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve),
		);
	}
}
