// Writes what was filmed in several browser pages to docs/pictures, side by side in one animated WebP.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkSize, picturesFolder, runFfmpeg } from './picture-files.mts';

export interface TimedFrame {
	png: Uint8Array;
	/** When the browser drew it, in seconds of one clock for all panes. */
	atSeconds: number;
}

export interface Pane {
	frames: readonly TimedFrame[];
	/** What is cut out of each frame; all of it when absent. */
	part?: { x: number; y: number; width: number; height: number };
}

/** Writes one pane's frames and a list that shows each for as long as it stood on the screen. */
const concatList = async (
	work: string,
	index: number,
	frames: readonly TimedFrame[],
	[startSeconds, endSeconds]: readonly [number, number],
): Promise<string> => {
	const lines: string[] = [];
	for (const [at, { png, atSeconds }] of frames.entries()) {
		const file = join(work, `${index}-${at}.png`);
		await writeFile(file, png);
		const from = Math.max(startSeconds, atSeconds);
		const until = Math.max(from, frames[at + 1]?.atSeconds ?? endSeconds);
		lines.push(`file '${file}'`, `duration ${(until - from).toFixed(3)}`);
	}
	const list = join(work, `${index}.txt`);
	await writeFile(list, `ffconcat version 1.0\n${lines.join('\n')}\n`);
	return list;
};

/**
 * Writes `docs/pictures/<name>.webp`, an animation that plays the panes side by side as fast as they were
 * recorded, and `<name>-end.webp`, its last picture, for whoever wants little motion.
 *
 * @throws when the file would be larger than a README should carry
 */
export const saveFilm = async (
	name: string,
	panes: readonly Pane[],
	{ framesPerSecond = 10, largestBytes = 1_500_000 } = {},
): Promise<void> => {
	await mkdir(picturesFolder, { recursive: true });
	const work = await mkdtemp(join(tmpdir(), 'voxtral-pictures-'));
	try {
		// Every pane has been drawn once by then.
		const startSeconds = Math.max(...panes.map(({ frames }) => frames[0]?.atSeconds ?? 0));
		const endSeconds = Math.max(...panes.map(({ frames }) => frames.at(-1)?.atSeconds ?? 0));
		const inputs: string[] = [];
		for (const [index, { frames }] of panes.entries()) {
			const list = await concatList(work, index, frames, [startSeconds, endSeconds]);
			inputs.push('-f', 'concat', '-safe', '0', '-i', list);
		}
		const filters = panes.map(({ part }, index) => {
			const crop = part ? `crop=${part.width}:${part.height}:${part.x}:${part.y},` : '';
			const line = index > 0 ? 'pad=iw+2:ih:2:0:color=0xd8d4cd,' : '';
			return `[${index}:v]${crop}${line}fps=${framesPerSecond}[pane${index}]`;
		});
		const both = panes.map((_, index) => `[pane${index}]`).join('');
		const lossless = join(work, 'film.mkv');
		await runFfmpeg([
			...[
				...inputs,
				'-filter_complex',
				`${filters.join(';')};${both}hstack=inputs=${panes.length}`,
			],
			...['-t', (endSeconds - startSeconds).toFixed(3), '-c:v', 'png', lossless],
		]);
		const film = join(picturesFolder, `${name}.webp`);
		const webp = ['-lossless', '1', '-quality', '80', '-compression_level', '6', '-loop', '0'];
		await runFfmpeg(['-i', lossless, '-c:v', 'libwebp_anim', ...webp, film]);
		await checkSize(film, largestBytes);
		const end = join(picturesFolder, `${name}-end.webp`);
		await runFfmpeg([
			'-sseof',
			'-0.3',
			'-i',
			lossless,
			'-frames:v',
			'1',
			'-c:v',
			'libwebp',
			...webp,
			end,
		]);
		await checkSize(end, 200_000);
	} finally {
		await rm(work, { recursive: true, force: true });
	}
};
