// TriggerStream: chunks to the caller of a streaming trigger, with one begin, in order, with an end only after a begin.
import { describe, expect, test } from '@jest/globals';
import type { IExecuteFunctions } from 'n8n-workflow';
import {
	isStreaming,
	listensToAudio,
	TriggerStream,
} from '../../../nodes/shared/execution/trigger-stream.ts';

function listened(sendChunk?: (type: string) => unknown) {
	const sent: unknown[][] = [];
	const context = {
		sendChunk: (...chunk: unknown[]) => {
			sent.push(chunk);
			return sendChunk?.(String(chunk[0]));
		},
	};
	return { sent, stream: new TriggerStream(context as unknown as IExecuteFunctions, 7) };
}

describe('chunks', () => {
	test('begin is sent at once and only once', () => {
		const { sent, stream } = listened();
		stream.begin();
		stream.begin();
		expect(sent).toEqual([['begin', 7, undefined]]);
	});

	test('the first item sends begin if that is missing', async () => {
		const { sent, stream } = listened();
		stream.send('Hi.');
		stream.send({ type: 'audio' });
		await stream.drained();
		expect(sent).toEqual([
			['begin', 7, undefined],
			['item', 7, 'Hi.'],
			['item', 7, { type: 'audio' }],
		]);
		await stream.end();
		expect(sent[3]).toEqual(['end', 7, undefined]);
	});

	test('no end is sent without a begin', async () => {
		const { sent, stream } = listened();
		await stream.drained();
		await stream.end();
		expect(sent).toEqual([]);
	});

	test('end and drained wait for the chunks before them', async () => {
		let release = () => {};
		const slow = new Promise<void>((resolve) => (release = resolve));
		const { sent, stream } = listened(async (type) => {
			if (type === 'item') await slow;
		});
		const reached: string[] = [];
		stream.send('Hi.');
		const drained = stream.drained().then(() => reached.push('drained'));
		const ended = stream.end().then(() => reached.push('ended'));
		await new Promise((resolve) => setTimeout(resolve, 5));
		expect(sent.map(([type]) => type)).toEqual(['begin', 'item']);
		expect(reached).toEqual([]);
		release();
		await Promise.all([drained, ended]);
		expect(sent.map(([type]) => type)).toEqual(['begin', 'item', 'end']);
		expect(reached).toEqual(['drained', 'ended']);
	});

	test.each(['begin', 'item', 'end'])(
		'a caller who disconnects before %s causes no error',
		async (gone) => {
			const { sent, stream } = listened((type) => {
				if (type === gone) throw new Error('gone');
			});
			stream.send('Hi.');
			await stream.end();
			expect(sent.map(([type]) => type)).toEqual(['begin', 'item', 'end']);
		},
	);
});

describe('the end after a turn', () => {
	const failing = async () => await Promise.reject(new Error('no answer'));

	test('comes with its success, once everything has left, whatever follows a failure', async () => {
		for (const goesOn of [true, false]) {
			const { sent, stream } = listened();
			const value = await stream.endAfter(async () => {
				stream.send('Hi.');
				return 'done';
			}, goesOn);
			expect(value).toBe('done');
			expect(sent.map(([type]) => type)).toEqual(['begin', 'item', 'end']);
		}
	});

	test('comes after a failure when the workflow goes on', async () => {
		const { sent, stream } = listened();
		stream.begin();
		await expect(stream.endAfter(failing, true)).rejects.toThrow('no answer');
		expect(sent.map(([type]) => type)).toEqual(['begin', 'end']);
	});

	test('is left to n8n after a failure that ends the workflow, with everything drained', async () => {
		let left = false;
		const { sent, stream } = listened(async () => {
			await new Promise((resolve) => setTimeout(resolve, 5));
			left = true;
		});
		stream.begin();
		await expect(stream.endAfter(failing, false)).rejects.toThrow('no answer');
		expect(sent.map(([type]) => type)).toEqual(['begin']);
		expect(left).toBe(true);
	});

	test.each([true, false])(
		'follows "continue on fail" (%j) of the node by itself',
		async (goesOn) => {
			const sent: string[] = [];
			const context = {
				continueOnFail: () => goesOn,
				sendChunk: (type: string) => void sent.push(type),
			} as unknown as IExecuteFunctions;
			const stream = new TriggerStream(context, 0);
			stream.begin();
			await expect(stream.endAfter(failing)).rejects.toThrow('no answer');
			expect(sent).toEqual(goesOn ? ['begin', 'end'] : ['begin']);
		},
	);

	test.each([true, false])(
		'of what never began does not come, success or failure (%j)',
		async (goesOn) => {
			const { sent, stream } = listened();
			await stream.endAfter(async () => 'quiet', goesOn);
			await expect(stream.endAfter(failing, goesOn)).rejects.toThrow('no answer');
			expect(sent).toEqual([]);
		},
	);
});

describe('who listens', () => {
	const context = (facts: { streaming?: unknown; mode?: string; parents?: string[] }) =>
		({
			...('streaming' in facts ? { isStreaming: () => facts.streaming } : {}),
			getMode: () => facts.mode ?? 'webhook',
			getNode: () => ({ name: 'Speak' }),
			getParentNodes: (name: string) =>
				name === 'Speak' ? (facts.parents ?? []).map((type) => ({ type })) : [],
		}) as unknown as IExecuteFunctions;

	test.each([
		[{}, false],
		[{ streaming: false }, false],
		[{ streaming: undefined }, false],
		[{ streaming: true }, true],
	])('the response of a trigger %j is streamed: %j', (facts, streams) => {
		expect(isStreaming(context(facts))).toBe(streams);
		expect(listensToAudio(context(facts))).toBe(streams);
	});

	test.each([
		[['@n8n/n8n-nodes-langchain.chatTrigger'], false],
		[['n8n-nodes-base.webhook', 'x.ChatTrigger'], false],
		[['x.chatTrigger', 'x.webhook'], false],
		[['x.chatTriggerTool'], true],
		[['x.webhook'], true],
	])('audio chunks are sent to a caller of %j: %j', (parents, listens) => {
		expect(listensToAudio(context({ streaming: true, parents }))).toBe(listens);
	});

	test('audio chunks are never sent to a chat', () => {
		expect(listensToAudio(context({ streaming: true, mode: 'chat' }))).toBe(false);
		expect(listensToAudio(context({ streaming: false, mode: 'chat' }))).toBe(false);
	});
});
