// What is connected below the node on the canvas: n8n's own memory and tools, run by n8n's own engine.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type StandIn, startStandIn } from '../standin/index.mts';
import { type Engine, type SubNode, startEngine } from '../support/engine.mts';
import { hasPinnedN8n, langchainNode } from '../support/langchain.mts';

let standIn: StandIn;
let engine: Engine;
beforeAll(async () => {
	standIn = await startStandIn();
	engine = await startEngine({ apiKey: 'stand-in-key', baseUrl: standIn.url });
});
beforeEach(() => standIn.reset());
afterAll(async () => {
	await engine.close();
	await standIn.close();
});

if (!hasPinnedN8n) console.warn('SKIPPED: the pinned n8n is not in the cache; run node harness/fetch-n8n.mts');
const withN8n = hasPinnedN8n ? describe : describe.skip;

withN8n('tools of n8n', () => {
	const calculator = (): SubNode => ({
		name: 'Calculator',
		connection: 'ai_tool',
		nodeType: langchainNode('tools/ToolCalculator/ToolCalculator.node.js'),
	});
	test('a real Calculator is offered, called and answered for', async () => {
		standIn.answerWith(({ history }) => {
			const last = history.at(-1);
			return last?.type === 'function.result'
				? `It is ${String(last.result)}.`
				: [{ type: 'function.call', name: 'Calculator', arguments: '{"input":"2345*67"}' }];
		});
		const { items, error } = await engine.run({
			nodes: [{ type: 'mistralAgent' }],
			items: [{ json: { chatInput: 'What is 2345 times 67?' } }],
			subNodes: [calculator()],
		});
		expect(error).toBeUndefined();
		console.log(JSON.stringify(items[0]?.json, null, 1), JSON.stringify(standIn.requests.map((r) => r.json), null, 1));
	});
});
