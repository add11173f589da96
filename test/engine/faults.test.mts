// Fault injection: every fault on every operation, once and permanently, must end in success or a typed error in time. Writes docs/faults.md.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { startStandIn, type StandIn } from '../standin/index.mts';
import { CANARY, CANARY_TRACES } from '../support/canary.mts';
import { packageRoot, startEngine } from '../support/engine.mts';
import {
	type BaseUrlFault,
	baseUrlFaults,
	faultRows,
	type FaultRow,
	streamRows,
} from '../support/fault-table/fault-rows.mts';
import type { OperationUnderTest } from '../support/fault-table/operation-kinds.mts';
import {
	assistantScript,
	seedAccount,
	operationsUnderTest,
} from '../support/fault-table/operations.mts';
import type { Account, IsolatedCaller, Outcome, Ready } from '../support/fault-table/outcome.mts';
import { startCertificateServers } from '../support/certificate-servers.mts';

jest.setTimeout(900_000);

const TABLE = join(packageRoot, 'docs/faults.md');
const SHORT_SECONDS = 2;
const LONG_SECONDS = 50;
const TOLERANCE_MS = 250;
const MAX_CALLERS = 900;
const none: FaultRow = { name: 'none', fault: {} };

let standIn: StandIn;
let account: Account;
const requestsElsewhere: string[] = [];
const elsewhere = createServer((request, response) => {
	requestsElsewhere.push(JSON.stringify(request.headers));
	response.end('{}');
});
const plain = createServer((_, response) => void response.end('{}'));
const certificates = startCertificateServers();

/** Timer lag of this machine over time, which is subtracted before a result counts as late. */
const timerLag: { at: number; byMs: number }[] = [];
let expectedAt = performance.now() + 20;
const clock = setInterval(() => {
	const at = performance.now();
	timerLag.push({ at, byMs: at - expectedAt });
	expectedAt = at + 20;
}, 20);
const timerLagSince = (since: number) => {
	let most = 0;
	for (let n = timerLag.length - 1; n >= 0 && (timerLag[n]?.at ?? 0) >= since; n--)
		most = Math.max(most, timerLag[n]?.byMs ?? 0);
	return most;
};

const rows: FaultRow[] = [];
const unreachableUrls: BaseUrlFault[] = [];
const cells = new Map<string, string>();
const baselines = new Map<string, { value: string; hints: number; sent: number; tookMs: number }>();
const problems: string[] = [];

const nameOf = ({ group, name }: OperationUnderTest) => `${group}: ${name}`;
const keys = Array.from({ length: MAX_CALLERS }, (_, n) => `${CANARY}${n}`);
const callers: IsolatedCaller[] = [];

async function newCaller(baseUrl = standIn.url): Promise<IsolatedCaller> {
	const key = keys.pop();
	if (!key) throw new Error('more callers than keys');
	const engine = await startEngine({ apiKey: key, baseUrl });
	callers.push({
		key,
		engine,
		async call(method, path, body) {
			const isForm = body instanceof FormData;
			const response = await fetch(standIn.url + path, {
				method,
				headers: {
					authorization: `Bearer ${key}`,
					...(isForm ? {} : { 'content-type': 'application/json' }),
				},
				...(body ? { body: isForm ? body : JSON.stringify(body) } : {}),
			});
			return (await response.json()) as Awaited<ReturnType<IsolatedCaller['call']>>;
		},
	});
	return callers.at(-1) as IsolatedCaller;
}

beforeAll(async () => {
	// Backoff without waits; unit tests check its length.
	jest.spyOn(Math, 'random').mockReturnValue(0);
	const addresses: string[] = [];
	for (const server of [elsewhere, plain]) {
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		addresses.push(`//127.0.0.1:${(server.address() as AddressInfo).port}`);
	}
	standIn = await startStandIn({ apiKeys: [...keys] });
	account = await seedAccount(await newCaller());
	standIn.answerWith(assistantScript(account));
	rows.push(...faultRows(standIn.url, `http:${addresses[0]}`));
	unreachableUrls.push(
		...baseUrlFaults({
			closedPort: 'http://127.0.0.1:9',
			plain: `https:${addresses[1]}`,
			...(await certificates.addresses()),
		}),
	);
});

