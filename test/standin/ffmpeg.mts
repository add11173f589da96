// Runs ffmpeg and ffprobe from their npm packages, at most two at a time.
import { execFile } from 'node:child_process';
import { access, chmod, constants, copyFile, mkdtemp } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const require = createRequire(import.meta.url);
const outputLimitBytes = 256 * 1024 * 1024;

const ready = new Map<string, Promise<string>>();

/** Packages installed without scripts lack the executable bit; on a read-only file system a copy is made. */
function executable(packageName: string): Promise<string> {
	const known = ready.get(packageName);
	if (known) return known;
	const prepared = prepare((require(packageName) as { path: string }).path);
	ready.set(packageName, prepared);
	return prepared;
}

async function prepare(path: string): Promise<string> {
	if (await isExecutable(path)) return path;
	await chmod(path, 0o755).catch(() => undefined);
	if (await isExecutable(path)) return path;
	const copy = join(await mkdtemp(join(tmpdir(), 'stand-in-tools-')), basename(path));
	await copyFile(path, copy);
	await chmod(copy, 0o755);
	return copy;
}

const isExecutable = (path: string) =>
	access(path, constants.X_OK).then(
		() => true,
		() => false,
	);

let running = 0;
const waiting: (() => void)[] = [];

async function run(
	packageName: string,
	args: string[],
	input?: Uint8Array,
): Promise<{ stdout: Buffer; stderr: string }> {
	const path = await executable(packageName);
	if (running >= 2) await new Promise<void>((resolve) => waiting.push(resolve));
	else running += 1;
	try {
		return await new Promise((resolve, reject) => {
			const child = execFile(
				path,
				args,
				{ encoding: 'buffer', maxBuffer: outputLimitBytes, timeout: 120_000 },
				(error, stdout, stderr) => {
					if (error)
						reject(new Error(`${basename(path)}: ${String(stderr).trim() || error.message}`));
					else resolve({ stdout, stderr: String(stderr) });
				},
			);
			child.stdin?.on('error', () => undefined);
			child.stdin?.end(input);
		});
	} finally {
		const next = waiting.shift();
		if (next) next();
		else running -= 1;
	}
}

export const ffmpeg = (args: string[], input?: Uint8Array) =>
	run('@ffmpeg-installer/ffmpeg', ['-hide_banner', '-nostdin', '-v', 'error', ...args], input);

export const ffprobe = (args: string[]) =>
	run('@ffprobe-installer/ffprobe', ['-v', 'error', ...args]);
