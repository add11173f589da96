// One project a tier. Tests are ES modules (.mts, which n8n's strict lint leaves alone) and read
// the product's TypeScript directly; only the engine and e2e tiers use what was built.
const tier = (displayName, extra = {}) => ({
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
	// A loaded machine takes its time; no test is judged by the clock.
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
