// Redaction of the API key in n8n's engine: redirects, echoed keys, keys split over two stream events.
import { describe, expect, test } from '@jest/globals';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { faults } from '../../standin/index.mts';
import { KEY, recording, useEngineFixture } from '../../support/engine-fixture.mts';

const fixture = useEngineFixture('filesystem');

const speakNode = (more: object = {}) => ({
	type: 'voxtralSpeak',
	parameters: { text: 'Good morning.', format: 'wav', ...more },
});
const askNode = (more: object = {}) => ({
	type: 'mistralAgent',
	parameters: { prompt: 'Hi', ...more },
});
const voice = async () =>
	await fixture.engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });

describe('the API key', () => {
	test('a redirect is not followed, so the API key never reaches another host', async () => {
		const { engine, standIn } = fixture;
		const requestsElsewhere: string[] = [];
		const other = createServer((request, response) => {
			requestsElsewhere.push(String(request.headers.authorization));
			response.end('{}');
		}).listen(0, '127.0.0.1');
		await once(other, 'listening');
		const { port } = other.address() as AddressInfo;
		standIn.inject(faults.redirect(`http://127.0.0.1:${port}/elsewhere`));
		const { error } = await engine.run({ nodes: [speakNode()] });
		other.close();
		expect(error?.message).toMatch(/sends requests on to another address/);
		expect(requestsElsewhere).toEqual([]);
	});

	test('the API key is redacted in errors, execution data and logs, even when the server echoes it', async () => {
		const { engine } = fixture;
		for (const onError of [undefined, 'continueRegularOutput'] as const) {
			fixture.standIn.inject({ ...faults.echoKey(400), match: { path: '/v1/audio/speech' } });
			const result = await engine.run({
				nodes: [{ ...speakNode(), ...(onError ? { onError } : {}) }],
			});
			const shown = inspect(result, { depth: 12, maxStringLength: null, showHidden: true });
			expect(shown).not.toContain(KEY);
			expect(shown).toContain('Unexpected header Authorization: Bearer [key]');
		}
	});
});

describe('an API key split over two stream events', () => {
	const halves = [KEY.slice(0, 7), KEY.slice(7)];
	const repeated = (before: string, event: string | undefined, data: (text: string) => object) => ({
		events: {
			insert: [' It is ', ...halves, '!'].map((text) => ({
				before,
				event: { ...(event ? { event } : {}), data: data(text) },
			})),
		},
	});

	test.each([
		[
			'a conversation',
			'/v1/conversations',
			repeated('conversation.response.done', 'message.output.delta', (content) => ({
				type: 'message.output.delta',
				output_index: 0,
				content_index: 0,
				content,
			})),
			{},
		],
		[
			'an OpenAI-compatible server',
			'/v1/chat/completions',
			repeated('[DONE]', undefined, (content) => ({ choices: [{ index: 0, delta: { content } }] })),
			{ chatCompletions: true },
		],
	])(
		'an API key split over two events is redacted in the stream and the item: %s',
		async (_, path, fault, options) => {
			const { engine, standIn } = fixture;
			standIn.answerWith(() => 'Well.');
			standIn.inject({ ...fault, match: { path } });
			const { items, chunks, error, run } = await engine.run({
				nodes: [askNode({ builtInTools: [], options })],
				streaming: true,
			});
			expect(error).toBeUndefined();
			expect(items[0]?.json.output).toBe('Well. It is [key]!');
			expect(chunks.map(({ content }) => content ?? '').join('')).toBe('Well. It is [key]!');
			expect(inspect(run.data.resultData, { depth: 20 })).not.toContain(KEY);
		},
	);

	test('an API key split over two events is redacted in a live transcription', async () => {
		const { engine, standIn } = fixture;
		standIn.inject({
			...repeated('transcription.done', 'transcription.text.delta', (text) => ({
				type: 'transcription.text.delta',
				text,
			})),
			match: { path: '/v1/audio/transcriptions' },
		});
		const { chunks } = await engine.run({
			nodes: [{ type: 'voxtralTranscribe', parameters: { options: { streamText: true } } }],
			items: [await voice()],
			streaming: true,
		});
		const live = chunks.map(({ content }) => content ?? '').join('');
		expect(live).toContain('It is [key]!');
	});
});
