// Jest configuration of `npm run coverage`: the tiers that run in jest's own process, with the product instrumented.
import { join } from 'node:path';
import base from '../../jest.config.mjs';

const rootDir = join(import.meta.dirname, '../..');
const here = (/** @type {string} */ name) => join(import.meta.dirname, name);

const tiers = ['unit', 'contract', 'engine'];

export default {
	rootDir,
	testTimeout: 120_000,
	projects: base.projects
		.filter(({ displayName }) => tiers.includes(displayName))
		.map((project) => ({
			...project,
			rootDir,
			transform: { '\\.m?ts$|/dist/.*\\.js$': here('instrumented.mjs') },
		})),
	collectCoverage: true,
	coverageProvider: 'babel',
	collectCoverageFrom: ['nodes/**/*.ts', 'credentials/**/*.ts'],
	coverageDirectory: join(rootDir, 'coverage'),
	coverageReporters: ['json', here('folders.cjs')],
	coverageThreshold: {
		global: { lines: 95 },
		'./nodes/shared/': { lines: 95, branches: 90 },
	},
};
