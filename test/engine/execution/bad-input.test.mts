// Errors for missing or wrong input: one sentence that names the parameter and
// the item, advice, and all other items delivered.
import { describe, expect, test } from '@jest/globals';
import { startEngine } from '../../support/engine.mts';
import { KEY, recording, useEngineFixture } from '../../support/engine-fixture.mts';

const fixture = useEngineFixture();

const TRANSCRIBE = { type: 'voxtralTranscribe' };
const question = () => ({
	bytes: recording('question.ogg'),
	fileName: 'q.ogg',
	mimeType: 'audio/ogg',
});

describe('recordings', () => {
	test.each<[string, { bytes?: Buffer; fileName?: string; mimeType?: string }, RegExp, RegExp]>([
		[
			'no file at all',
			{},
			/no audio.*"data" \(Input Data Field Name\).*\[item 0\]/,
			/Webhook|Telegram/,
		],
		[
			'an empty file',
			{ bytes: Buffer.alloc(0), fileName: 'a.mp3' },
			/"data" \(Input Data Field Name\) \("a\.mp3"\) is an empty file.*\[item 0\]/,
			/recording/,
		],
		[
			'a text named .mp3',
			{ bytes: Buffer.from('Hello, I am text.'), fileName: 'note.mp3', mimeType: 'audio/mpeg' },
			/\("note\.mp3"\) is a text file, not audio \[item 0\]/,
			/MP3, WAV/,
		],
		[
			'a web page',
			{ bytes: Buffer.from('<!DOCTYPE html><html></html>') },
			/page.*not audio/,
			/recording/,
		],
		[
			'an AMR recording',
			{ bytes: Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(64)]) },
			/does not accept \(AMR/,
			/MP3/,
		],
		[
			'noise without name or type',
			{ bytes: Buffer.from([1, 2, 3, 4, 250, 251, 252, 253]) },
			/no audio that this node knows/,
			/recording/,
		],
	])('a recording that is wrong fails with advice: %s', async (_, voice, message, description) => {
		const { engine, standIn } = fixture;
		const voices = voice.bytes ? [{ ...voice, bytes: voice.bytes }] : [];
		const { error } = await engine.run({
			nodes: [TRANSCRIBE],
			items: [await engine.item({}, ...voices)],
		});
		expect(error?.message).toMatch(message);
		expect(error?.description).toMatch(description);
		expect(error?.context).toMatchObject({ itemIndex: 0 });
		expect(standIn.requests).toHaveLength(0);
	});

	test('a wrong binary field name lists the fields that exist', async () => {
		const { engine } = fixture;
		const item = await engine.item(
			{},
			{ ...question(), field: 'voice' },
			{ ...question(), field: 'music' },
		);
		const { error } = await engine.run({
			nodes: [{ ...TRANSCRIBE, parameters: { binaryPropertyName: 'audio' } }],
			items: [item],
		});
		expect(error?.message).toMatch(/no file in "audio" \(Input Data Field Name\)/);
		expect(error?.description).toMatch(/voice, music/);
	});

	test('the only binary file is used whatever its field name', async () => {
		const { engine } = fixture;
		const { items } = await engine.run({
			nodes: [TRANSCRIBE],
			items: [await engine.item({}, { ...question(), field: 'voice_0' })],
		});
		expect(items[0]?.json.text).toBe('What is the weather in Paris today?');
	});

	test('an invalid language code fails before any request is sent', async () => {
		const { engine, standIn } = fixture;
		const { error } = await engine.run({
			nodes: [{ ...TRANSCRIBE, parameters: { options: { language: 'german' } } }],
			items: [await engine.item({}, question())],
		});
		expect(error?.message).toMatch(/^Language "german"/);
		expect(standIn.requests).toHaveLength(0);
	});
});

describe('texts', () => {
	test.each([
		['mistralAgent', 'prompt', /^Prompt is empty \[item 0\]$/],
		['voxtralSpeak', 'text', /^Text is empty \[item 0\]$/],
	])('%s with an empty %s names the parameter', async (type, parameter, message) => {
		const { engine, standIn } = fixture;
		for (const value of ['   ', '={{ $json.nothing }}']) {
			const { error } = await engine.run({ nodes: [{ type, parameters: { [parameter]: value } }] });
			expect(error?.message).toMatch(message);
			expect(error?.description).toBeTruthy();
		}
		expect(standIn.requests).toHaveLength(0);
	});

	test('Speak with a text of nothing but symbols fails', async () => {
		const { error } = await fixture.engine.run({
			nodes: [{ type: 'voxtralSpeak', parameters: { text: '🎉 🎉' } }],
		});
		expect(error?.message).toMatch(/nothing in it that can be spoken/);
	});
});

