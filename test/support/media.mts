// Real ffmpeg and ffprobe for tests: make audio of any kind, and ask what a file truly holds.

import { spawn } from 'node:child_process';
import { chmodSync, statSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

function executable(packageName: string): string {
	const { path } = require(packageName) as { path: string };
	// The ffprobe package is published without the executable bit.
	if ((statSync(path).mode & 0o100) === 0) chmodSync(path, 0o755);
	return path;
}

interface Finished {
	stdout: Buffer;
	stderr: string;
	exitCode: number | null;
}

function run(path: string, args: readonly string[], input?: Uint8Array): Promise<Finished> {
	return new Promise((resolve, reject) => {
		const child = spawn(path, args, { timeout: 30_000, stdio: ['pipe', 'pipe', 'pipe'] });
		const stdout: Buffer[] = [];
		const stderr: Buffer[] = [];
		child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
		child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
		// ffmpeg may stop reading before all input is written; its exit code tells whether that is bad.
		child.stdin.on('error', () => undefined);
		child.on('error', reject);
		child.on('close', (exitCode) =>
			resolve({
				stdout: Buffer.concat(stdout),
				stderr: Buffer.concat(stderr).toString(),
				exitCode,
			}),
		);
		child.stdin.end(input);
	});
}

async function inTemporaryFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
	const folder = await mkdtemp(join(tmpdir(), 'voxtral-media-'));
	try {
		return await work(folder);
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
}

/** Runs ffmpeg; returns what it wrote to its standard output. Throws with its messages if it fails. */
export async function ffmpeg(args: readonly string[], input?: Uint8Array): Promise<Buffer> {
	const path = executable('@ffmpeg-installer/ffmpeg');
	const finished = await run(path, ['-hide_banner', '-nostdin', '-v', 'error', ...args], input);
	if (finished.exitCode !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${finished.stderr}`);
	return finished.stdout;
}

/**
 * Runs ffmpeg with a real, seekable output file of this name and returns its bytes. Containers
 * written to a pipe lack sizes and totals.
 */
export function ffmpegFile(args: readonly string[], fileName: string): Promise<Buffer> {
	return inTemporaryFolder(async (folder) => {
		const path = join(folder, fileName);
		await ffmpeg([...args, path]);
		return await readFile(path);
	});
}

export interface Probe {
	formatName: string;
	/** Duration stated by the container. */
	durationSeconds: number;
	codec: string;
	sampleRate: number;
	channels: number;
	/** Errors ffprobe reports while it reads the whole file; '' for a valid one. */
	complaints: string;
}

interface ProbeJson {
	format: { format_name: string; duration?: string };
	streams: Array<{ codec_name: string; sample_rate?: string; channels?: number }>;
}

/** Probes a file of these bytes with ffprobe. */
export function ffprobe(bytes: Uint8Array, fileName = 'audio'): Promise<Probe> {
	return inTemporaryFolder(async (folder) => {
		const path = join(folder, fileName);
		await writeFile(path, bytes);
		const shown = ['-count_frames', '-show_format', '-show_streams'];
		const args = ['-v', 'error', '-of', 'json', ...shown, path];
		const finished = await run(executable('@ffprobe-installer/ffprobe'), args);
		if (finished.exitCode !== 0) throw new Error(`ffprobe: ${finished.stderr}`);
		const { format, streams } = JSON.parse(finished.stdout.toString()) as ProbeJson;
		const [stream] = streams;
		return {
			formatName: format.format_name,
			durationSeconds: Number(format.duration),
			codec: stream?.codec_name ?? '',
			sampleRate: Number(stream?.sample_rate),
			channels: stream?.channels ?? 0,
			complaints: finished.stderr.trim(),
		};
	});
}

/**
 * Everything ffprobe and a full decode complain about at warning level, and, where it is installed
 * (Debian: opus-tools), what opusinfo finds wrong with an Ogg Opus file: '' for a clean one.
 */
export function probeWarnings(bytes: Uint8Array, fileName = 'audio'): Promise<string> {
	return inTemporaryFolder(async (folder) => {
		const path = join(folder, fileName);
		await writeFile(path, bytes);
		const verbosity = ['-hide_banner', '-v', 'warning'];
		const [probed, decoded] = await Promise.all([
			run(executable('@ffprobe-installer/ffprobe'), [...verbosity, path]),
			run(executable('@ffmpeg-installer/ffmpeg'), [
				...['-nostdin', ...verbosity, '-i', path],
				...['-f', 'null', '-'],
			]),
		]);
		// Said of every mono or stereo file without a channel map, ffmpeg's own included.
		const ordinary = /^.*Guessed Channel Layout.*\n/gm;
		const complaints = (probed.stderr + decoded.stderr).replace(ordinary, '');
		return complaints + (isOgg(bytes) ? await opusComplaints(path) : '');
	});
}

const isOgg = (bytes: Uint8Array): boolean =>
	Buffer.from(bytes.subarray(0, 4)).equals(Buffer.from('OggS'));

async function opusComplaints(path: string): Promise<string> {
	const report = await run('opusinfo', [path]).catch((thrown: unknown) => {
		if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
		throw thrown;
	});
	if (!report) return '';
	const lines = `${report.stdout.toString()}${report.stderr}`.split('\n');
	// The tests' own encoder counts its pre-skip in input samples, so its files begin that way.
	const ordinary = /Implausibly low preskip/;
	return lines
		.filter((line) => /warning|error|corrupt|hole|illegal/i.test(line) && !ordinary.test(line))
		.join('\n');
}

/** Decodes to mono int16 samples at `sampleRate`: the truth about what a listener hears. */
export function decodeSamples(
	bytes: Uint8Array,
	sampleRate: number,
	inputArgs: readonly string[] = [],
): Promise<Int16Array> {
	return inTemporaryFolder(async (folder) => {
		const path = join(folder, 'audio');
		await writeFile(path, bytes);
		const output = ['-f', 's16le', '-ac', '1', '-ar', String(sampleRate), '-'];
		const raw = await ffmpeg([...inputArgs, '-i', path, ...output]);
		return new Int16Array(raw.buffer.slice(raw.byteOffset, raw.byteOffset + raw.length));
	});
}

/** ffmpeg input of a tone that swells and fades, so that order and silence can be report apart. */
export const tone = (seconds: number, hertz = 440, sampleRate = 24_000): string[] => [
	...['-f', 'lavfi', '-i'],
	`aevalsrc=0.4*sin(2*PI*${hertz}*t)*sin(PI*t/${seconds}):d=${seconds}:s=${sampleRate}`,
];

/** The header of a 16-bit WAV file that is `bytes` long as a whole, for files too large to be made by ffmpeg. */
export function wavHeader(bytes: number, sampleRate: number, channels: number): Buffer {
	const header = Buffer.alloc(44);
	const frameBytes = 2 * channels;
	header.write('RIFF', 0);
	header.writeUInt32LE(bytes - 8, 4);
	header.write('WAVEfmt ', 8);
	header.writeUInt32LE(16, 16);
	header.writeUInt16LE(1, 20);
	header.writeUInt16LE(channels, 22);
	header.writeUInt32LE(sampleRate, 24);
	header.writeUInt32LE(sampleRate * frameBytes, 28);
	header.writeUInt16LE(frameBytes, 32);
	header.writeUInt16LE(16, 34);
	header.write('data', 36);
	header.writeUInt32LE(bytes - 44, 40);
	return header;
}