afterAll(async () => {
	clearInterval(clock);
	jest.restoreAllMocks();
	for (const server of [elsewhere, plain]) server.close();
	await certificates.close();
	for (const { engine } of callers) await engine.close();
	await standIn.close();
});

/** Whether `value` holds `text` anywhere, hidden properties and error causes included. */
function containsText(value: unknown, text: string, seen = new Set<unknown>()): boolean {
	if (typeof value === 'string') return value.includes(text);
	if (typeof value !== 'object' || value === null || seen.has(value)) return false;
	seen.add(value);
	return Reflect.ownKeys(value).some(
		(key) => String(key).includes(text) || containsText(Reflect.get(value, key), text, seen),
	);
}

interface Observation {
	readonly testCase: string;
	readonly outcome: Outcome;
	readonly sent: number;
	readonly tookMs: number;
	readonly lateMs: number;
}

async function runWithFault(
	caller: IsolatedCaller,
	{ name, fault, endless, of }: FaultRow,
	operation: OperationUnderTest,
	times: number,
): Promise<Observation> {
	const seconds = endless ? SHORT_SECONDS : LONG_SECONDS;
	const testCase = `${name}, ${nameOf(operation)}, ${times === 1 ? 'once' : 'for ever'}`;
	const { method } = operation;
	const { path, run } = await operation.ready(caller, account);
	const injected = of && operation.stream ? of(operation.stream) : fault;
	standIn.inject({ ...injected, match: { method, path, apiKey: caller.key }, times });
	const sentBefore = standIn.requests.length;
	const began = performance.now();
	const outcome = await run(seconds);
	const tookMs = performance.now() - began;
	standIn.heal({ apiKey: caller.key });
	const { length: sent } = standIn.requests
		.slice(sentBefore)
		.filter((request) => request.method === method && isOn(request.path, path))
		.filter(({ headers }) => headers.authorization === `Bearer ${caller.key}`);
	const usualMs = baselines.get(nameOf(operation))?.tookMs ?? tookMs;
	const overdueMs = tookMs - usualMs - (operation.deadlineSeconds ?? seconds) * 1000;
	if (CANARY_TRACES.some((trace) => containsText(outcome, trace))) {
		problems.push(`${testCase}: the key is in what came out`);
	}
	return {
		testCase,
		outcome,
		sent,
		tookMs,
		lateMs: overdueMs > TOLERANCE_MS + 3 * timerLagSince(began) ? Math.round(overdueMs) : 0,
	};
}

const isOn = (path: string, wanted: Ready['path']) =>
	typeof wanted === 'string' ? path === wanted : wanted.test(path);

function recordBaseline(
	operation: OperationUnderTest,
	{ outcome, sent, tookMs }: Observation,
): string {
	if ('failed' in outcome || sent === 0) {
		problems.push(`${nameOf(operation)} without a fault: ${inspect(outcome)}, ${sent} sent`);
		return '';
	}
	const { value, hints } = outcome;
	const entry = { value: JSON.stringify(value), hints: hints.length, sent, tookMs };
	baselines.set(nameOf(operation), entry);
	return '1';
}

/** The cell of the table: `n` for success after n requests, otherwise the reason and the number of requests. */
function cellOf(
	operation: OperationUnderTest,
	{ testCase, outcome, sent, lateMs }: Observation,
): string {
	if (lateMs > 0) problems.push(`${testCase}: ${lateMs} ms late`);
	const { stage, before = 0, goesOn } = operation;
	const usual = baselines.get(nameOf(operation));
	if ('failed' in outcome) {
		const { failed } = outcome;
		if (!isComplete(failed, stage, sent + before))
			problems.push(`${testCase}: ${JSON.stringify({ ...failed, sent })}`);
		return `${failed.stage.slice(stage.length + 1)}, ${(failed.attempts ?? 0) - before}`;
	}
	const tries = sent - (usual?.sent ?? 1) + 1;
	const hasHint = outcome.hints.length > (usual?.hints ?? 0);
	if (JSON.stringify(outcome.value) === usual?.value)
		return hasHint ? `hint, ${tries}` : `${tries}`;
	if (!goesOn || !hasHint)
		problems.push(`${testCase}: another result: ${JSON.stringify(outcome.value).slice(0, 300)}`);
	return `hint, ${tries}`;
}

