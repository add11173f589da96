// Where Voxtral Transcribe gets its audio: binary fields in every binary mode, URLs, stored files, typed text instead.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { type BinaryMode, type Engine, packageRoot, startEngine } from '../../support/engine.mts';
import { ffmpegFile } from '../../support/media.mts';
import { recording, sha256, useEngineFixture } from '../../support/engine-fixture.mts';

jest.setTimeout(30_000);

const question = recording('question.ogg');
const words = 'What is the weather in Paris today?';

const fixture = useEngineFixture();

const uploads = () => fixture.standIn.requests.flatMap(({ form }) => form?.files ?? []);
const fieldsSent = () => Object.fromEntries(fixture.standIn.requests.at(-1)?.form?.fields ?? []);

/** Recordings by container: the file name and type sent to Mistral, then the names and types apps give them. */
const containers: [
	what: string,
	ffmpegArgs: string[],
	madeAs: string,
	disguises: [name: string | undefined, mimeType: string | undefined][],
	sentAs: string,
	sentType: string,
][] = [
	[
		'Telegram voice note',
		['-c:a', 'libopus'],
		'a.ogg',
		[
			['file_1.oga', 'audio/ogg'],
			['note.opus', 'audio/opus'],
			[undefined, undefined],
		],
		'ogg',
		'audio/ogg',
	],
	[
		'WhatsApp voice note',
		['-c:a', 'libopus', '-ar', '16000'],
		'a.ogg',
		[
			['PTT-20261122-WA0001.opus', 'audio/ogg; codecs=opus'],
			['data0', 'application/octet-stream'],
		],
		'ogg',
		'audio/ogg',
	],
	[
		'MP3',
		['-b:a', '32k'],
		'a.mp3',
		[
			['speech.mpga', 'audio/mpga'],
			['6f0c1f53-6a0b-4c3e-9d6c-0f4a0a6c1b01', 'audio/mpeg'],
			['data0.wav', 'audio/x-wav'],
		],
		'mp3',
		'audio/mpeg',
	],
	[
		'WAV',
		[],
		'a.wav',
		[
			['note.wave', 'audio/vnd.wave'],
			['blob', undefined],
		],
		'wav',
		'audio/wav',
	],
	[
		'FLAC',
		[],
		'a.flac',
		[
			['x.flac', 'audio/x-flac'],
			['x.bin', 'application/octet-stream'],
		],
		'flac',
		'audio/flac',
	],
	[
		'iPhone M4A',
		['-c:a', 'aac'],
		'a.m4a',
		[
			['New Recording 7.m4a', 'audio/x-m4a'],
			['audio', 'audio/mp4'],
		],
		'm4a',
		'audio/mp4',
	],
	[
		'browser WebM',
		['-c:a', 'libopus'],
		'a.webm',
		[
			['blob', 'audio/webm;codecs=opus'],
			['rec', 'video/webm'],
		],
		'webm',
		'audio/webm',
	],
	[
		'MP4 with sound only',
		['-c:a', 'aac', '-brand', 'isom'],
		'a.mp4',
		[
			['video.mp4', 'video/mp4'],
			[undefined, 'application/octet-stream'],
		],
		'mp4',
		'audio/mp4',
	],
	[
		'AAC stream',
		['-c:a', 'aac', '-f', 'adts'],
		'a.aac',
		[['x.aac', 'audio/aac']],
		'aac',
		'audio/aac',
	],
];

/** Each container, made once by ffmpeg for all binary modes. */
const made = new Map<string, Promise<Buffer>>();
const recorded = async (what: string, args: string[], madeAs: string): Promise<Buffer> => {
	const from = ['-i', join(packageRoot, 'test/recordings/question.wav'), '-vn', ...args];
	const file = made.get(what) ?? ffmpegFile(from, madeAs);
	made.set(what, file);
	return await file;
};

