// The cache outside the checkout: atomic fill, locks between processes.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { filledOnce, tryToHold } from '../../../harness/cache.mjs';

let folder: string;
const setting = process.env.N8N_VOXTRAL_CACHE;

beforeEach(async () => {
	folder = await mkdtemp(join(tmpdir(), 'voxtral-cache-'));
	process.env.N8N_VOXTRAL_CACHE = folder;
});
afterEach(async () => {
	if (setting === undefined) delete process.env.N8N_VOXTRAL_CACHE;
	else process.env.N8N_VOXTRAL_CACHE = setting;
	await rm(folder, { recursive: true, force: true });
});

describe('filledOnce', () => {
	test('filledOnce fills a folder the first time only', async () => {
		let fills = 0;
		const fill = async (part: string): Promise<void> => {
			fills++;
			await writeFile(join(part, 'thing'), 'whole');
		};
		const first = await filledOnce('things', fill);
		expect(await filledOnce('things', fill)).toBe(first);
		expect(fills).toBe(1);
		expect(await readFile(join(first, 'thing'), 'utf8')).toBe('whole');
	});

	test('filledOnce leaves nothing when filling fails, and can be retried', async () => {
		const failing = filledOnce('things', async (part) => {
			await writeFile(join(part, 'thing'), 'half');
			throw new Error('no network');
		});
		await expect(failing).rejects.toThrow('no network');
		expect(await readdir(folder)).toEqual([]);
		await filledOnce('things', async () => undefined);
		expect(await readdir(folder)).toEqual(['things']);
	});

	test('filledOnce removes partial folders of a killed process', async () => {
		await mkdir(join(folder, 'things.part-1'));
		await filledOnce('things', async () => undefined);
		expect(await readdir(folder)).toEqual(['things']);
	});

	test('filledOnce: of two processes one fills and the other waits', async () => {
		const module = fileURLToPath(new URL('../../../harness/cache.mjs', import.meta.url));
		const script = `
			import { appendFile } from 'node:fs/promises';
			import { filledOnce } from ${JSON.stringify(module)};
			await filledOnce('things', async () => {
				await appendFile(${JSON.stringify(join(folder, 'fills'))}, 'x');
				await new Promise((done) => setTimeout(done, 300));
			});`;
		const start = async () =>
			await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
				env: { ...process.env, N8N_VOXTRAL_CACHE: folder },
			});
		await Promise.all([start(), start()]);
		expect(await readFile(join(folder, 'fills'), 'utf8')).toBe('x');
		expect(existsSync(join(folder, 'things'))).toBe(true);
	});
});

describe('tryToHold', () => {
	test('tryToHold gives the lock to one holder, and to the next after release', async () => {
		const lock = join(folder, 'lock');
		const release = await tryToHold(lock);
		expect(await tryToHold(lock)).toBeUndefined();
		release?.();
		(await tryToHold(lock))?.();
		expect(existsSync(lock)).toBe(false);
	});

	test('tryToHold takes over a stale lock of a dead process', async () => {
		const lock = join(folder, 'lock');
		const { stdout } = await promisify(execFile)(process.execPath, [
			'-p',
			'`${os.hostname()} ${process.pid}`',
		]);
		await writeFile(lock, stdout.trim());
		const release = await tryToHold(lock);
		expect(release).toBeDefined();
		release?.();
	});
});