function isComplete(
	{ stage: at, message, hint, item, attempts }: Extract<Outcome, { failed: unknown }>['failed'],
	stage: string,
	sent: number,
): boolean {
	const isNamed = at.startsWith(`${stage}.`) && at !== `${stage}.unexpected`;
	const isExplained = message.length > 10 && hint.length > 10;
	return isNamed && isExplained && item === 0 && attempts === sent;
}

/** A timeout although the fault ends by itself: the machine was too slow. */
const ranOut = ({ endless }: FaultRow, { outcome }: Observation): boolean =>
	!endless && 'failed' in outcome && outcome.failed.stage.endsWith('.timed-out');

async function fillCell(
	caller: IsolatedCaller,
	row: FaultRow,
	operation: OperationUnderTest,
): Promise<void> {
	const inTime = async (times: number): Promise<Observation> => {
		let seen = await runWithFault(caller, row, operation, times);
		// A busy machine may be late or not send in time; a result that repeats is not the machine's.
		for (let n = 0; n < 2 && (seen.lateMs > 0 || seen.sent === 0 || ranOut(row, seen)); n++)
			// With another caller: a request of this one may still be in flight.
			seen = await runWithFault(await newCaller(), row, operation, times);
		return seen;
	};
	const toCell = (seen: Observation): string =>
		row === none ? recordBaseline(operation, seen) : cellOf(operation, seen);
	const forEver = row === none || row.heavy ? undefined : await inTime(Infinity);
	// A permanent fault that ended after one request would give the same when injected once.
	const isDecided = forEver !== undefined && forEver.sent <= 1;
	const seen = [...(isDecided ? [] : [await inTime(1)]), ...(forEver ? [forEver] : [])];
	const cell = [...new Set(seen.map(toCell))].join(' / ');
	// How often a stream is resumed before the timeout depends on chance.
	const isChance = operation.resumes && row.endless && row.of;
	cells.set(`${row.name}|${nameOf(operation)}`, isChance ? 'taken up again, or hint' : cell);
}

async function runWithBaseUrlFault(
	{ name, comesTo }: BaseUrlFault,
	caller: IsolatedCaller,
	operation: OperationUnderTest,
) {
	const testCase = `${name}, ${nameOf(operation)}`;
	// Prepared at the stand-in, then sent to the faulty base URL.
	const { run } = await operation.ready(caller, account);
	const outcome = await run(LONG_SECONDS);
	if (!('failed' in outcome)) {
		problems.push(`${testCase}: ${inspect(outcome)}`);
		return;
	}
	const { failed } = outcome;
	const tries = Number(comesTo.split(', ')[1]);
	const { stage, firstStage = stage } = operation;
	const cell = `${failed.stage.slice(firstStage.length + 1)}, ${failed.attempts}`;
	if (cell !== comesTo || !isComplete(failed, firstStage, tries))
		problems.push(`${testCase}: ${JSON.stringify(failed)}`);
	cells.set(`${name}|${nameOf(operation)}`, cell);
}

/** Runs `width` jobs at once, each worker with a caller of its own. */
async function runConcurrently(
	width: number,
	jobs: readonly ((caller: IsolatedCaller) => Promise<void>)[],
): Promise<void> {
	const left = [...jobs];
	await Promise.all(
		Array.from({ length: Math.min(width, jobs.length) }, async () => {
			const caller = await newCaller();
			for (let job = left.shift(); job; job = left.shift()) await job(caller);
		}),
	);
}

