// Server-sent events as Mistral writes them (WHATWG format: `event:` and `data:` lines, blank line),
// and the faults of a stream.
import type { EventFault } from './faults.mts';

export interface ServerEvent {
	/** Absent on chat streams, which are data-only. */
	event?: string;
	/** A string is sent unchanged (`[DONE]`), the rest as JSON. */
	data: unknown;
}

/** An event whose name is also its `type`, the form of every stream but chat. */
export function typed(type: string, fields: Record<string, unknown>): ServerEvent {
	return { event: type, data: { type, ...fields } };
}

export function formatEvent(event: ServerEvent, fault: EventFault = {}): string {
	const end = fault.lineEnding ?? '\n';
	const payload =
		typeof event.data === 'string'
			? event.data
			: JSON.stringify(event.data, null, fault.multiLine ? 1 : undefined);
	const lines = payload.split('\n').map((line) => `data: ${line}`);
	if (event.event !== undefined) lines.unshift(`event: ${event.event}`);
	if (fault.noise) {
		lines.unshift(': keep-alive', 'retry: 3000', 'unknown-field: x');
		lines.push('id');
	}
	return `${lines.join(end)}${end}${end}`;
}

export interface StreamStep {
	text: string;
	then?: 'end' | 'reset' | 'stall';
}

/** The text of each event in order, with the fault applied. */
export async function* formatStream(
	events: AsyncIterable<ServerEvent>,
	fault: EventFault = {},
): AsyncGenerator<StreamStep> {
	let sent = 0;
	let held: string | undefined;
	for await (const event of bend(events, fault)) {
		const bom = sent === 0 && fault.byteOrderMark ? '\u{feff}' : '';
		const text = bom + formatEvent(event, fault);
		if (held !== undefined) yield { text: held };
		held = undefined;
		sent += 1;
		if (fault.after && sent >= fault.after.events) {
			yield { text, then: fault.after.then };
			return;
		}
		if (fault.unterminated) held = text;
		else yield { text };
	}
	if (held !== undefined) yield { text: held.replace(/(\r\n|\r|\n)\1$/, '$1') };
	if (fault.staysOpen) yield { text: '', then: 'stall' };
}

async function* bend(
	events: AsyncIterable<ServerEvent>,
	fault: EventFault,
): AsyncGenerator<ServerEvent> {
	const inserted = new Set<number>();
	const insert = function* (before: string) {
		for (const [index, item] of (fault.insert ?? []).entries()) {
			if (item.before !== before || inserted.has(index)) continue;
			inserted.add(index);
			yield item.event;
		}
	};
	let again: ServerEvent | undefined;
	for await (const event of fault.reverse ? reversed(events) : events) {
		const type = typeOf(event);
		if (type === fault.again) again ??= event;
		yield* insert(type);
		if (fault.drop?.includes(type)) continue;
		const damaged = fault.audio ? damageAudio(event, fault.audio) : event;
		yield damaged;
		if (fault.duplicate?.includes(type)) yield damaged;
	}
	yield* insert('end');
	if (again) yield again;
}

async function* reversed(events: AsyncIterable<ServerEvent>): AsyncGenerator<ServerEvent> {
	const all: ServerEvent[] = [];
	for await (const event of events) all.push(event);
	yield* all.reverse();
}

/** `[DONE]` and the data-only chat chunks are named `[DONE]` and `chunk`. */
function typeOf(event: ServerEvent): string {
	return event.event ?? (typeof event.data === 'string' ? event.data : 'chunk');
}

function damageAudio(event: ServerEvent, damage: 'not-base64' | 'odd-length'): ServerEvent {
	const data = event.data as { audio_data?: unknown };
	if (typeof data.audio_data !== 'string') return event;
	const bytes = Buffer.from(data.audio_data, 'base64');
	const audio_data =
		damage === 'not-base64' ? '%%% not base64 %%%' : bytes.subarray(0, -1).toString('base64');
	return { ...event, data: { ...data, audio_data } };
}
