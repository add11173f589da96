// Events of a stream that says itself when it is over: whatever follows the end is still seen, but hardly waited for.
import { nowMs, onceAfter } from '../clock';
import type { ServerSentEvent } from './sse';

/** A server that keeps the connection after the end is not waited for longer than this. */
const AFTER_END_MS = 250;

/** Iterate it once, and call `end` when the event that closes the stream was among those that came. */
export class TerminatedEventStream implements AsyncIterable<ServerSentEvent> {
	private endMs: number | undefined;

	constructor(private readonly events: AsyncIterable<ServerSentEvent>) {}

	end(): void {
		this.endMs ??= nowMs();
	}

	async *[Symbol.asyncIterator](): AsyncGenerator<ServerSentEvent> {
		const events = this.events[Symbol.asyncIterator]();
		try {
			for (;;) {
				const { endMs } = this;
				const step =
					endMs === undefined
						? await events.next()
						: await nextSoon(events, endMs + AFTER_END_MS - nowMs());
				if (!step || step.done) return;
				yield step.value;
			}
		} finally {
			// Not waited for: an event may still be on its way.
			void events.return?.(undefined).catch(() => undefined);
		}
	}
}

/** The next event, or undefined when there is none within `ms`. */
async function nextSoon(
	events: AsyncIterator<ServerSentEvent>,
	ms: number,
): Promise<IteratorResult<ServerSentEvent> | undefined> {
	// Whatever happens to the connection now, all that was promised is there.
	const next = events.next().catch(() => undefined);
	let disarm: (() => void) | undefined;
	const late = new Promise<undefined>((resolve) => {
		disarm = onceAfter(ms, () => resolve(undefined));
	});
	const step = await Promise.race([next, late]);
	disarm?.();
	return step;
}
