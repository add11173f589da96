// Reading of streamed speech.
import { describe, expect, test } from '@jest/globals';
import type { HttpReply } from '../../../../nodes/shared/http/request.ts';
import { speak } from '../../../../nodes/shared/mistral/speech/speech.ts';
import type { AudioSink } from '../../../../nodes/shared/mistral/speech/speech-audio.ts';
import type { HttpClient } from '../../../../nodes/shared/http/client.ts';

const delta = (bytes: Uint8Array, key = 'audio_data') =>
	`event: speech.audio.delta\ndata: ${JSON.stringify({ type: 'speech.audio.delta', [key]: Buffer.from(bytes).toString('base64') })}\n\n`;
const done =
	'event: speech.audio.done\ndata: {"type":"speech.audio.done","usage":{"completion_tokens":7}}\n\n';

const AUDIO = Buffer.from('sixteen bytes !!');

/** A client that responds with these bytes; `hold` leaves the connection open after them. */
async function hear(
	text: string,
	{ format = 'mp3', hold = false }: { format?: 'mp3' | 'pcm'; hold?: boolean } = {},
) {
	const log: string[] = [];
	const sink: AudioSink = {
		begin: (commit) => {
			log.push('begin');
			commit();
		},
		push: (audio) => void log.push(Buffer.from(audio).toString('latin1')),
		abandon: () => void log.push('abandon'),
	};
	async function* body() {
		yield Buffer.from(text);
		if (hold) await new Promise(() => undefined);
	}
	const reply: HttpReply = {
		status: 200,
		headers: { 'content-type': 'text/event-stream' },
		body: body(),
		commit: () => void log.push('commit'),
		redactingSink: () => ({ push: () => undefined, end: () => undefined }),
	};
	let sent: unknown;
	const client = {
		operation: 'speak',
		send: async (
			request: { body: () => unknown },
			read: (reply: HttpReply) => Promise<unknown>,
		) => {
			sent = request.body();
			return { value: await read(reply), attempts: 1 };
		},
	} as unknown as HttpClient;
	const request = { text: 'x', model: 'm', voice: { id: 'v' }, format };
	const result = await speak(client, request, sink).catch((thrown: unknown) => thrown);
	return { log, sent, result };
}

const stageOf = (result: unknown) => (result as { facts?: { stage?: string } }).facts?.stage;

describe('a stream of speech', () => {
	test('streamed speech arrives in chunks and is complete at the end', async () => {
		const { log, sent, result } = await hear(delta(AUDIO) + delta(AUDIO) + done);
		expect(log).toEqual(['begin', 'commit', AUDIO.toString(), AUDIO.toString()]);
		expect(sent).toMatchObject({ stream: true, input: 'x', voice_id: 'v' });
		expect(result).toMatchObject({
			value: { audio: Buffer.concat([AUDIO, AUDIO]), usage: { completion_tokens: 7 } },
		});
	});

	test('other key names for the audio of other servers are accepted', async () => {
		expect((await hear(delta(AUDIO, 'audio') + done)).result).toMatchObject({
			value: { audio: AUDIO },
		});
	});

	test('a [DONE] after the done event is accepted', async () => {
		const closed = `${delta(AUDIO)}${done}data: [DONE]\n\n`;
		expect((await hear(closed)).result).toMatchObject({ value: { audio: AUDIO } });
	});

	test('a stream that stays open after its done event is closed', async () => {
		const startMs = performance.now();
		expect((await hear(delta(AUDIO) + done, { hold: true })).result).toMatchObject({
			value: { audio: AUDIO },
		});
		expect(performance.now() - startMs).toBeLessThan(3000);
	});

	test.each([
		['without an end', delta(AUDIO), 'speak.body-cut-short'],
		['with audio after its end', delta(AUDIO) + done + delta(AUDIO), 'speak.damaged-audio'],
		[
			'with invalid base64',
			'data: {"type":"speech.audio.delta","audio_data":"%%%"}\n\n',
			'speak.damaged-audio',
		],
		['without audio', done, 'speak.unexpected-answer'],
		['with invalid JSON', 'data: hello\n\n', 'speak.unexpected-answer'],
		[
			'with an error event',
			'event: error\ndata: {"message":"no more","type":"server_error"}\n\n',
			'speak.server-trouble',
		],
		[
			'with an error of another API',
			'data: {"type":"speech.audio.error","error":{"message":"x"}}\n\n',
			'speak.server-trouble',
		],
	])('streamed speech %s fails, and its chunks are discarded', async (_, text, stage) => {
		const { log, result } = await hear(text);
		expect(stageOf(result)).toBe(stage);
		expect(log.at(-1)).toBe('abandon');
	});

	test('a PCM stream that ends inside a sample fails', async () => {
		const { log, result } = await hear(delta(AUDIO.subarray(1)) + done, { format: 'pcm' });
		expect(stageOf(result)).toBe('speak.damaged-audio');
		expect(log.at(-1)).toBe('abandon');
		expect((await hear(delta(AUDIO) + done, { format: 'pcm' })).result).toMatchObject({
			attempts: 1,
		});
	});
});
