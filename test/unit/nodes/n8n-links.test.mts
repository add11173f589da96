// What Speak asks of n8n about itself: who listens, whether it is a tool, hints, and links to its files.
import { describe, expect, test } from '@jest/globals';
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { addHint } from '../../../nodes/shared/execution/output-hints.ts';
import { listensToAudio, TriggerStream } from '../../../nodes/shared/execution/trigger-stream.ts';
import { isAgentTool, linkTo } from '../../../nodes/VoxtralSpeak/n8n-links.ts';

interface Facts {
	streaming?: boolean;
	mode?: string;
	parents?: string[];
	type?: string;
	tool?: boolean;
}

const context = ({
	streaming,
	mode = 'webhook',
	parents = [],
	type = 'x.voxtralSpeak',
	tool,
}: Facts = {}) =>
	({
		...(streaming === undefined ? {} : { isStreaming: () => streaming }),
		...(tool === undefined ? {} : { isToolExecution: () => tool }),
		getMode: () => mode,
		getNode: () => ({ name: 'Speak', type }),
		getParentNodes: () => parents.map((parent) => ({ type: parent })),
		helpers: { createBinarySignedUrl: () => 'https://n8n.example/file?token=1' },
	}) as unknown as IExecuteFunctions;

test.each<[string, Facts, boolean]>([
	['an n8n that cannot stream', {}, false],
	['a trigger that does not stream', { streaming: false }, false],
	['a streaming webhook', { streaming: true, parents: ['n8n-nodes-base.webhook'] }, true],
	[
		'a chat window',
		{ streaming: true, parents: ['x.mistralAgent', '@n8n/n8n-nodes-langchain.chatTrigger'] },
		false,
	],
	['the chat hub', { streaming: true, mode: 'chat' }, false],
])('live audio for %s: %j', (_, facts, listens) => {
	expect(listensToAudio(context(facts))).toBe(listens);
});

test('a tool execution is detected in every n8n version', () => {
	expect(
		[{ tool: true }, { tool: false }, {}, { type: 'x.voxtralSpeakTool' }].map((facts) =>
			isAgentTool(context(facts)),
		),
	).toEqual([true, false, false, true]);
});

describe('signed links', () => {
	const stored = { id: 'filesystem:1' } as IBinaryData;

	test('a signed link is made where n8n can make one', () => {
		expect(linkTo(context(), stored)).toMatch(/^https/);
		expect(linkTo(context(), {} as IBinaryData)).toBeUndefined();
		expect(linkTo({ helpers: {} } as IExecuteFunctions, stored)).toBeUndefined();
		const refusing = {
			helpers: {
				createBinarySignedUrl: () => {
					throw new Error('no');
				},
			},
		};
		expect(linkTo(refusing as unknown as IExecuteFunctions, stored)).toBeUndefined();
	});
});

test('a hint is added once for all items', () => {
	const hints: string[] = [];
	const listener = {
		addExecutionHints: ({ message }: { message: string }) => hints.push(message),
	} as unknown as IExecuteFunctions;
	for (const message of ['a', 'b', 'a']) addHint(listener, message);
	expect(hints).toEqual(['a', 'b']);
});

test('chunks are sent one after the other, and a disconnected caller causes no error', async () => {
	const sent: string[] = [];
	let running = 0;
	const sendChunk = async (type: string, _item: number, content?: { seq: number }) => {
		expect(++running).toBe(1);
		await new Promise((resolve) => setTimeout(resolve, content?.seq === 0 ? 5 : 0));
		running -= 1;
		sent.push(content ? `${type}${content.seq}` : type);
		if (content?.seq === 1) throw new Error('gone');
	};
	const stream = new TriggerStream({ sendChunk } as unknown as IExecuteFunctions, 0);
	for (const seq of [0, 1, 2]) stream.send({ type: 'audio', seq });
	await stream.end();
	expect(sent).toEqual(['begin', 'item0', 'item1', 'item2', 'end']);
});