test('AMR fails with advice before any request is sent', async () => {
	const bytes = Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(64, 0x3c)]);
	const item = await fixture.engine.item(
		{ message: { text: 'hello' } },
		{ bytes, fileName: 'v.oga', mimeType: 'audio/ogg' },
	);
	for (const options of [{}, { typedMessage: 'hello' }]) {
		const { error } = await fixture.engine.run({
			nodes: [{ type: 'voxtralTranscribe', parameters: { options } }],
			items: [item],
		});
		expect(error?.message).toMatch(/AMR voice recording/);
		expect(error?.description).toMatch(/M4A or MP3/);
		expect(error?.context?.stage).toBe('transcribe.refused-format');
	}
	expect(fixture.standIn.requests).toEqual([]);
});

describe.each(['memory', 'filesystem', 'combined'] as const)(
	'binaries in %s',
	(mode: BinaryMode) => {
		let own: Engine;
		const run = async (item: Awaited<ReturnType<Engine['item']>>, parameters = {}) =>
			await own.run({ nodes: [{ type: 'voxtralTranscribe', parameters }], items: [item] });
		beforeAll(async () => {
			own = await startEngine({ apiKey: 'stand-in-key', baseUrl: fixture.standIn.url }, mode);
		});
		afterAll(async () => await own.close());

		test.each([
			['the field of the default name', 'data', {}],
			['the only field, whatever its name', 'voice_note', {}],
			['an expression that names the field', 'x', { binaryPropertyName: '={{ "x" }}' }],
		])('the audio file is found in %s', async (_where, field, parameters) => {
			const { items, error } = await run(
				await own.item({ chat: 7 }, { bytes: question, field }),
				parameters,
			);
			expect(error).toBeUndefined();
			expect(items[0]?.json).toMatchObject({ chat: 7, text: words, spoken: true });
			expect(items[0]?.pairedItem).toEqual({ item: 0 });
			expect(uploads()[0]?.sha256).toBe(sha256(question));
		});

		test.each(containers)(
			'%s is uploaded byte for byte with a file name and type that Mistral accepts',
			async (what, args, madeAs, disguises, sentAs, sentType) => {
				const bytes = await recorded(what, args, madeAs);
				const items = await Promise.all(
					disguises.map(([fileName, mimeType]) =>
						own.item(
							{},
							{ bytes, ...(fileName ? { fileName } : {}), ...(mimeType ? { mimeType } : {}) },
						),
					),
				);
				const { error, items: results } = await own.run({
					nodes: [{ type: 'voxtralTranscribe' }],
					items,
				});
				expect(error).toBeUndefined();
				expect(results).toHaveLength(disguises.length);
				expect(uploads()).toHaveLength(disguises.length);
				for (const upload of uploads()) {
					expect(upload.sha256).toBe(sha256(bytes));
					expect(upload.contentType).toBe(sentType);
					expect(upload.fileName).toMatch(new RegExp(`^[^/\\\\"\\r\\n]{1,64}\\.${sentAs}$`));
				}
			},
		);

		test('the only audio file among several files is used', async () => {
			const photo = {
				bytes: Buffer.from('\xff\xd8\xff\xe0photo', 'latin1'),
				mimeType: 'image/jpeg',
				field: 'photo',
			};
			const voice = { bytes: question, mimeType: 'audio/ogg', field: 'voice' };
			const { items } = await run(await own.item({}, photo, voice));
			expect(items[0]?.json.text).toBe(words);
		});

		test('an expression may give the file itself, also of an earlier node', async () => {
			const item = await own.item(
				{},
				{ bytes: question },
				{ bytes: recording('question-de.ogg'), field: 'two' },
			);
			// In combined mode n8n's expressions have no `.json`: an item is its JSON.
			const place = mode === 'combined' ? '_files' : 'binary';
			const parameters = { binaryPropertyName: `={{ $('Start').item.${place}.two }}` };
			const { items, error } = await run(item, parameters);
			expect(error).toBeUndefined();
			expect(items[0]?.json.text).toBe('Wie wird das Wetter heute in Berlin?');
		});

		test('the subtitle file is stored where the binary mode stores files', async () => {
			const item = await own.item({}, { bytes: question, fileName: 'a/b/Mein Gespräch.ogg' });
			const parameters = { options: { subtitleFile: 'vtt', subtitleField: 'captions' } };
			const { items, error } = await run(item, parameters);
			expect(error).toBeUndefined();
			const text = (await own.bytes(items[0], 'captions')).toString();
			expect(text).toBe(items[0]?.json.vtt);
			expect(text).toMatch(/^WEBVTT\n\n00:00:00\.090 --> 00:00:0\d\.\d{3}\nWhat is the weather/);
			const files = mode === 'combined' ? items[0]?.json._files : items[0]?.binary;
			expect(files).toMatchObject({
				captions: { fileName: 'Mein Gespräch.vtt', mimeType: 'text/vtt' },
			});
		});
	},
);

