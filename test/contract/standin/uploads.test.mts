// How the stand-in records requests and reads large uploads.
import { describe, expect, test } from '@jest/globals';
import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { form, recording, useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

describe('the recorder', () => {
	test('a multipart form is recorded with its fields in order and the file byte for byte', async () => {
		const audio = await recording('question.ogg');
		const data = form(
			{ model: 'voxtral-mini-latest', context_bias: ['Paris', 'Lyon'], stream: 'false' },
			audio,
			'a "quoted" näme.ogg',
		);
		await fixture.call('/v1/audio/transcriptions?x=1', { method: 'POST', body: data });
		const [recorded] = fixture.standIn.requests;
		expect(recorded).toMatchObject({
			method: 'POST',
			path: '/v1/audio/transcriptions',
			status: 200,
			completed: true,
			closedEarly: false,
		});
		expect(recorded?.query.get('x')).toBe('1');
		expect(recorded?.form?.fields).toEqual([
			['model', 'voxtral-mini-latest'],
			['context_bias', 'Paris'],
			['context_bias', 'Lyon'],
			['stream', 'false'],
		]);
		const [file] = recorded?.form?.files ?? [];
		expect(file).toMatchObject({ field: 'file', bytes: audio.length, sha256: sha256(audio) });
		expect(Buffer.from(file?.head ?? [])).toEqual(audio.subarray(0, 256));
		expect(file?.fileName).toContain('näme.ogg');
	});

	test('a JSON body is recorded as bytes and parsed', async () => {
		const json = { inputs: 'Grüße', model: 'mistral-small-latest' };
		await fixture.call('/v1/conversations', { json });
		const bytes = Buffer.from(JSON.stringify(json));
		expect(fixture.standIn.requests[0]).toMatchObject({
			json,
			bodyBytes: bytes.length,
			bodySha256: sha256(bytes),
		});
	});

	test('random bytes are recorded unchanged', async () => {
		const bytes = randomBytes(3_000_000);
		const data = form({ purpose: 'audio' }, bytes);
		const response = await fixture.call('/v1/files', { method: 'POST', body: data });
		const { id } = (await response.json()) as { id: string };
		expect(fixture.standIn.requests[0]?.form?.files[0]?.sha256).toBe(sha256(bytes));
		const back = Buffer.from(await (await fixture.call(`/v1/files/${id}/content`)).arrayBuffer());
		expect(sha256(back)).toBe(sha256(bytes));
	});

	test('a client disconnect is recorded', async () => {
		fixture.standIn.inject({ hang: true });
		const controller = new AbortController();
		const pending = fixture.call('/v1/models', { signal: controller.signal });
		setTimeout(() => controller.abort(), 50);
		await expect(pending).rejects.toThrow();
		await new Promise((resolve) => setTimeout(resolve, 50));
		expect(fixture.standIn.requests[0]).toMatchObject({ completed: false, closedEarly: true });
	});
});

describe('large uploads', () => {
	/** A WAV of that many data bytes, generated while it is sent. */
	async function sendWav(dataBytes: number): Promise<{ text: string; sha256: string }> {
		const boundary = 'stand-in-boundary';
		const header = Buffer.from(await recording('question.wav')).subarray(0, 44);
		header.writeUInt32LE(dataBytes + 36, 4);
		header.writeUInt32LE(dataBytes, 40);
		const hash = createHash('sha256').update(header);
		const part = (text: string) => Buffer.from(text.replaceAll('\n', '\r\n'));
		const outgoing = request(`${fixture.standIn.url}/v1/audio/transcriptions`, {
			method: 'POST',
			headers: {
				authorization: 'Bearer stand-in-key',
				'content-type': `multipart/form-data; boundary=${boundary}`,
			},
		});
		const answered = new Promise<string>((resolve, reject) => {
			outgoing.on('error', reject);
			outgoing.on('response', (incoming) => {
				void readText(incoming).then(resolve, reject);
			});
		});
		const write = async (bytes: Buffer) => {
			if (!outgoing.write(bytes)) await new Promise((resolve) => outgoing.once('drain', resolve));
		};
		await write(
			part(`--${boundary}\nContent-Disposition: form-data; name="model"\n\nvoxtral-mini-latest\n`),
		);
		await write(
			part(
				`--${boundary}\nContent-Disposition: form-data; name="file"; filename="a.wav"\nContent-Type: audio/wav\n\n`,
			),
		);
		await write(header);
		const block = Buffer.alloc(1024 * 1024, 1);
		for (let sent = 0; sent < dataBytes; sent += block.length) {
			const piece = block.subarray(0, Math.min(block.length, dataBytes - sent));
			hash.update(piece);
			await write(piece);
		}
		outgoing.end(part(`\n--${boundary}--\n`));
		return { text: await answered, sha256: hash.digest('hex') };
	}

	test('a 160 MiB upload is streamed without being kept in memory', async () => {
		const before = process.memoryUsage().rss;
		let peak = before;
		const watch = setInterval(() => {
			peak = Math.max(peak, process.memoryUsage().rss);
		}, 20);
		const size = 160 * 1024 * 1024;
		const { text, sha256: sent } = await sendWav(size);
		clearInterval(watch);
		expect(JSON.parse(text)).toMatchObject({
			text: `A stand-in recording: wav audio, ${(size / 24_000).toFixed(1)} seconds, 12 kHz, mono.`,
			usage: { prompt_audio_seconds: Math.round(size / 24_000) },
		});
		expect(fixture.standIn.requests[0]?.form?.files[0]).toMatchObject({
			bytes: size + 44,
			sha256: sent,
		});
		expect((peak - before) / 1024 / 1024).toBeLessThan(130);
	}, 60_000);

	test('an upload above the size limit is 413', async () => {
		fixture.standIn.behave({ maxUploadBytes: 10_000 });
		const data = form({ model: 'voxtral-mini-latest' }, await recording('question.wav'));
		expect(
			(await fixture.call('/v1/audio/transcriptions', { method: 'POST', body: data })).status,
		).toBe(413);
	});
});
