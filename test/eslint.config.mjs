// Lint of what is not shipped: tests, harness, bench and demo. What is shipped has n8n's own rules, in `eslint.config.mjs`.
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

const isTest = '[callee.object.name=/^(describe|test|it)$/]';

/** Tests that a green run would leave out without a word. */
const testsLeftOut = [
	{
		selector: `CallExpression${isTest}[callee.property.name='only'], CallExpression[callee.object.property.name='only']`,
		message: 'A test that runs alone hides the others.',
	},
	{
		selector: `CallExpression${isTest}[callee.property.name=/^(skip|todo)$/]:not([arguments.0.value=/^SKIPPED: /]):not([arguments.0.quasis.0.value.raw=/^SKIPPED: /])`,
		message: 'The title of a test that cannot run says why, after "SKIPPED: ".',
	},
	{
		selector: 'CallExpression[callee.name=/^(fdescribe|fit|xdescribe|xit|xtest)$/]',
		message: 'Every test runs, under its usual name.',
	},
];

export default defineConfig(
	{ files: ['**/*.{mts,mjs,cjs}'] },
	js.configs.recommended,
	tseslint.configs.strict,
	{
		linterOptions: { noInlineConfig: true },
		languageOptions: {
			parserOptions: { project: ['test/tsconfig.json'], tsconfigRootDir: process.cwd() },
		},
		rules: {
			eqeqeq: 'error',
			'no-restricted-syntax': ['error', ...testsLeftOut],
			'prefer-const': 'error',
			'@typescript-eslint/await-thenable': 'error',
			'@typescript-eslint/consistent-type-imports': ['error', { disallowTypeAnnotations: false }],
			'@typescript-eslint/no-array-delete': 'error',
			'@typescript-eslint/no-floating-promises': 'error',
			'@typescript-eslint/no-for-in-array': 'error',
			'@typescript-eslint/no-implied-eval': 'error',
			'@typescript-eslint/no-misused-promises': 'error',
			'@typescript-eslint/no-redundant-type-constituents': 'error',
			'@typescript-eslint/no-unnecessary-type-arguments': 'error',
			'@typescript-eslint/no-unnecessary-type-assertion': 'error',
			'@typescript-eslint/no-unused-vars': [
				'error',
				{ ignoreRestSiblings: true, varsIgnorePattern: '^_$' },
			],
			'@typescript-eslint/only-throw-error': 'error',
			'@typescript-eslint/prefer-promise-reject-errors': 'error',
			'@typescript-eslint/restrict-plus-operands': 'error',
			'@typescript-eslint/restrict-template-expressions': [
				'error',
				{ allowNumber: true, allowBoolean: true },
			],
			'@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
			'@typescript-eslint/switch-exhaustiveness-check': 'error',
			'@typescript-eslint/use-unknown-in-catch-callback-variable': 'error',
			// The compiler knows every name, in JavaScript too.
			'no-undef': 'off',
		},
	},
	{ files: ['**/*.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' } },
);