test('in combined mode the field may be a path as n8n writes it', async () => {
	const own = await startEngine(
		{ apiKey: 'stand-in-key', baseUrl: fixture.standIn.url },
		'combined',
	);
	const item = await own.item({}, { bytes: question, field: 'x' }, { bytes: question, field: 'y' });
	const parameters = { binaryPropertyName: '_files.y' };
	const { items } = await own.run({
		nodes: [{ type: 'voxtralTranscribe', parameters }],
		items: [item],
	});
	await own.close();
	expect(items[0]?.json.text).toBe(words);
});

describe('a URL', () => {
	const run = async (url: unknown, options = {}) =>
		await fixture.engine.run({
			nodes: [
				{ type: 'voxtralTranscribe', parameters: { source: 'url', url: url as string, options } },
			],
			items: [{ json: { link: 'kept' } }],
		});

	test('a URL is passed to Mistral, which fetches it', async () => {
		const shelf = createServer((_, response) => response.end(question)).listen(0, '127.0.0.1');
		await new Promise((resolve) => shelf.once('listening', resolve));
		const { port } = shelf.address() as { port: number };
		const address = `http://127.0.0.1:${port}/my note.ogg?x=ü`;
		const { items, error } = await run(` ${address}\n`);
		shelf.close();
		expect(error).toBeUndefined();
		expect(items[0]?.json).toMatchObject({ link: 'kept', text: words });
		expect(uploads()).toEqual([]);
		expect(fieldsSent()).toMatchObject({ file_url: new URL(address).href });
	});

	test.each([
		['={{ $json.nothing }}', 'URL is empty'],
		['not an address', 'URL is not a web address'],
		['ftp://example.com/a.mp3', 'URL is not a web address'],
		['javascript:alert(1)', 'URL is not a web address'],
		[
			`https://example.com/${'a'.repeat(2100)}`,
			'URL is longer than Mistral takes (2083 characters)',
		],
	])('an invalid URL (%#) fails before any request is sent', async (url, message) => {
		const { error } = await run(url);
		expect(error?.message).toBe(`${message} [item 0]`);
		expect(fixture.standIn.requests).toEqual([]);
	});

	test('a URL that Mistral cannot fetch fails with the message of Mistral', async () => {
		const { error } = await run('https://example.com/a.mp3');
		expect(error?.message).toMatch(/Could not download/);
	});
});