function asMarkdown(): string {
	const line = (...texts: string[]) => `| ${texts.join(' | ')} |`;
	const tables = [...new Set(operationsUnderTest.map(({ group }) => group))].flatMap((group) => {
		const mine = operationsUnderTest.filter((operation) => operation.group === group);
		const hasStreams = mine.some(({ stream }) => stream);
		const names = [...unreachableUrls, ...rows, ...(hasStreams ? streamRows : [])].map(
			({ name }) => name,
		);
		return [
			`## ${group}`,
			'',
			line('Fault', ...mine.map(({ name }) => name)),
			line('---', ...mine.map(() => '---')),
			...names.map((name) =>
				line(name, ...mine.map((operation) => cells.get(`${name}|${nameOf(operation)}`) ?? '')),
			),
			'',
		];
	});
	return [
		'# Faults survived',
		'',
		'What every operation does when the network or the server fails. A test runs all of it against a',
		'faulty server and writes these tables (`WRITE_DOCS=1`), or compares them with what is written here.',
		'',
		'- A number alone: it worked, after so many requests, with the same result as without the fault.',
		'- A word and a number: an error of that kind (`<operation>.<word>`), after so many requests. It names',
		'  the operation, the item and the number of tries, and says what to do.',
		'- `hint` and a number: the item goes on, with a hint above the output that says what is missing.',
		'- 429 is of one item alone. Of several, those turned away while others are served wait their turn; that',
		'  is no try, and costs none of them (`test/engine/rate-limit.test.mts`).',
		'- Two entries: the fault struck once / struck for ever. One entry: both came to the same.',
		'  The two answers of 65 MiB struck once only, and not the live operations.',
		'- Where an operation sends several requests, the one its column names was struck.',
		'',
		'Nothing ended later than its Timeout, or, where there is none to set, than a time of its own: 30',
		'seconds, 60 for creating a voice, 15 for a list in the editor. Nothing was cut short unnoticed, and',
		'the API key was nowhere in what came out.',
		'',
		...tables,
	].join('\n');
}

describe('fault injection in every operation', () => {
	beforeAll(async () => {
		const first = await newCaller();
		for (const operation of operationsUnderTest) {
			await fillCell(first, none, operation);
			// The first run loads modules, so the second one is the baseline.
			await fillCell(first, none, operation);
		}
		const fitting = (row: FaultRow, { stream }: OperationUnderTest) =>
			row.of || row.heavy ? (stream !== undefined) === (row.of !== undefined) : true;
		const jobs = [...rows, ...streamRows].flatMap((row) =>
			operationsUnderTest
				.filter((operation) => fitting(row, operation))
				.map((operation) => ({
					row,
					operation,
					run: async (caller: IsolatedCaller) => await fillCell(caller, row, operation),
				})),
		);
		const isSlow = ({ row, operation }: (typeof jobs)[number]) =>
			row.endless && operation.deadlineSeconds !== undefined;
		const pick = (wanted: (job: (typeof jobs)[number]) => unknown) =>
			jobs.filter(wanted).map(({ run }) => run);
		const slow = pick(isSlow);
		// Operations without a Timeout parameter take long; they run while all others are tested.
		const waiting = runConcurrently(slow.length, slow);
		await runConcurrently(
			10,
			pick((job) => job.row.endless && !isSlow(job)),
		);
		await runConcurrently(
			16,
			pick(({ row }) => !row.endless && !row.heavy),
		);
		await runConcurrently(
			2,
			pick(({ row }) => row.heavy),
		);
		for (const way of unreachableUrls) {
			const caller = await newCaller(way.address);
			const left = [...operationsUnderTest];
			// A few at a time: Node.js resolves host names on four threads.
			const some = async () => {
				for (let next = left.shift(); next; next = left.shift())
					await runWithBaseUrlFault(way, caller, next);
			};
			await Promise.all(Array.from({ length: 3 }, some));
		}
		await waiting;
	}, 900_000);

	test('every fault ends in the same result as without it, or in an error with operation, item, attempts and advice', () => {
		expect(problems).toEqual([]);
		expect(cells.size).toBeGreaterThan(rows.length * operationsUnderTest.length);
	});

	test('no redirect is followed to another host', () => {
		expect(requestsElsewhere).toEqual([]);
	});

	test('the fault table equals docs/faults.md', () => {
		const table = asMarkdown();
		if (process.env.WRITE_DOCS) writeFileSync(TABLE, table);
		expect(table).toBe(readFileSync(TABLE, 'utf8'));
	});
});
