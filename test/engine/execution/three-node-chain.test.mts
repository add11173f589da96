// Transcribe, Agent and Speak in a row in n8n's engine, in every binary mode.
import { describe, expect, test } from '@jest/globals';
import { recording, sha256, useEngineFixture } from '../../support/engine-fixture.mts';
import { ffprobe } from '../../support/media.mts';

describe.each(['memory', 'filesystem'] as const)(
	'a voice turn through three nodes, binary mode %s',
	(mode) => {
		const bench = useEngineFixture(mode);

		test('Transcribe, Agent and Speak with default parameters turn a recording into a spoken answer', async () => {
			const { engine, standIn } = bench;
			const question = recording('question.ogg');
			const { items, error } = await engine.run({
				nodes: [{ type: 'voxtralTranscribe' }, { type: 'mistralAgent' }, { type: 'voxtralSpeak' }],
				items: [
					await engine.item(
						{ message: { chat: { id: 7 } } },
						{ bytes: question, fileName: 'file_1.oga', mimeType: 'audio/ogg' },
					),
				],
			});
			expect(error).toBeUndefined();
			expect(standIn.requests.map(({ method, path, status }) => [method, path, status])).toEqual([
				['POST', '/v1/audio/transcriptions', 200],
				['POST', '/v1/conversations', 200],
				['POST', '/v1/audio/speech', 200],
			]);
			const [upload, asked, spoken] = standIn.requests;
			expect(upload?.form).toMatchObject({
				fields: [['model', 'voxtral-mini-latest']],
				files: [
					{
						field: 'file',
						fileName: 'file_1.ogg',
						contentType: 'audio/ogg',
						sha256: sha256(question),
					},
				],
			});
			expect(asked?.json).toEqual({
				inputs: 'What is the weather in Paris today?',
				model: 'mistral-small-latest',
				instructions: expect.stringMatching(
					/voice assistant.*Today is \w+, .* \(time zone Europe\/Paris\)/s,
				),
				tools: [{ type: 'web_search' }],
				store: true,
				stream: false,
			});
			const [item] = items;
			expect(items).toHaveLength(1);
			expect(item?.pairedItem).toEqual({ item: 0 });
			expect(item?.json).toMatchObject({
				message: { chat: { id: 7 } },
				text: 'What is the weather in Paris today?',
				output: expect.stringContaining('**stand-in**'),
				speech: expect.not.stringContaining('*'),
				sources: [
					{ title: expect.any(String), url: 'https://example.com/stand-in/page-1' },
					{ title: expect.any(String), url: 'https://example.org/stand-in/page-2' },
				],
				conversationId: expect.stringMatching(/^conv_/),
				mimeType: 'audio/mpeg',
				fileName: 'speech.mp3',
			});
			expect(spoken?.json).toEqual({
				input: item?.json.speech,
				model: 'voxtral-mini-tts-latest',
				voice_id: 'gb_jane_neutral',
				response_format: 'mp3',
				stream: false,
			});
			expect(item?.binary?.data).toMatchObject({ mimeType: 'audio/mpeg', fileName: 'speech.mp3' });
			const audio = await engine.bytes(item);
			expect(item?.json.bytes).toBe(audio.length);
			const { durationSeconds } = await ffprobe(audio);
			expect(Math.abs(Number(item?.json.durationSeconds) - durationSeconds)).toBeLessThan(0.06);
		});

		test('the spoken answer transcribes back to the text of the answer', async () => {
			const { engine } = bench;
			const spoken = await engine.run({
				nodes: [{ type: 'voxtralSpeak', parameters: { text: 'The quick brown fox jumps.' } }],
			});
			const bytes = await engine.bytes(spoken.items[0]);
			const heard = await engine.run({
				nodes: [{ type: 'voxtralTranscribe' }],
				items: [await engine.item({}, { bytes })],
			});
			expect(heard.items[0]?.json.text).toBe('The quick brown fox jumps.');
		});
	},
);
