// The microphone page against handwritten responses: event formats, split lines, audio formats, broken responses.
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { launchWithMicrophone, TalkPage } from './talk-page.mts';
import { watched } from './launch.mts';

jest.setTimeout(120_000);

const page = new URL('../../workflows/talk.html', import.meta.url).href;
const mp3 = await readFile(new URL('../recordings/question.mp3', import.meta.url));

let browser: Browser;
let server: Server;
let talk: TalkPage | undefined;
/** Writes the response of the workflow. */
let answer: (reply: ServerResponse) => void | Promise<void>;

beforeAll(async () => {
	browser = await launchWithMicrophone();
	server = createServer((request, reply) => {
		reply.setHeader('access-control-allow-origin', '*');
		request.resume().on('end', () => void answer(reply));
	});
	await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
	await talk?.page.context().close();
	talk = undefined;
});
afterAll(async () => {
	await browser.close();
	server.closeAllConnections();
	server.close();
});

const webhook = (): string =>
	`http://127.0.0.1:${(server.address() as AddressInfo).port}/webhook/talk`;

const line = (type: string, content?: unknown, nodeName = 'Voxtral Assistant'): string =>
	`${JSON.stringify({
		type,
		...(content !== undefined && {
			content: typeof content === 'string' ? content : JSON.stringify(content),
		}),
		metadata: { nodeId: '1', nodeName, itemIndex: 0 },
	})}\n`;

/** Half a second of a tone as 16-bit samples. */
const tone = (hertz = 440): Buffer => {
	const samples = Int16Array.from({ length: 12_000 }, (_, index) =>
		Math.round(12_000 * Math.sin((2 * Math.PI * hertz * index) / 24_000)),
	);
	return Buffer.from(samples.buffer);
};

const audio = (data: Buffer, facts: object = {}) => ({
	type: 'audio',
	seq: 0,
	piece: 0,
	format: 'pcm_s16le',
	sampleRate: 24_000,
	channels: 1,
	...facts,
	data: data.toString('base64'),
});

/** A test that types a question and checks how the page handles `reply`. */
const asks = (
	name: string,
	reply: (response: ServerResponse) => void | Promise<void>,
	judge: (talk: TalkPage) => Promise<void>,
): void =>
	test(name, async () => {
		answer = reply;
		talk = await TalkPage.open(browser, `${page}?webhook=${encodeURIComponent(webhook())}`);
		const shown = talk;
		await watched(shown.page, name.replaceAll(/\W+/g, '-'), async () => {
			await shown.page.getByLabel('Or type your question').fill('Well?');
			await shown.page.keyboard.press('Enter');
			await judge(shown);
		});
	});

const problemOf = async ({ problem }: TalkPage): Promise<string> => {
	await problem.waitFor();
	return await problem.innerText();
};

describe('text events', () => {
	asks(
		'lines and multi-byte characters split between chunks are read, keepalives are ignored',
		async (reply) => {
			const whole = Buffer.from(
				line('begin') +
					line('item', { type: 'text', delta: 'Grüße aus Köln, ' }) +
					'{"type":"keepalive"}\n' +
					line('item', { type: 'text', delta: '世界 👋' }) +
					line('end'),
			);
			for (let at = 0; at < whole.length; at += 7) {
				reply.write(whole.subarray(at, at + 7));
				await new Promise((resolve) => setTimeout(resolve, 1));
			}
			reply.end();
		},
		async ({ lastTurn, page: shown }) => {
			await shown.locator('.turn[data-done-ms]').waitFor();
			expect(await lastTurn.locator('.answer').innerText()).toBe('Grüße aus Köln, 世界 👋');
		},
	);

	asks(
		'sources become links, only to web pages and each once',
		(reply) => {
			const sources = [
				{ title: 'Weather', url: 'https://example.com/weather' },
				{ title: 'Again', url: 'https://example.com/weather' },
				{ title: 'Trap', url: 'javascript:alert(1)' },
			];
			reply.end(
				line('begin') +
					line('item', { type: 'text', delta: 'See <img src=x onerror=alert(1)> **there**.' }) +
					line('item', { type: 'sources', sources }) +
					line('end'),
			);
		},
		async ({ lastTurn, page: shown }) => {
			await shown.locator('.turn[data-done-ms]').waitFor();
			expect(await lastTurn.getByRole('link').allInnerTexts()).toEqual(['Weather']);
			expect(await lastTurn.getByRole('link').getAttribute('href')).toBe(
				'https://example.com/weather',
			);
			expect(await lastTurn.locator('img').count()).toBe(0);
			expect(await lastTurn.locator('.answer').innerText()).toContain('<img src=x');
		},
	);

	asks(
		'plain text of Mistral Agent and live text of Voxtral Transcribe are shown',
		(reply) => {
			reply.end(
				line('begin', undefined, 'Voxtral Transcribe') +
					line('item', 'How is ', 'Voxtral Transcribe') +
					line('item', 'it?', 'Voxtral Transcribe') +
					line('end', undefined, 'Voxtral Transcribe') +
					line('begin', undefined, 'Mistral Agent') +
					line('item', '{"a": 1} is JSON', 'Mistral Agent') +
					line('end', undefined, 'Mistral Agent'),
			);
		},
		async ({ lastTurn, page: shown }) => {
			await shown.locator('.turn[data-done-ms]').waitFor();
			expect(await lastTurn.locator('.said').innerText()).toBe('How is it?');
			expect(await lastTurn.locator('.answer').innerText()).toBe('{"a": 1} is JSON');
		},
	);
});

