// One jest project for each tier. Tests are ES modules (.mts, which n8n's strict lint ignores) and import
// the product's TypeScript directly; only the engine tier and those with a running n8n use the build.
const tier = (/** @type {string} */ displayName, extra = {}) => ({
	displayName,
	testMatch: [`<rootDir>/test/${displayName}/**/*.test.mts`],
	testEnvironment: 'node',
	extensionsToTreatAsEsm: ['.mts'],
	moduleFileExtensions: ['mts', 'ts', 'mjs', 'cjs', 'js', 'json'],
	transform: {
		'\\.m?ts$': [
			'@swc/jest',
			{ jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, sourceMaps: 'inline' },
		],
	},
	...extra,
});

export default {
	// Generous, since the machine may be busy; no test depends on this limit.
	testTimeout: 30_000,
	projects: [
		tier('unit'),
		tier('contract'),
		tier('engine', { setupFiles: ['<rootDir>/test/support/silence-logs.mjs'] }),
		tier('e2e', {
			globalSetup: '<rootDir>/test/e2e/setup.mts',
			globalTeardown: '<rootDir>/test/e2e/teardown.mts',
		}),
		tier('browser', {
			globalSetup: '<rootDir>/test/browser/setup.mts',
			globalTeardown: '<rootDir>/test/e2e/teardown.mts',
		}),
		tier('scale'),
		tier('compatibility'),
	],
};
