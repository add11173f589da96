// The step runner of npm test, and its messages for npm failures.
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { npmProblem } from '../../../harness/problem.mjs';
import { bad, good, runSteps, skip } from '../../../harness/steps.mjs';

let lines: string[] = [];

beforeEach(() => {
	lines = [];
	jest.spyOn(console, 'log').mockImplementation((line: string) => void lines.push(line));
});
afterEach(() => {
	jest.restoreAllMocks();
});

describe('runSteps', () => {
	test('the counts of all steps are summed', async () => {
		const totals = await runSteps([
			{ name: 'lint', work: async () => good },
			{ name: 'unit', work: async () => ({ passed: 40, failed: 0, skipped: 2 }) },
		]);
		expect(totals).toEqual({ passed: 41, failed: 0, skipped: 2, allGreen: true });
	});

	test('after a failure other steps run, but none that depends on the failed one', async () => {
		const ran: string[] = [];
		const totals = await runSteps([
			{ name: 'build', work: async () => bad('it does not compile') },
			{ name: 'engine', needs: ['build'], work: async () => (ran.push('engine'), good) },
			{ name: 'unit', work: async () => (ran.push('unit'), good) },
		]);
		expect(totals).toEqual({ passed: 1, failed: 2, skipped: 0, allGreen: false });
		expect(ran).toEqual(['unit']);
		expect(lines.join('\n')).toContain('it does not compile');
	});

	test('a step that cannot run is counted and reported as skipped', async () => {
		const totals = await runSteps([
			{ name: 'unit', work: async () => good },
			{ name: 'browser', work: async () => skip('No Chromium was found') },
		]);
		expect(totals).toEqual({ passed: 1, failed: 0, skipped: 1, allGreen: true });
		expect(lines.join('\n')).toMatch(/SKIP {3}browser[^]*!!! {4}No Chromium was found/);
	});

	test('a step that throws counts as failed', async () => {
		const totals = await runSteps([
			{
				name: 'scan',
				work: async () => {
					throw new Error('out of order');
				},
			},
		]);
		expect(totals).toMatchObject({ failed: 1, allGreen: false });
		expect(lines.join('\n')).toContain('out of order');
	});

	test('a tier with skipped tests reports why and is not marked as passed', async () => {
		const note = 'SKIPPED: there is no Redis here';
		const work = async () => ({ passed: 0, failed: 0, skipped: 6, note });
		const totals = await runSteps([{ name: 'scale', work }]);
		expect(totals).toEqual({ passed: 0, failed: 0, skipped: 6, allGreen: true });
		expect(lines.join('\n')).toContain(note);
		expect(lines.join('\n')).toContain('SKIP   scale');
	});

	test('at most two steps run at once', async () => {
		let now = 0;
		let most = 0;
		const work = async () => {
			most = Math.max(most, ++now);
			await new Promise((done) => setTimeout(done, 10));
			now--;
			return good;
		};
		await runSteps(['a', 'b', 'c', 'd', 'e'].map((name) => ({ name, work })));
		expect(most).toBe(2);
	});
});

describe('npmProblem', () => {
	test.each([
		['npm error code ENOTFOUND\nnpm error network request to x failed', /internet connection/],
		['npm error code ENOSPC\nnpm error nospc', /disk is full/],
		['npm error code EACCES', /cannot be written to/],
		['npm error code EINTEGRITY', /checksum/],
		['npm error code EOTHER\nnpm error Something odd happened', /Something odd happened/],
		['', /no reason/],
	])('npm output %j becomes one sentence', (output, expected) => {
		const { message } = npmProblem('Fetching n8n', output);
		expect(message).toMatch(expected);
		expect(message).toMatch(/^Fetching n8n failed: [^\n]+\.$/);
	});
});
