// Limits of a response body: size to the byte, idle timeout, deadline, and the failure for each.
import { describe, expect, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import type { ByteStream } from '../../../../nodes/shared/http/response/response-body.ts';
import {
	BodyHead,
	guardedBody,
	isAudio,
	isEventStream,
	isJson,
	MAX_ERROR_BODY_BYTES,
	readAll,
} from '../../../../nodes/shared/http/response/response-body.ts';
import { notAsDocumented, timedOut } from '../../../../nodes/shared/http/errors/failures.ts';
import { nowMs, onAbort, onceAfter } from '../../../../nodes/shared/http/clock.ts';
import { budgetOf } from '../budget-of.mts';
import { factsOf } from '../scripted-server.mts';

async function* pieces(...texts: (string | Promise<string>)[]) {
	for (const text of texts) yield Buffer.from(await text);
}

const read = async (texts: (string | Promise<string>)[], more: Record<string, unknown> = {}) =>
	(
		await readAll(
			guardedBody(pieces(...texts) as ByteStream, {
				operation: 'ask',
				idleMs: 1_000,
				budget: budgetOf(),
				maxBytes: 8,
				...more,
			}),
		)
	).toString();

const later = (ms: number, text: string) =>
	new Promise<string>((resolve) => setTimeout(resolve, ms, text));
const never = new Promise<string>(() => undefined);

describe('sizes', () => {
	test('the largest allowed body passes, one byte more does not', async () => {
		expect(await read(['1234', '5678'])).toBe('12345678');
		expect((await factsOf(read(['1234', '5678', '9']))).stage).toBe('ask.body-too-large');
	});
});

describe('the idle timeout', () => {
	test('is counted from one piece to the next, not from the beginning', async () => {
		const slowly = [later(120, 'a'), later(240, 'b'), later(360, 'c')];
		expect(await read(slowly, { idleMs: 250 })).toBe('abc');
	});

	test('is noticed after as long as was said, not later', async () => {
		const began = nowMs();
		const facts = await factsOf(read([later(100, 'a'), never], { idleMs: 200 }));
		expect(facts.stage).toBe('ask.body-stalled');
		expect(nowMs() - began).toBeGreaterThanOrEqual(250);
		expect(nowMs() - began).toBeLessThan(1_500);
	});

	test('is named in seconds', async () => {
		const facts = await factsOf(read(['a', never], { idleMs: 1_000, budget: budgetOf(9_000) }));
		expect(facts).toMatchObject({
			message: 'The server stopped sending for 1 seconds in the middle of its answer',
			hint: expect.stringContaining('status.mistral.ai'),
		});
	});

	test('a deadline that is over already is no time for anything', async () => {
		expect((await factsOf(read([never], { budget: budgetOf(-1) }))).stage).toBe('ask.timed-out');
	});

	test('a body that is given up on unread lets go of everything', async () => {
		const stop = new AbortController();
		const body = guardedBody(pieces('a', 'b') as ByteStream, {
			operation: 'ask',
			idleMs: 30,
			budget: budgetOf(10_000, stop.signal),
			maxBytes: 8,
		});
		for await (const _ of body) break;
		expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
	});
});

test.each([
	['too large', () => factsOf(read(['123456789']))],
	['timed out', async () => timedOut('ask').facts],
	['not as documented', async () => notAsDocumented('ask').facts],
])('%s: what happened, and what to do', async (_, facts) => {
	const { message, hint } = (await facts()) as { message: string; hint: string };
	expect(message).toMatch(/\w{3}/);
	expect(hint).toMatch(/\w{3}.*\.$/);
});

describe('the kind of a body', () => {
	test.each([
		['application/json', 'json'],
		['Application/JSON; charset=utf-8', 'json'],
		[' application/problem+json ', 'json'],
		['application/vnd.api.v1+json', 'json'],
		['application/jsonlines', ''],
		['text/json', ''],
		['x application/json', ''],
		['application/x y+json', ''],
		['text/event-stream', 'events'],
		[' TEXT/event-stream; charset=utf-8', 'events'],
		['x text/event-stream', ''],
		['audio/mpeg', 'audio'],
		[' Audio/wav', 'audio'],
		['application/octet-stream', 'audio'],
		['application/ogg', 'audio'],
		['application/oggy', ''],
		['x audio/wav', ''],
		['text/html', ''],
	])('%s: %s', (type, expected) => {
		const headers = { 'content-type': type };
		const kinds = [
			...(isJson(headers) ? ['json'] : []),
			...(isEventStream(headers) ? ['events'] : []),
			...(isAudio(headers) ? ['audio'] : []),
		];
		expect(kinds).toEqual(expected === '' ? [] : [expected]);
	});

	test('nothing said is no kind', () => {
		expect([isJson({}), isEventStream({}), isAudio({})]).toEqual([false, false, false]);
	});
});

describe('the beginning of a body', () => {
	const after = async (...texts: string[]) => {
		const beginning = new BodyHead(pieces(...texts));
		expect((await readAll(beginning)).toString()).toBe(texts.join(''));
		return beginning.text();
	};

	test('is remembered as long as it may be an error, to the byte', async () => {
		expect(await after('a', 'b')).toBe('ab');
		const most = 'x'.repeat(MAX_ERROR_BODY_BYTES);
		expect(await after(most)).toBe(most);
		expect(await after(most, 'y')).toBe('');
		expect(await after('a', most, 'b')).toBe('');
	});
});

describe('being called back', () => {
	test('at once, when it is too late already', () => {
		let calls = 0;
		onAbort(AbortSignal.abort(), () => calls++);
		expect(calls).toBe(1);
	});

	test('never, once it is no longer wanted', async () => {
		let calls = 0;
		const stop = new AbortController();
		onAbort(stop.signal, () => calls++)();
		onceAfter(5, () => calls++)();
		stop.abort();
		await later(30, '');
		expect(calls).toBe(0);
	});

	test('not yet, after a wait longer than any timer knows', async () => {
		let calls = 0;
		const forget = onceAfter(1e12, () => calls++);
		await later(20, '');
		forget();
		expect(calls).toBe(0);
	});
});
