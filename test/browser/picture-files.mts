// Writes screenshots to docs/pictures as WebP, each small enough for a README.
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const { path: ffmpeg } = createRequire(import.meta.url)('@ffmpeg-installer/ffmpeg') as {
	path: string;
};

export const picturesFolder = fileURLToPath(new URL('../../docs/pictures/', import.meta.url));

export const runFfmpeg = async (args: readonly string[]): Promise<void> => {
	await promisify(execFile)(ffmpeg, ['-loglevel', 'error', '-y', ...args]);
};

/** @throws when the file is larger than a README should carry */
export const checkSize = async (file: string, largestBytes: number): Promise<void> => {
	const { size } = await stat(file);
	if (size > largestBytes)
		throw new Error(`${basename(file)} has ${size} bytes; at most ${largestBytes} are wanted`);
	console.log(`  ${basename(file)}`.padEnd(40), `${Math.round(size / 1024)} KB`);
};

/**
 * Writes `docs/pictures/<name>.webp` from PNG frames of one size; several become an animation, half a second
 * each: one that stays longer comes several times.
 *
 * @throws when the file would be larger than a README should carry
 */
export const savePicture = async (
	name: string,
	frames: readonly Uint8Array[],
	{ width = 1200, quality = 82, largestBytes = 200_000 } = {},
): Promise<void> => {
	await mkdir(picturesFolder, { recursive: true });
	const file = join(picturesFolder, `${name}.webp`);
	const work = await mkdtemp(join(tmpdir(), 'voxtral-pictures-'));
	try {
		for (const [index, frame] of frames.entries())
			await writeFile(join(work, `${index}.png`), frame);
		await runFfmpeg([
			...['-framerate', '2'],
			...['-i', join(work, '%d.png'), '-vf', `scale='min(${width},iw)':-2:flags=lanczos`],
			...['-c:v', frames.length > 1 ? 'libwebp_anim' : 'libwebp', '-quality', String(quality)],
			...['-compression_level', '6', '-loop', '0', file],
		]);
	} finally {
		await rm(work, { recursive: true, force: true });
	}
	await checkSize(file, largestBytes);
};
