// Packs the build into the tarball that npm would publish.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from './bootstrap.mjs';
import { runNpm } from './npm.mjs';

/** @typedef {{ path: string, files: string[], bytes: number, sha256: string }} Package */

/**
 * @returns {Promise<Package>} the tarball under `.cache/package`, its files (paths inside the
 * package), its size and its checksum
 */
export const pack = async () => {
	const folder = join(checkout, '.cache', 'package');
	await mkdir(folder, { recursive: true });
	const part = await mkdtemp(join(folder, 'part-'));
	try {
		const output = await runNpm(
			'Packing the package',
			['pack', '--json', '--ignore-scripts', '--pack-destination', part],
			checkout,
		);
		/** @type {{ filename: string, size: number, files: { path: string }[] }[]} */
		const reports = JSON.parse(output.slice(output.indexOf('[')));
		const [report] = reports;
		if (!report) throw new Error('npm pack reported no package');
		const path = join(folder, report.filename);
		await rename(join(part, report.filename), path);
		const sha256 = createHash('sha256')
			.update(await readFile(path))
			.digest('hex');
		return { path, files: report.files.map((file) => file.path), bytes: report.size, sha256 };
	} finally {
		await rm(part, { recursive: true, force: true });
	}
};