describe('audio events', () => {
	asks(
		'samples play while the response is still open',
		async (reply) => {
			reply.write(line('begin') + line('item', audio(tone())));
			await new Promise((resolve) => setTimeout(resolve, 1500));
			reply.end(line('item', { type: 'done' }) + line('end'));
		},
		async (shown) => {
			await shown.reaches('speaking');
			await shown.reaches('ready');
			const { soundAtMs = Infinity, replyEndedAtMs = 0 } = await shown.observed();
			expect(soundAtMs).toBeLessThan(replyEndedAtMs - 500);
		},
	);

	asks(
		'MP3 pieces that are separate files play one after the other',
		(reply) => {
			const half = Math.floor(mp3.length / 2);
			const pieces = [0, 1].flatMap((piece) => [
				line('item', audio(mp3.subarray(0, half), { format: 'mp3', piece })),
				line('item', audio(mp3.subarray(half), { format: 'mp3', piece })),
			]);
			reply.end(line('begin') + pieces.join('') + line('end'));
		},
		async (shown) => {
			await shown.reaches('speaking');
			const began = Date.now();
			await shown.reaches('ready');
			// Twice 2.2 seconds.
			expect(Date.now() - began).toBeGreaterThan(3500);
		},
	);

	asks(
		'a whole file plays from a workflow that does not stream',
		(reply) => void reply.setHeader('content-type', 'audio/mpeg').end(mp3),
		async (shown) => {
			await shown.reaches('speaking');
			expect((await shown.observed()).soundAtMs ?? 0).toBeGreaterThanOrEqual(0);
			await shown.reaches('ready');
			expect((await shown.observed()).soundAtMs).toBeDefined();
		},
	);
});

describe('error messages', () => {
	asks(
		'a response that breaks off',
		(reply) => {
			reply.write(line('begin') + line('item', { type: 'text', delta: 'It is' }));
			setTimeout(() => reply.destroy(), 200);
		},
		async (shown) => {
			expect(await problemOf(shown)).toMatch(/connection broke before the answer was complete/);
			expect(await shown.lastTurn.locator('.answer').innerText()).toBe('It is');
		},
	);

	asks(
		'a response that ends too early',
		(reply) => void reply.end(line('begin') + line('item', 'It is')),
		async (shown) => {
			expect(await problemOf(shown)).toMatch(/connection broke before the answer was complete/);
		},
	);

	asks(
		'a workflow that responds immediately without an answer',
		(reply) => void reply.end(JSON.stringify({ message: 'Workflow was started' })),
		async (shown) => {
			expect(await problemOf(shown)).toMatch(/not piece by piece[^]*Streaming/);
		},
	);

	asks(
		'a speech failure shows the text and why it is not spoken',
		(reply) => {
			const stage = 'talk.quota';
			const message = 'Mistral has no more credit.';
			reply.end(
				line('begin') +
					line('item', { type: 'text', delta: 'Nineteen degrees.' }) +
					line('item', { type: 'error', stage, message, description: 'Top it up.' }) +
					line('end'),
			);
		},
		async (shown) => {
			await shown.page.locator('.turn[data-done-ms]').waitFor();
			expect(await shown.lastTurn.innerText()).toMatch(
				/Nineteen degrees\.[^]*no more credit\. Top it up\./,
			);
		},
	);

	asks(
		'a webhook that requires authentication',
		(reply) => void reply.writeHead(403).end('Authorization data is wrong!'),
		async (shown) => {
			expect(await problemOf(shown)).toMatch(/wants a login[^]*Authentication/);
		},
	);
});
