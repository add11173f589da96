// What servers say on the way: errors within a stream without anything private, refusals that no wait changes, and a stop of one's own.
import { describe, expect, test } from '@jest/globals';
import { getEventListeners } from 'node:events';
import { readChatStream } from '../../../nodes/shared/mistral/answer-chat.ts';
import { readConversationStream } from '../../../nodes/shared/mistral/conversation-stream.ts';
import type { Reply } from '../../../nodes/shared/mistral/request.ts';
import { RetryBudget } from '../../../nodes/shared/mistral/retry.ts';
import { readSpeechStream } from '../../../nodes/shared/mistral/speech-stream.ts';
import { readServerSentEvents } from '../../../nodes/shared/mistral/sse.ts';
import { readTranscriptionStream } from '../../../nodes/shared/mistral/transcriptions-stream.ts';
import { Transport } from '../../../nodes/shared/mistral/transport.ts';
import { factsOf, json, KEY, POST, QUICK, server } from './scriptedServer.mts';

const ignore = () => undefined;
const events = ({ body }: Reply) => readServerSentEvents(body, 1_000_000);

describe('an error within a stream', () => {
	const readers: Record<string, (reply: Reply) => Promise<unknown>> = {
		'a conversation': async (reply) => await readConversationStream(events(reply), 'ask', ignore),
		chat: async (reply) => await readChatStream(events(reply), 'ask', ignore),
		speech: async (reply) => await readSpeechStream(reply, 'speak', undefined),
		'a transcription': async (reply) =>
			await readTranscriptionStream(reply, 'transcribe', ignore, ignore),
	};
	const told = async (read: (reply: Reply) => Promise<unknown>, data: object, inputs: string) => {
		const body = [`event: error\ndata: ${JSON.stringify(data)}\n\n`];
		const { transport } = server([{ headers: { 'content-type': 'text/event-stream' }, body }]);
		return await factsOf(transport.send({ ...POST, body: () => ({ inputs }) }, read));
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

		test('a flood of words is cut, a code that is none of ours is concealed', async () => {
			const said = { object: 'error', message: 'word '.repeat(10_000), code: 'my secret' };
			const facts = await told(read, said, 'my secret');
			expect(String(facts.hint).length).toBeLessThan(600);
			expect(facts.code).toBe('[your text]');
		});
	});
});

describe('a limit that no wait changes', () => {
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
		const { transport, requests } = server([json(body, 429, headers), json({ ok: true })]);
		const outcome = transport.json(POST, (value) => value);
		if (isFinal) {
			expect(await factsOf(outcome)).toMatchObject({ stage: 'speak.no-allowance', attempts: 1 });
		} else {
			expect(await outcome).toMatchObject({ attempts: 2 });
		}
		expect(requests).toHaveLength(isFinal ? 1 : 2);
	});

	test('says nothing about trouble of another kind', async () => {
		const trouble = json({}, 503, { 'x-ratelimit-limit-req-minute': '0' });
		const { transport } = server([trouble, json({ ok: true })]);
		expect(await transport.json(POST, (value) => value)).toMatchObject({ attempts: 2 });
	});
});

describe('a stop of its own', () => {
	test('reaches the request itself, beside that of the execution', async () => {
		const [execution, own] = [new AbortController(), new AbortController()];
		const { context, log } = server([json(1)], { cancel: execution.signal });
		const stage = new Transport(context, 'talk', 0, new RetryBudget(), QUICK).forStage(
			'speak',
			own.signal,
		);
		await stage.json(POST, (value) => value);
		const [sender] = log.receiver as [typeof context & { getExecutionCancelSignal(): AbortSignal }];
		expect(sender.helpers).toBe(context.helpers);
		const seen = sender.getExecutionCancelSignal() as AbortSignal;
		expect(seen.aborted).toBe(false);
		own.abort();
		expect(seen.aborted).toBe(true);
		expect(getEventListeners(execution.signal, 'abort')).toHaveLength(0);
	});

	test('leaves the context of all others as it is', async () => {
		const execution = new AbortController();
		const { transport, context, log } = server([json(1)], { cancel: execution.signal });
		transport.forStage('speak', AbortSignal.abort());
		await transport.json(POST, (value) => value);
		expect((log.receiver as unknown[])[0]).toBe(context);
	});
});
