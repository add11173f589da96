// The speech endpoint of the stand-in, called by the official SDK, and transcription of its speech.
import { describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ffmpeg, ffprobe } from '../../standin/ffmpeg.mts';
import { pcm16, wavHeader } from '../../standin/speech-engine.mts';
import { collect, form, useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();
const input =
	'The quick brown fox jumps over the lazy dog, and then it rests for a while under a tree.';
const request = { model: 'voxtral-mini-tts-2603', input, voiceId: 'gb_jane_neutral' } as const;

const containers = {
	mp3: { magic: 'ID3', codec: 'mp3' },
	wav: { magic: 'RIFF', codec: 'pcm_s16le' },
	flac: { magic: 'fLaC', codec: 'flac' },
	opus: { magic: 'OggS', codec: 'opus' },
} as const;
type Container = keyof typeof containers;

async function whole(responseFormat: Container | 'pcm'): Promise<Buffer> {
	const response = await fixture.client.audio.speech.complete({ ...request, responseFormat });
	if (!('audioData' in response)) throw new Error('not JSON');
	return Buffer.from(response.audioData, 'base64');
}

async function deltas(responseFormat: Container | 'pcm', model: string = request.model) {
	const stream = await fixture.client.audio.speech.complete({
		...request,
		model,
		responseFormat,
		stream: true,
	});
	if (!(Symbol.asyncIterator in stream)) throw new Error('not a stream');
	const events = await collect(stream);
	const pieces = events.flatMap(({ data }) =>
		data.type === 'speech.audio.delta' ? [Buffer.from(data.audioData, 'base64')] : [],
	);
	return { events, pieces };
}

/** Codec, rate, channels and decoded seconds according to ffmpeg. */
async function inspect(bytes: Buffer) {
	const folder = await mkdtemp(path.join(tmpdir(), 'speech-test-'));
	try {
		const file = path.join(folder, 'audio');
		await writeFile(file, bytes);
		const probe = await ffprobe([
			...['-of', 'json', '-show_entries', 'stream=codec_name,sample_rate,channels', file],
		]);
		const decoded = await ffmpeg(['-i', file, '-f', 's16le', '-ar', '24000', 'pipe:1']);
		const { streams } = JSON.parse(probe.stdout.toString()) as {
			streams: { codec_name: string; sample_rate: string; channels: number }[];
		};
		const samples = new Int16Array(new Uint8Array(decoded.stdout).buffer);
		return {
			...streams[0],
			complaints: decoded.stderr,
			seconds: samples.length / 24_000,
			peak: samples.reduce((peak, sample) => Math.max(peak, Math.abs(sample)), 0),
		};
	} finally {
		await rm(folder, { recursive: true });
	}
}

/** Joins files by copying packets, without re-encoding. */
async function join(clips: Buffer[], muxer: string): Promise<Buffer> {
	const folder = await mkdtemp(path.join(tmpdir(), 'speech-join-'));
	try {
		const list = path.join(folder, 'list.txt');
		for (const [index, clip] of clips.entries())
			await writeFile(path.join(folder, `${index}`), clip);
		await writeFile(list, clips.map((_, index) => `file '${index}'\n`).join(''));
		const copied = ['-f', 'concat', '-safe', '0', '-i', list, '-c', 'copy', '-f', muxer, 'pipe:1'];
		return (await ffmpeg(copied)).stdout;
	} finally {
		await rm(folder, { recursive: true });
	}
}

describe('speech through the SDK', () => {
	test.each(Object.keys(containers) as Container[])(
		'a whole %s response is a valid, audible file',
		async (format) => {
			const bytes = await whole(format);
			expect(bytes.toString('latin1', 0, containers[format].magic.length)).toBe(
				containers[format].magic,
			);
			const seconds = (await whole('pcm')).length / 4 / 24_000;
			const found = await inspect(bytes);
			expect(found).toMatchObject({
				codec_name: containers[format].codec,
				channels: 1,
				complaints: '',
			});
			if (format !== 'opus') expect(found.sample_rate).toBe('24000');
			expect(Math.abs(found.seconds - seconds)).toBeLessThan(0.1);
			expect(found.peak).toBeGreaterThan(3000);
		},
	);

	test('pcm is headerless float32 between -1 and 1 in blocks of 40 ms', async () => {
		const bytes = await whole('pcm');
		expect(bytes.length % 3840).toBe(0);
		const floats = new Float32Array(new Uint8Array(bytes).buffer);
		const peak = floats.reduce((high, sample) => Math.max(high, Math.abs(sample)), 0);
		expect(peak).toBeGreaterThan(0.1);
		expect(peak).toBeLessThanOrEqual(1);
	});

	test('streamed pcm comes in five chunks of 400 ms, then of 2 s, and its samples are counted', async () => {
		const { events, pieces } = await deltas('pcm');
		expect(pieces.slice(0, 5).map(({ length }) => length)).toEqual(Array(5).fill(38_400));
		expect(pieces[5]?.length).toBe(192_000);
		expect(Buffer.concat(pieces)).toEqual(await whole('pcm'));
		expect(events.at(-1)).toMatchObject({
			event: 'speech.audio.done',
			data: { usage: { completionTokens: Buffer.concat(pieces).length / 4 } },
		});
	});

	test('streamed wav is a header without a size, then raw samples', async () => {
		const { pieces } = await deltas('wav');
		const bytes = Buffer.concat(pieces);
		expect(bytes.readUInt32LE(4)).toBe(0xffffffff);
		expect(bytes.readUInt32LE(40)).toBe(0xffffffff);
		expect(bytes.subarray(44)).toEqual((await whole('wav')).subarray(44));
		expect(pieces[1]?.toString('latin1', 0, 4)).not.toBe('RIFF');
	});

	test.each(['mp3', 'flac', 'opus'] as const)(
		'streamed %s chunks add up to the whole file',
		async (format) => {
			const { pieces } = await deltas(format);
			expect(pieces.length).toBeGreaterThan(2);
			expect(Buffer.concat(pieces)).toEqual(await whole(format));
		},
	);

	test('a reference clip replaces a voice', async () => {
		const clip = await whole('wav');
		const response = await fixture.client.audio.speech.complete({
			model: request.model,
			input: 'Hello.',
			refAudio: clip.toString('base64'),
			responseFormat: 'wav',
		});
		expect('audioData' in response && response.audioData.length).toBeGreaterThan(1000);
	});

	test('different voices and texts sound different, the same ones the same', async () => {
		const say = async (voiceId: string, text: string) => {
			const response = await fixture.client.audio.speech.complete({
				...request,
				voiceId,
				input: text,
				responseFormat: 'wav',
			});
			const data = 'audioData' in response ? response.audioData : '';
			return createHash('sha256').update(data).digest('hex');
		};
		const first = await say('gb_jane_neutral', 'Good evening.');
		expect(await say('gb_jane_neutral', 'Good evening.')).toBe(first);
		expect(await say('gb_oliver_neutral', 'Good evening.')).not.toBe(first);
		expect(await say('gb_jane_neutral', 'Good morning.')).not.toBe(first);
	});

	test('speech tags are not spoken on generation 3 and read aloud on generation 2', async () => {
		const say = async (model: string, text: string) => {
			const response = await fixture.client.audio.speech.complete({
				...request,
				model,
				input: text,
				responseFormat: 'wav',
			});
			return 'audioData' in response ? response.audioData.length : 0;
		};
		const plain = await say('voxtral-mini-tts-3-0', 'Great news for everybody.');
		expect(await say('voxtral-mini-tts-3-0', '[emotion=happy] Great news for everybody.')).toBe(
			plain,
		);
		expect(
			await say('voxtral-mini-tts-2603', '[emotion=happy] Great news for everybody.'),
		).toBeGreaterThan(plain);
		expect(
			await say('voxtral-mini-tts-3-0', '[pace=slow] Great news for everybody.'),
		).toBeGreaterThan(plain);
	});
});

describe('synthesized speech uploaded for transcription', () => {
	const text = 'It is twelve degrees in Paris. Take a coat.';
	const speak = async (responseFormat: string, stream = false, input = text) => {
		const response = await fixture.call('/v1/audio/speech', {
			json: {
				model: 'voxtral-mini-tts-2603',
				input,
				voice_id: 'gb_jane_neutral',
				response_format: responseFormat,
				stream,
			},
		});
		if (!stream)
			return Buffer.from(((await response.json()) as { audio_data: string }).audio_data, 'base64');
		const found = (await response.text()).matchAll(/"audio_data":"([^"]*)"/g);
		return Buffer.concat([...found].map(([, data]) => Buffer.from(data ?? '', 'base64')));
	};
	const hear = async (bytes: Buffer) => {
		const response = await fixture.call('/v1/audio/transcriptions', {
			method: 'POST',
			body: form({ model: 'voxtral-mini-latest' }, bytes),
		});
		return ((await response.json()) as { text: string }).text;
	};

	test.each(['mp3', 'wav', 'flac', 'opus'])(
		'a spoken %s file is transcribed to its text',
		async (format) => {
			expect(await hear(await speak(format))).toBe(text);
		},
	);

	test('a streamed wav is transcribed with its open-ended header and with a corrected one', async () => {
		const bytes = await speak('wav', true);
		expect(await hear(bytes)).toBe(text);
		bytes.writeUInt32LE(bytes.length - 8, 4);
		bytes.writeUInt32LE(bytes.length - 44, 40);
		expect(await hear(bytes)).toBe(text);
	});

	test('samples converted to float and back are transcribed, with either scale', async () => {
		const floats = new Float32Array(new Uint8Array(await speak('pcm')).buffer);
		for (const scale of [32_767, 32_768]) {
			const samples = Int16Array.from(floats, (value) =>
				Math.max(-32_768, Math.min(32_767, Math.round(value * scale))),
			);
			expect(await hear(Buffer.concat([wavHeader(samples.length * 2), pcm16(samples)]))).toBe(text);
		}
	});

	test('clips joined without re-encoding are transcribed in order', async () => {
		const [one, two] = ['The first sentence is here.', 'And the second one follows.'];
		for (const format of ['wav', 'mp3', 'opus']) {
			const clips = await Promise.all([one, two].map((sentence) => speak(format, false, sentence)));
			const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = clips;
			const joined =
				format === 'wav'
					? Buffer.concat([
							wavHeader(),
							first.subarray(44),
							Buffer.alloc(9600),
							second.subarray(44),
						])
					: await join(clips, format === 'opus' ? 'ogg' : format);
			expect(await hear(joined)).toBe(`${one} ${two}`);
			const swapped = await join([second, first], format === 'opus' ? 'ogg' : format);
			expect(await hear(swapped)).toBe(`${two} ${one}`);
		}
	});

	test('two concatenated Ogg files are transcribed as damaged', async () => {
		const clips = [
			await speak('opus', false, 'One more.'),
			await speak('opus', false, 'Two more.'),
		];
		expect(await hear(Buffer.concat(clips))).toMatch(/The audio is damaged\.$/);
	});

	test('speech with a damaged middle or much missing is not transcribed', async () => {
		for (const format of ['wav', 'mp3', 'opus']) {
			const bytes = await speak(format);
			const harmed = Buffer.from(bytes);
			for (let index = 0; index < 400; index += 1) {
				const at = Math.floor(bytes.length / 2) + index;
				harmed[at] = (harmed[at] ?? 0) ^ 0x55;
			}
			expect(await hear(harmed)).not.toContain('Paris');
			expect(await hear(bytes.subarray(0, bytes.length / 2))).not.toContain('Paris');
		}
	});
});