describe('a file stored at Mistral', () => {
	const store = async (name: string) => {
		const form = new FormData();
		form.append('purpose', 'audio');
		form.append('file', new File([new Uint8Array(question)], name));
		const headers = { authorization: 'Bearer stand-in-key' };
		const response = await fetch(`${fixture.standIn.url}/v1/files`, {
			method: 'POST',
			body: form,
			headers,
		});
		return ((await response.json()) as { id: string }).id;
	};
	const run = async (fileId: object) =>
		await fixture.engine.run({
			nodes: [
				{
					type: 'voxtralTranscribe',
					parameters: { source: 'file', fileId: { __rl: true, ...fileId } },
				},
			],
		});

	test('a stored file is transcribed by its id and is not deleted', async () => {
		const id = await store('kept.ogg');
		const { items, error } = await run({ mode: 'id', value: ` ${id} ` });
		expect(error).toBeUndefined();
		expect(items[0]?.json.text).toBe(words);
		expect(fieldsSent()).toMatchObject({ file_id: id });
		expect(fixture.standIn.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
	});

	test('the live list of stored files can be searched and paged', async () => {
		await Promise.all(['interview.ogg', 'meeting.ogg'].map(store));
		const all = await fixture.engine.list('voxtralTranscribe', 'searchAudioFiles');
		expect(all.results.map(({ name }) => name)).toEqual(
			expect.arrayContaining([
				expect.stringMatching(/^interview\.ogg \(\d{4}-\d\d-\d\d, 0\.0 MB\)$/),
			]),
		);
		expect(all.paginationToken).toBeUndefined();
		const some = await fixture.engine.list('voxtralTranscribe', 'searchAudioFiles', ' meet ');
		expect(some.results.map(({ name }) => name)).toEqual([expect.stringMatching(/^meeting/)]);
		for (let index = 0; index < 99; index++) await store(`n${index}.ogg`);
		const first = await fixture.engine.list('voxtralTranscribe', 'searchAudioFiles');
		const second = await fixture.engine.list(
			'voxtralTranscribe',
			'searchAudioFiles',
			'',
			first.paginationToken,
		);
		expect([first.results.length, second.results.length]).toEqual([100, 1]);
		expect(fixture.standIn.requests.at(-1)?.query.get('purpose')).toBe('audio');
	});

	test('a stored file that does not exist fails with a clear message', async () => {
		const { error } = await run({ mode: 'id', value: 'file-that-never-was' });
		expect(error?.message).toMatch(/cannot find/);
		const empty = await run({ mode: 'id', value: '={{ $json.nothing }}' });
		expect(empty.error?.message).toBe('File is empty [item 0]');
	});
});

describe('typed or spoken messages', () => {
	const parameters = {
		options: { typedMessage: '={{ $json.message?.text ?? $json.chatInput ?? $json.text }}' },
	};
	const run = async (items: Awaited<ReturnType<Engine['item']>>[], more = {}) =>
		await fixture.engine.run({
			nodes: [{ type: 'voxtralTranscribe', parameters: { ...parameters, ...more } }],
			items,
		});

	test('a typed message passes through and a spoken one is transcribed, both paired', async () => {
		const { items, error } = await run([
			{ json: { message: { text: ' Bonjour ', chat: { id: 7 } } } },
			await fixture.engine.item({ message: { chat: { id: 8 } } }, { bytes: question }),
			{ json: { chatInput: 'Hello' } },
		]);
		expect(error).toBeUndefined();
		expect(items.map(({ json: { text, spoken } }) => [text, spoken])).toEqual([
			['Bonjour', false],
			[words, true],
			['Hello', false],
		]);
		expect(items.map(({ pairedItem }) => pairedItem)).toEqual([
			{ item: 0 },
			{ item: 1 },
			{ item: 2 },
		]);
		expect(items[0]?.json.message).toMatchObject({ chat: { id: 7 } });
		expect(fixture.standIn.requests).toHaveLength(1);
	});

	test('audio takes precedence over text', async () => {
		const { items } = await run([
			await fixture.engine.item({ chatInput: 'typed' }, { bytes: question, field: 'data0' }),
		]);
		expect(items[0]?.json.text).toBe(words);
	});

	test('a picture with a caption gives the caption', async () => {
		const photo = {
			bytes: Buffer.from('\xff\xd8\xff\xe0 photo', 'latin1'),
			mimeType: 'image/jpeg',
		};
		const { items } = await run([await fixture.engine.item({ chatInput: 'Look!' }, photo)]);
		expect(items[0]?.json).toMatchObject({ text: 'Look!', spoken: false });
	});

	test('an item with neither audio nor text fails as missing audio', async () => {
		const { error } = await run([{ json: { message: { text: '  ' } } }]);
		expect(error?.context?.stage).toBe('transcribe.no-audio');
	});

	test('typed messages also pass through when the source is a URL', async () => {
		const { items } = await run([{ json: { chatInput: 'typed' } }], {
			source: 'url',
			url: '={{ $json.link }}',
		});
		expect(items[0]?.json.text).toBe('typed');
	});
});
