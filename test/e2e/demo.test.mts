// The demo, npm start: one turn, an answer, no process left behind.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { startStandIn } from '../standin/index.mts';
import { ffprobe } from '../support/media.mts';

jest.setTimeout(180_000);

const checkout = fileURLToPath(new URL('../..', import.meta.url));

const question = join(checkout, 'test', 'recordings', 'question.ogg');

let folder: string;
const running = new Set<ChildProcess>();

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'voxtral-start-'));
});
afterEach(() => {
	for (const child of running) child.kill('SIGKILL');
	running.clear();
});
afterAll(async () => await rm(folder, { recursive: true, force: true }));

const start = (args: readonly string[], environment: Record<string, string> = {}) => {
	// Started without npm, so that signals reach the command itself.
	const child = spawn(process.execPath, [join('demo', 'start.mjs'), ...args], {
		cwd: checkout,
		env: {
			...process.env,
			MISTRAL_API_KEY: '',
			N8N_VOXTRAL_DEMO: join(folder, 'demo'),
			...environment,
		},
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	running.add(child);
	let output = '';
	const waiting = new Set<() => void>();
	for (const stream of [child.stdout, child.stderr])
		stream.on('data', (chunk: Buffer) => {
			output += chunk.toString();
			for (const look of waiting) look();
		});
	const code = new Promise<number | null>((resolve) => child.on('close', resolve));
	const said = async (pattern: RegExp): Promise<void> =>
		await new Promise((resolve, reject) => {
			const look = (): void => {
				if (pattern.test(output)) resolve();
			};
			waiting.add(look);
			look();
			void code.then(() => reject(new Error(`It ended without saying ${pattern}:\n${output}`)));
		});
	return { child, code, said, output: () => output };
};

/** Whether any process of the n8n that the demo started last is still running. */
const n8nLives = async (): Promise<boolean> => {
	const pid = Number(await readFile(join(folder, 'demo', 'n8n.pid'), 'utf8'));
	try {
		process.kill(-pid, 0);
		return true;
	} catch {
		return false;
	}
};

const pause = async (ms: number): Promise<void> =>
	await new Promise((resolve) => setTimeout(resolve, ms));

describe('npm start -- --once', () => {
	test('npm start -- --once answers the recorded question with speech and exits', async () => {
		const reply = join(folder, 'answer.mp3');
		const { code, output } = start(['--once', question, reply]);
		expect({ code: await code, output: output() }).toMatchObject({ code: 0 });
		expect(output()).toMatch(/Talking to +a stand-in/);
		expect(output()).toMatch(/It heard +\w/);
		expect(output()).toMatch(/It answered +\w/);
		expect(output()).toMatch(/Sources +1\. .*https?:/);
		expect(output()).toMatch(
			/Time +hearing .*answering .*speaking .*\n.*from question to spoken answer/,
		);
		expect(await ffprobe(await readFile(reply))).toMatchObject({
			formatName: 'mp3',
			complaints: '',
		});
		expect(await n8nLives()).toBe(false);
	});

	test('npm start -- --once uses MISTRAL_BASE_URL and MISTRAL_API_KEY and never prints the key', async () => {
		const key = 'a-key-that-must-stay-secret';
		const standIn = await startStandIn({ apiKeys: [key] });
		try {
			const { code, output } = start(['--once', question, join(folder, 'keyed.mp3')], {
				MISTRAL_API_KEY: key,
				MISTRAL_BASE_URL: standIn.url,
			});
			expect({ code: await code, output: output() }).toMatchObject({ code: 0 });
			expect(output()).toMatch(/Talking to +Mistral, at 127\.0\.0\.1/);
			expect(output()).not.toContain(key);
			expect(standIn.requests.map(({ path }) => path)).toEqual(
				expect.arrayContaining([
					'/v1/audio/transcriptions',
					'/v1/conversations',
					'/v1/audio/speech',
				]),
			);
		} finally {
			await standIn.close();
		}
	});

	test('npm start -- --once prints one sentence on failure', async () => {
		const { code, output } = start(['--once', 'no-such-recording.mp3']);
		expect(await code).toBe(1);
		expect(output()).toMatch(/no-such-recording\.mp3 was not found/);
		expect(output()).not.toMatch(/\n\s+at /);
		expect(await n8nLives()).toBe(false);
	});
});

describe('npm start', () => {
	const shown = (output: string) => ({
		editor: /Editor +(http\S+?)\/workflow/.exec(output)?.[1] ?? '',
		workflow: /\/workflow\/(\w+)/.exec(output)?.[1] ?? '',
		login: /Login +(.*)/.exec(output)?.[1] ?? '',
		page: /Talk to it +(http\S+)/.exec(output)?.[1] ?? '',
	});
	let before: ReturnType<typeof shown>;

	test('npm start runs until Ctrl-C and leaves no process behind', async () => {
		const { child, code, said, output } = start([]);
		await said(/Press Ctrl-C/);
		const { editor, page } = shown(output());
		expect((await fetch(editor)).status).toBe(200);

		// The microphone page and its workflow.
		expect(await (await fetch(page)).text()).toContain('Ask something, out loud');
		const webhook = new URL(page).searchParams.get('webhook') ?? '';
		const form = new FormData();
		form.append('text', 'Are you there?');
		const answer = await (await fetch(webhook, { method: 'POST', body: form })).text();
		expect(answer).toMatch(/\\"type\\":\\"text\\"/);
		expect(answer).toMatch(/\\"type\\":\\"audio\\"/);

		// A single turn beside it starts a temporary n8n.
		const beside = start(['--once', question, join(folder, 'beside.mp3')]);
		expect({ code: await beside.code, output: beside.output() }).toMatchObject({ code: 0 });
		const again = start([]);
		expect(await again.code).toBe(1);
		expect(again.output()).toContain(`already running: open ${editor}`);

		child.kill('SIGTERM');
		expect(await code).toBe(0);
		expect(await n8nLives()).toBe(false);
		await expect(fetch(editor)).rejects.toThrow('fetch failed');
		before = shown(output());
	});

	test('npm start keeps its login and workflow, skips a busy port, and n8n ends with it when it is killed', async () => {
		const squatter = createServer().listen(Number(new URL(before.editor).port), '127.0.0.1');
		try {
			const { child, said, output } = start([]);
			await said(/Press Ctrl-C/);
			const after = shown(output());
			expect(after).toMatchObject({ workflow: before.workflow, login: before.login });
			expect(after.editor).not.toBe(before.editor);
			expect(await n8nLives()).toBe(true);
			child.kill('SIGKILL');
			for (let waitedMs = 0; waitedMs < 20_000 && (await n8nLives()); waitedMs += 200)
				await pause(200);
			expect(await n8nLives()).toBe(false);
		} finally {
			squatter.close();
		}
	});
});
