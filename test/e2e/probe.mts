// ffprobe's judgement of received audio.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const { path: ffprobe } = createRequire(import.meta.url)('@ffprobe-installer/ffprobe') as {
	path: string;
};

/** Container, length, and whatever ffprobe has to complain about while reading the whole file. */
export const probeAudio = async (
	bytes: Uint8Array,
): Promise<{ format: string; seconds: number; complaints: string }> => {
	const folder = await mkdtemp(join(tmpdir(), 'voxtral-probe-'));
	try {
		const file = join(folder, 'audio');
		await writeFile(file, bytes);
		const { stdout, stderr } = await promisify(execFile)(ffprobe, [
			'-v',
			'error',
			'-count_frames',
			'-show_format',
			'-show_streams',
			'-of',
			'json',
			file,
		]);
		const { format } = JSON.parse(stdout) as { format: { format_name: string; duration: string } };
		return {
			format: format.format_name,
			seconds: Number(format.duration),
			complaints: stderr.trim(),
		};
	} finally {
		await rm(folder, { recursive: true, force: true });
	}
};
