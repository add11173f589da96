// Error events within a stream are redacted, a 429 without any allowance is not retried, and the abort signal closes the connection.
import { describe, expect, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { readChatStream } from '../../../nodes/shared/mistral/chat/chat-answer.ts';
import { readConversationStream } from '../../../nodes/shared/mistral/conversations/conversation-stream.ts';
import type { HttpReply } from '../../../nodes/shared/http/request.ts';
import { readSpeechStream } from '../../../nodes/shared/mistral/speech/speech-stream.ts';
import { readServerSentEvents } from '../../../nodes/shared/http/response/sse.ts';
import { readTranscriptionStream } from '../../../nodes/shared/mistral/transcriptions/transcription-stream.ts';
import type { Answer } from './scripted-server.mts';
import { factsOf, json, KEY, POST, server } from './scripted-server.mts';

const ignore = () => undefined;
const events = ({ body }: HttpReply) => readServerSentEvents(body, 1_000_000);

describe('an error within a stream', () => {
	const readers: Record<string, (reply: HttpReply) => Promise<unknown>> = {
		'a conversation': async (reply) => await readConversationStream(events(reply), 'ask', ignore),
		chat: async (reply) => await readChatStream(events(reply), 'ask', ignore),
		speech: async (reply) => await readSpeechStream(reply, 'speak', undefined),
		'a transcription': async (reply) =>
			await readTranscriptionStream(events(reply), 'transcribe', ignore, ignore),
	};
	const told = async (
		read: (reply: HttpReply) => Promise<unknown>,
		data: object,
		inputs: string,
	) => {
		const body = [`event: error\ndata: ${JSON.stringify(data)}\n\n`];
		const { client } = server([{ headers: { 'content-type': 'text/event-stream' }, body }]);
		return await factsOf(client.send({ ...POST, body: () => ({ inputs }) }, read));
	};

	describe.each(Object.entries(readers))('%s', (_, read) => {
		test.each([
			['as Mistral words it', (said: object) => ({ object: 'error', ...said })],
			['as others do', (said: object) => ({ error: said })],
		])('%s: its words without what was sent, its code, our advice', async (__, wrap) => {
			const said = wrap({ message: `No "4711" with ${KEY}.`, code: 3000 });
			const facts = await told(read, said, '4711');
			expect(facts.hint).toMatch(/^Mistral says: No "\[your text\]" with \[key\]\. \w/);
			expect(facts.hint).toMatch(/ Run the workflow again|in the details of the error/);
			expect(facts.code).toBe('3000');
			expect(JSON.stringify(facts)).not.toMatch(/4711|Zq7canary|errorEvent/);
		});

		test('a long message is cut, a code that repeats what was sent is redacted', async () => {
			const said = { object: 'error', message: 'word '.repeat(10_000), code: 'my secret' };
			const facts = await told(read, said, 'my secret');
			expect(String(facts.hint).length).toBeLessThan(600);
			expect(facts.code).toBe('[your text]');
		});

		test('an error event of more than 64 KB is not shown', async () => {
			const said = { object: 'error', message: 'word '.repeat(100_000), code: 'x' };
			const facts = await told(read, said, 'my secret');
			expect(facts.hint).not.toContain('word');
			expect(facts.code).toBeUndefined();
		});
	});
});

describe('a 429 that no wait changes is not retried', () => {
	test.each<[string, Record<string, string>, object, boolean]>([
		['no requests', { 'x-ratelimit-limit-req-minute': '0' }, {}, true],
		['no tokens', { 'x-ratelimit-limit-tokens-minute': '0' }, {}, true],
		['no audio', { 'x-ratelimit-limit-audio-seconds-minute': '0' }, {}, true],
		['no characters', { 'x-ratelimit-limit-input-characters-minute': ' 0 ' }, {}, true],
		['a month used up', { 'x-ratelimit-remaining-tokens-month': '0' }, {}, true],
		['an account used up', {}, { error: { code: 'insufficient_quota' } }, true],
		['an account used up, as a type', {}, { error: { type: 'insufficient_quota' } }, true],
		['a minute used up', { 'x-ratelimit-remaining-req-minute': '0' }, {}, false],
		['a month not used up', { 'x-ratelimit-remaining-tokens-month': '10' }, {}, false],
		['too many at once', {}, { code: '1300', type: 'rate_limited' }, false],
		['no capacity just now', {}, { code: '3505' }, false],
	])('%s', async (_, headers, body, isFinal) => {
		const { client, requests } = server([json(body, 429, headers), json({ ok: true })]);
		const outcome = client.json(POST, (value) => value);
		if (isFinal) {
			expect(await factsOf(outcome)).toMatchObject({ stage: 'speak.no-allowance', attempts: 1 });
		} else {
			expect(await outcome).toMatchObject({ attempts: 2 });
		}
		expect(requests).toHaveLength(isFinal ? 1 : 2);
	});

	test('headers of an allowance change nothing about a 503', async () => {
		const trouble = json({}, 503, { 'x-ratelimit-limit-req-minute': '0' });
		const { client } = server([trouble, json({ ok: true })]);
		expect(await client.json(POST, (value) => value)).toMatchObject({ attempts: 2 });
	});
});

describe('the abort signal given to n8n', () => {
	const seen = ({ log }: ReturnType<typeof server>) => {
		const [sender] = log.receiver as [{ getExecutionCancelSignal(): AbortSignal }];
		return sender.getExecutionCancelSignal();
	};
	const never = new Promise<string>(() => undefined);
	const silent: Answer = { headers: { 'content-type': 'application/json' }, body: ['{', never] };

	test('is given with the context that sends it', async () => {
		const mistral = server([json(1)]);
		await mistral.client.json(POST, (value) => value);
		const [sender] = mistral.log.receiver as [typeof mistral.context];
		expect(sender.helpers).toBe(mistral.context.helpers);
		expect(sender).not.toBe(mistral.context);
	});

	test('is not aborted after a complete response', async () => {
		const mistral = server([json(1)]);
		await mistral.client.json(POST, (value) => value);
		expect(seen(mistral).aborted).toBe(false);
	});

	test.each<[string, Answer, object]>([
		['falls silent', silent, { idleMs: 50 }],
		['never comes', { after: never }, { firstByteMs: 50 }],
		['takes too long', silent, { timeoutMs: 400 }],
		['is too large', json('x'.repeat(100)), { maxBytes: 10 }],
	])('closes the connection of one that %s', async (_, answer, more) => {
		const mistral = server([answer]);
		const request = { ...POST, ...more };
		await factsOf(mistral.client.json(request, (value) => value));
		expect(seen(mistral).aborted).toBe(true);
	});

	test('closes the connection of one that nobody reads to its end', async () => {
		const mistral = server([silent]);
		await mistral.client.send(POST, async () => 'enough');
		expect(seen(mistral).aborted).toBe(true);
	});

	test.each([
		['the execution', 'execution'],
		['what the request belongs to', 'own'],
	] as const)('follows the stop of %s, and forgets it afterwards', async (_, which) => {
		const stops = { execution: new AbortController(), own: new AbortController() };
		const mistral = server([silent], { cancel: stops.execution.signal });
		const stage = mistral.client.forStage('speak', mistral.client.budget.with(stops.own.signal));
		const facts = factsOf(stage.json(POST, (value) => value));
		await new Promise((resolve) => setTimeout(resolve, 20));
		expect(seen(mistral).aborted).toBe(false);
		stops[which].abort();
		expect(seen(mistral).aborted).toBe(true);
		expect(await facts).toMatchObject({ stage: 'speak.cancelled' });
		expect(getEventListeners(stops.execution.signal, 'abort')).toHaveLength(0);
	});
});