describe('the credential', () => {
	const NODES = [
		{ type: 'voxtralTranscribe' },
		{ type: 'mistralAgent', parameters: { prompt: 'Hi' } },
		{ type: 'voxtralSpeak', parameters: { text: 'Hi' } },
	];

	test.each<[string, () => { apiKey: string; baseUrl: string }, RegExp, RegExp]>([
		[
			'without a key',
			() => ({ apiKey: ' ', baseUrl: fixture.standIn.url }),
			/has no API Key/,
			/console\.mistral\.ai/,
		],
		[
			'with a wrong key',
			() => ({ apiKey: 'wrong-canary-key-1234', baseUrl: fixture.standIn.url }),
			/does not accept the API Key/,
			/API Keys/,
		],
		[
			'with a base URL on a closed port',
			() => ({ apiKey: KEY, baseUrl: 'http://127.0.0.1:9' }),
			/No server answers under the Base URL/,
			/Base URL/,
		],
		[
			'with a base URL of an unknown host',
			() => ({ apiKey: KEY, baseUrl: 'https://nobody.invalid' }),
			/No server was found under the Base URL/,
			/spelling/,
		],
		[
			'with a base URL that is not a URL',
			() => ({ apiKey: KEY, baseUrl: 'mistral' }),
			/Base URL .* is not a web address/,
			/https:\/\//,
		],
	])(
		'every node %s says what to correct',
		async (_, credential, message, description) => {
			const engine = await startEngine(credential());
			// Retries take time, so one node stands for all: they share the HTTP client.
			for (const node of credential().baseUrl === fixture.standIn.url ? NODES : NODES.slice(0, 1)) {
				const { error } = await engine.run({
					nodes: [node],
					items: [await engine.item({}, question())],
				});
				expect(error?.message).toMatch(message);
				expect(error?.message).toMatch(/\[item 0\]$/);
				expect(error?.description).toMatch(description);
				expect(JSON.stringify(error)).not.toContain('wrong-canary-key-1234');
			}
			await engine.close();
		},
		60_000,
	);
});

describe('ids', () => {
	test.each([
		[
			'voxtralTranscribe',
			{ model: { mode: 'id', value: 'no-such-model' } },
			/does not know the chosen Model/,
		],
		[
			'mistralAgent',
			{ prompt: 'Hi', model: { mode: 'id', value: 'no-such-model' } },
			/does not know the chosen Model/,
		],
		[
			'voxtralSpeak',
			{ text: 'Hi', model: { mode: 'id', value: 'no-such-model' } },
			/does not know the chosen Model/,
		],
		[
			'voxtralSpeak',
			{ text: 'Hi', voice: { mode: 'id', value: 'nobody' } },
			/does not know the chosen Voice/,
		],
	])('%s names the unknown id in %j', async (type, parameters, message) => {
		const { engine } = fixture;
		const { error } = await engine.run({
			nodes: [{ type, parameters }],
			items: [await engine.item({}, question())],
		});
		expect(error?.message).toMatch(message);
		expect(error?.description).toBeTruthy();
	});
});

describe('continue on fail', () => {
	const mixed = async () => {
		const { engine } = fixture;
		return [
			await engine.item({ n: 0 }, question()),
			await engine.item({ n: 1 }, { bytes: Buffer.from('just text') }),
			await engine.item({ n: 2, error: 'from before' }, question()),
			await engine.item({ n: 3 }),
			await engine.item({ n: 4 }, question()),
		];
	};

	test('failed items become error items in their place, the others are requested once and delivered', async () => {
		const { engine, standIn } = fixture;
		const { items, error } = await engine.run({
			nodes: [{ ...TRANSCRIBE, onError: 'continueRegularOutput' }],
			items: await mixed(),
		});
		expect(error).toBeUndefined();
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual(
			[0, 1, 2, 3, 4].map((item) => ({ item })),
		);
		expect(items.map(({ json }) => json.text)).toEqual([
			'What is the weather in Paris today?',
			undefined,
			'What is the weather in Paris today?',
			undefined,
			'What is the weather in Paris today?',
		]);
		expect(items[1]?.json).toEqual({
			error: expect.stringMatching(/not audio$/),
			details: { stage: 'transcribe.not-audio', hint: expect.any(String) },
		});
		expect(items[2]?.json).not.toHaveProperty('error');
		expect(items[3]?.json).toMatchObject({ details: { stage: 'transcribe.no-audio' } });
		expect(standIn.requests).toHaveLength(3);
	});

	test('failed items leave by the error output', async () => {
		const { engine } = fixture;
		const { items, errorItems } = await engine.run({
			nodes: [{ ...TRANSCRIBE, onError: 'continueErrorOutput' }],
			items: await mixed(),
		});
		expect(items.map(({ json }) => json.n)).toEqual([0, 2, 4]);
		expect(errorItems).toHaveLength(2);
		expect(errorItems.map(({ json }) => (json.details as { stage: string }).stage)).toEqual([
			'transcribe.not-audio',
			'transcribe.no-audio',
		]);
	});

	test('without continue on fail the first failure is thrown with its item index', async () => {
		const { engine } = fixture;
		const { error } = await engine.run({ nodes: [TRANSCRIBE], items: await mixed() });
		expect(error?.message).toMatch(/not audio \[item 1\]$/);
		expect(error?.context).toMatchObject({ itemIndex: 1, stage: 'transcribe.not-audio' });
	});

	test('an error item holds the message of the server, the number of attempts and the request id', async () => {
		const { engine, standIn } = fixture;
		standIn.inject({
			match: { path: '/v1/audio/speech' },
			status: 403,
			body: { message: 'moderated' },
		});
		const { items } = await engine.run({
			nodes: [
				{
					type: 'voxtralSpeak',
					parameters: { text: '={{ $json.t }}', options: { concurrency: 1 } },
					onError: 'continueRegularOutput',
				},
			],
			items: [{ json: { t: 'one' } }, { json: { t: 'two' } }],
		});
		expect(items[0]?.json).toMatchObject({
			error: expect.any(String),
			details: { stage: 'speak.refused', status: 403, attempts: 1, requestId: expect.any(String) },
		});
		expect(items[1]?.json.spokenText).toBe('two');
	});
});
