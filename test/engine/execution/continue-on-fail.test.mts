// Continue on fail in every operation: two of five items fail, each output is paired with its input, the others are requested once.
import { beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { IDataObject, INodeParameters } from 'n8n-workflow';
import { KEY, recording, useEngineFixture } from '../../support/engine-fixture.mts';
import { WAV_CLIP } from '../../support/fault-table/operations.mts';

jest.setTimeout(60_000);

const fixture = useEngineFixture();
const ITEMS = 5;
const FAILING = 2;

interface Kind {
	readonly name: string;
	readonly type: string;
	readonly parameters: INodeParameters;
	/** Prefix of the `stage` of its errors. */
	readonly stage: string;
	readonly method: string;
	readonly path: RegExp;
	/** Creates what the account must hold, one for each item; the item carries its `id`. */
	readonly made?: 'voice' | 'agent' | 'conversation';
	readonly recording?: Buffer;
}

const given = (name: string) => ({ [name]: { __rl: true, mode: 'id', value: '={{ $json.id }}' } });
const ofVoices = (operation: string, more: INodeParameters = {}) => ({
	resource: 'voice',
	operation,
	...more,
});
const conversation = { conversationBy: 'conversationId', conversationId: '={{ $json.id }}' };
const speaking = { type: 'voxtralSpeak', path: /^\/v1\/audio\/voices/ };
const agents = { type: 'mistralAgent', path: /^\/v1\/agents/ };
const note = recording('question.ogg');

const kinds: Kind[] = [
	{
		name: 'Transcribe',
		type: 'voxtralTranscribe',
		parameters: {},
		stage: 'transcribe',
		method: 'POST',
		path: /transcriptions$/,
		recording: note,
	},
	{
		name: 'Ask',
		type: 'mistralAgent',
		parameters: { prompt: '={{ "Question " + $json.n }}' },
		stage: 'ask',
		method: 'POST',
		path: /^\/v1\/conversations$/,
	},
	{
		name: 'Speak',
		type: 'voxtralSpeak',
		parameters: { text: 'Hello.' },
		stage: 'speak',
		method: 'POST',
		path: /speech$/,
	},
	{
		name: 'Talk',
		type: 'voxtralAssistant',
		parameters: {},
		stage: 'transcribe',
		method: 'POST',
		path: /transcriptions$/,
		recording: note,
	},
	{
		...speaking,
		name: 'Create voice',
		parameters: ofVoices('createVoice', { name: '={{ "Voice " + $json.n }}', consent: true }),
		stage: 'createVoice',
		method: 'POST',
		recording: WAV_CLIP,
	},
	{
		...speaking,
		name: 'Get voice',
		parameters: ofVoices('getVoice', given('voice')),
		stage: 'getVoice',
		method: 'GET',
		made: 'voice',
	},
	{
		...speaking,
		name: 'Get sample',
		parameters: ofVoices('getVoiceSample', given('voice')),
		stage: 'getVoiceSample',
		method: 'GET',
		made: 'voice',
	},
	{
		...speaking,
		name: 'Update voice',
		parameters: ofVoices('updateVoice', { ...given('voice'), changes: { name: 'New' } }),
		stage: 'updateVoice',
		method: 'PATCH',
		made: 'voice',
	},
	{
		...speaking,
		name: 'Delete voice',
		parameters: ofVoices('deleteVoice', given('voice')),
		stage: 'deleteVoice',
		method: 'DELETE',
		made: 'voice',
	},
	{
		...speaking,
		name: 'List voices',
		path: /^\/v2\/audio\/voices$/,
		parameters: ofVoices('listVoices', { limit: 1 }),
		stage: 'listVoices',
		method: 'GET',
	},
	{
		...agents,
		name: 'Create agent',
		parameters: { operation: 'createAgent', agentName: '={{ "Agent " + $json.n }}' },
		stage: 'createAgent',
		method: 'POST',
	},
	{
		...agents,
		name: 'Get agent',
		parameters: { operation: 'getAgent', ...given('agent') },
		stage: 'getAgent',
		method: 'GET',
		made: 'agent',
	},
	{
		...agents,
		name: 'List agents',
		parameters: { operation: 'listAgents', agentSearch: '={{ "number " + $json.n }}' },
		stage: 'listAgents',
		method: 'GET',
		made: 'agent',
	},
	{
		...agents,
		name: 'Delete agent',
		parameters: { operation: 'deleteAgent', ...given('agent') },
		stage: 'deleteAgent',
		method: 'DELETE',
		made: 'agent',
	},
	{
		...agents,
		name: 'Get history',
		path: /history$/,
		parameters: { operation: 'getHistory', ...conversation },
		stage: 'getHistory',
		method: 'GET',
		made: 'conversation',
	},
	{
		...agents,
		name: 'Delete conversation',
		path: /^\/v1\/conversations\/[^/]+$/,
		parameters: { operation: 'deleteConversation', ...conversation },
		stage: 'deleteConversation',
		method: 'DELETE',
		made: 'conversation',
	},
];

async function post(path: string, body: object): Promise<IDataObject> {
	const response = await fetch(fixture.standIn.url + path, {
		method: 'POST',
		headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});
	return (await response.json()) as IDataObject;
}

const model = 'mistral-small-latest';
const making = {
	voice: async (n: number) => {
		const sample = { sample_audio: WAV_CLIP.toString('base64'), sample_filename: 'a.wav' };
		return (await post('/v1/audio/voices', { name: `number ${n}`, ...sample })).id;
	},
	agent: async (n: number) => (await post('/v1/agents', { name: `number ${n}`, model })).id,
	conversation: async () =>
		(await post('/v1/conversations', { model, inputs: 'Hi' })).conversation_id,
};

beforeEach(() => fixture.standIn.answerWith(({ question }) => `I heard: ${question}`));

async function run(kind: Kind, onError: 'continueRegularOutput' | 'continueErrorOutput') {
	const { engine, standIn } = fixture;
	const items = await Promise.all(
		Array.from({ length: ITEMS }, async (_, n) => {
			const json = { n, ...(kind.made ? { id: String(await making[kind.made](n)) } : {}) };
			return kind.recording
				? await engine.item(json, { bytes: kind.recording, fileName: 'a.wav' })
				: { json };
		}),
	);
	standIn.requests.length = 0;
	standIn.inject({
		match: { method: kind.method, path: kind.path },
		skip: 1,
		times: FAILING,
		status: 422,
		body: { object: 'error', message: 'Not like this', type: 'invalid', code: '7777' },
	});
	const { type, parameters } = kind;
	const result = await engine.run({ nodes: [{ type, parameters, onError }], items });
	const sent = standIn.requests.filter(
		({ method, path }) => method === kind.method && kind.path.test(path),
	);
	return { ...result, sent: sent.length };
}

describe.each(kinds)('$name', (kind) => {
	test('continue on fail returns one output for each item, in order, with an error in the failed ones', async () => {
		const { items, error, sent } = await run(kind, 'continueRegularOutput');
		expect(error).toBeUndefined();
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			Array.from({ length: ITEMS }, (_, item) => ({ item })),
		);
		const failed = items.filter(({ json }) => json.error !== undefined);
		expect(failed).toHaveLength(FAILING);
		for (const { json, binary } of failed) {
			expect(binary).toBeUndefined();
			expect(Object.keys(json).sort()).toEqual(['details', 'error']);
			expect(json.details).toEqual({
				stage: `${kind.stage}.rejected`,
				status: 422,
				code: '7777',
				requestId: expect.any(String),
				attempts: 1,
				hint: expect.any(String),
			});
		}
		// Items that worked are requested once.
		expect(sent).toBe(ITEMS);
	});

	test('failed items leave by the error output', async () => {
		const { items, errorItems, sent } = await run(kind, 'continueErrorOutput');
		expect(items).toHaveLength(ITEMS - FAILING);
		expect(errorItems).toHaveLength(FAILING);
		expect(errorItems.every(({ json }) => String(json.error) !== '')).toBe(true);
		const paired = [...items, ...errorItems].map(
			({ pairedItem }) => (pairedItem as { item: number }).item,
		);
		expect(paired.sort()).toEqual([0, 1, 2, 3, 4]);
		expect(sent).toBe(ITEMS);
	});
});
