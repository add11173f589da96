// Every fault on every operation, once and for ever: success or a typed failure, in time. The table is docs/faults.md.
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
	type Detour,
	detours,
	faultRows,
	type FaultRow,
	streamRows,
} from '../support/fault-table/fault-rows.mts';
import type { TriedOperation } from '../support/fault-table/operation-kinds.mts';
import { assistantScript, furnish, triedOperations } from '../support/fault-table/operations.mts';
import type { Account, Lane, Outcome, Ready } from '../support/fault-table/outcome.mts';
import { startCertificateServers } from '../support/certificate-servers.mts';

jest.setTimeout(900_000);

const TABLE = join(packageRoot, 'docs/faults.md');
const SHORT_SECONDS = 2;
const LONG_SECONDS = 50;
const GRACE_MS = 250;
const MAX_LANES = 900;
const none: FaultRow = { name: 'none', fault: {} };

let standIn: StandIn;
let account: Account;
const visits: string[] = [];
const elsewhere = createServer((request, response) => {
	visits.push(JSON.stringify(request.headers));
	response.end('{}');
});
const plain = createServer((_, response) => void response.end('{}'));
const certificates = startCertificateServers();

/** How late a plain timer fires here and now: that much is the machine's doing, not ours. */
const late: { at: number; byMs: number }[] = [];
let expectedAt = performance.now() + 20;
const clock = setInterval(() => {
	const at = performance.now();
	late.push({ at, byMs: at - expectedAt });
	expectedAt = at + 20;
}, 20);
const latenessSince = (since: number) => {
	let most = 0;
	for (let n = late.length - 1; n >= 0 && (late[n]?.at ?? 0) >= since; n--)
		most = Math.max(most, late[n]?.byMs ?? 0);
	return most;
};

const rows: FaultRow[] = [];
const ways: Detour[] = [];
const cells = new Map<string, string>();
const baselines = new Map<string, { value: string; hints: number; sent: number; tookMs: number }>();
const problems: string[] = [];

const nameOf = ({ group, name }: TriedOperation) => `${group}: ${name}`;
const keys = Array.from({ length: MAX_LANES }, (_, n) => `${CANARY}${n}`);
const lanes: Lane[] = [];

async function newLane(baseUrl = standIn.url): Promise<Lane> {
	const key = keys.pop();
	if (!key) throw new Error('more lanes than keys');
	const engine = await startEngine({ apiKey: key, baseUrl });
	lanes.push({
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
			return (await response.json()) as Awaited<ReturnType<Lane['call']>>;
		},
	});
	return lanes.at(-1) as Lane;
}

beforeAll(async () => {
	// Back-off without waits: how long it would be is the unit tests' business.
	jest.spyOn(Math, 'random').mockReturnValue(0);
	const addresses: string[] = [];
	for (const server of [elsewhere, plain]) {
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		addresses.push(`//127.0.0.1:${(server.address() as AddressInfo).port}`);
	}
	standIn = await startStandIn({ apiKeys: [...keys] });
	account = await furnish(await newLane());
	standIn.answerWith(assistantScript(account));
	rows.push(...faultRows(standIn.url, `http:${addresses[0]}`));
	ways.push(
		...detours({
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
	for (const { engine } of lanes) await engine.close();
	await standIn.close();
});

/** Whether a text is anywhere in it, hidden properties and causes of errors included. */
function holds(value: unknown, text: string, seen = new Set<unknown>()): boolean {
	if (typeof value === 'string') return value.includes(text);
	if (typeof value !== 'object' || value === null || seen.has(value)) return false;
	seen.add(value);
	return Reflect.ownKeys(value).some(
		(key) => String(key).includes(text) || holds(Reflect.get(value, key), text, seen),
	);
}

interface Seen {
	readonly place: string;
	readonly outcome: Outcome;
	readonly sent: number;
	readonly tookMs: number;
	readonly lateMs: number;
}

async function look(
	lane: Lane,
	{ name, fault, endless, of }: FaultRow,
	operation: TriedOperation,
	times: number,
): Promise<Seen> {
	const seconds = endless ? SHORT_SECONDS : LONG_SECONDS;
	const place = `${name}, ${nameOf(operation)}, ${times === 1 ? 'once' : 'for ever'}`;
	const { method } = operation;
	const { path, run } = await operation.ready(lane, account);
	const struck = of && operation.stream ? of(operation.stream) : fault;
	standIn.inject({ ...struck, match: { method, path, apiKey: lane.key }, times });
	const sentBefore = standIn.requests.length;
	const began = performance.now();
	const outcome = await run(seconds);
	const tookMs = performance.now() - began;
	standIn.heal({ apiKey: lane.key });
	const { length: sent } = standIn.requests
		.slice(sentBefore)
		.filter((request) => request.method === method && isOn(request.path, path))
		.filter(({ headers }) => headers.authorization === `Bearer ${lane.key}`);
	const usualMs = baselines.get(nameOf(operation))?.tookMs ?? tookMs;
	const overdueMs = tookMs - usualMs - (operation.deadlineSeconds ?? seconds) * 1000;
	if (CANARY_TRACES.some((trace) => holds(outcome, trace))) {
		problems.push(`${place}: the key is in what came out`);
	}
	return {
		place,
		outcome,
		sent,
		tookMs,
		lateMs: overdueMs > GRACE_MS + 3 * latenessSince(began) ? Math.round(overdueMs) : 0,
	};
}

const isOn = (path: string, wanted: Ready['path']) =>
	typeof wanted === 'string' ? path === wanted : wanted.test(path);

function noteBaseline(operation: TriedOperation, { outcome, sent, tookMs }: Seen): string {
	if ('failed' in outcome || sent === 0) {
		problems.push(`${nameOf(operation)} without a fault: ${inspect(outcome)}, ${sent} sent`);
		return '';
	}
	const { value, hints } = outcome;
	const entry = { value: JSON.stringify(value), hints: hints.length, sent, tookMs };
	baselines.set(nameOf(operation), entry);
	return '1';
}

/** `n` = works after n requests, otherwise the reason and after how many requests. */
function judge(operation: TriedOperation, { place, outcome, sent, lateMs }: Seen): string {
	if (lateMs > 0) problems.push(`${place}: ${lateMs} ms late`);
	const { stage, before = 0, goesOn } = operation;
	const usual = baselines.get(nameOf(operation));
	if ('failed' in outcome) {
		const { failed } = outcome;
		if (!isComplete(failed, stage, sent + before))
			problems.push(`${place}: ${JSON.stringify({ ...failed, sent })}`);
		return `${failed.stage.slice(stage.length + 1)}, ${(failed.attempts ?? 0) - before}`;
	}
	const tries = sent - (usual?.sent ?? 1) + 1;
	const told = outcome.hints.length > (usual?.hints ?? 0);
	if (JSON.stringify(outcome.value) === usual?.value) return told ? `hint, ${tries}` : `${tries}`;
	if (!goesOn || !told)
		problems.push(`${place}: another result: ${JSON.stringify(outcome.value).slice(0, 300)}`);
	return `hint, ${tries}`;
}

function isComplete(
	{ stage: at, message, hint, item, attempts }: Extract<Outcome, { failed: unknown }>['failed'],
	stage: string,
	sent: number,
): boolean {
	const isNamed = at.startsWith(`${stage}.`) && at !== `${stage}.unexpected`;
	const isTold = message.length > 10 && hint.length > 10;
	return isNamed && isTold && item === 0 && attempts === sent;
}

/** A fault that ends by itself leaves time enough, unless the machine has none. */
const ranOut = ({ endless }: FaultRow, { outcome }: Seen): boolean =>
	!endless && 'failed' in outcome && outcome.failed.stage.endsWith('.timed-out');

async function fill(lane: Lane, row: FaultRow, operation: TriedOperation): Promise<void> {
	const inTime = async (times: number): Promise<Seen> => {
		let seen = await look(lane, row, operation, times);
		// A busy machine may be late, or not even send in time; what always is is so by itself.
		for (let n = 0; n < 2 && (seen.lateMs > 0 || seen.sent === 0 || ranOut(row, seen)); n++)
			// On another lane: on this one a request may still be under way.
			seen = await look(await newLane(), row, operation, times);
		return seen;
	};
	const told = (seen: Seen): string =>
		row === none ? noteBaseline(operation, seen) : judge(operation, seen);
	const forEver = row === none || row.heavy ? undefined : await inTime(Infinity);
	// What came to its end with one request would do so again.
	const isDecided = forEver !== undefined && forEver.sent <= 1;
	const seen = [...(isDecided ? [] : [await inTime(1)]), ...(forEver ? [forEver] : [])];
	const came = [...new Set(seen.map(told))].join(' / ');
	// How often it is taken up again before the time is over is chance.
	const isChance = operation.resumes && row.endless && row.of;
	cells.set(`${row.name}|${nameOf(operation)}`, isChance ? 'taken up again, or hint' : came);
}

async function detour({ name, comesTo }: Detour, lane: Lane, operation: TriedOperation) {
	const place = `${name}, ${nameOf(operation)}`;
	// Prepared at the stand-in, sent elsewhere.
	const { run } = await operation.ready(lane, account);
	const outcome = await run(LONG_SECONDS);
	if (!('failed' in outcome)) {
		problems.push(`${place}: ${inspect(outcome)}`);
		return;
	}
	const { failed } = outcome;
	const tries = Number(comesTo.split(', ')[1]);
	const { stage, firstStage = stage } = operation;
	const came = `${failed.stage.slice(firstStage.length + 1)}, ${failed.attempts}`;
	if (came !== comesTo || !isComplete(failed, firstStage, tries))
		problems.push(`${place}: ${JSON.stringify(failed)}`);
	cells.set(`${name}|${nameOf(operation)}`, came);
}

/** So many at once, each on a lane of its own. */
async function sideBySide(
	width: number,
	jobs: readonly ((lane: Lane) => Promise<void>)[],
): Promise<void> {
	const left = [...jobs];
	await Promise.all(
		Array.from({ length: Math.min(width, jobs.length) }, async () => {
			const lane = await newLane();
			for (let job = left.shift(); job; job = left.shift()) await job(lane);
		}),
	);
}

function asMarkdown(): string {
	const line = (...texts: string[]) => `| ${texts.join(' | ')} |`;
	const tables = [...new Set(triedOperations.map(({ group }) => group))].flatMap((group) => {
		const mine = triedOperations.filter((operation) => operation.group === group);
		const hasStreams = mine.some(({ stream }) => stream);
		const names = [...ways, ...rows, ...(hasStreams ? streamRows : [])].map(({ name }) => name);
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

describe('every fault, every operation', () => {
	beforeAll(async () => {
		const first = await newLane();
		for (const operation of triedOperations) {
			await fill(first, none, operation);
			// The first run of a kind loads what later ones find there.
			await fill(first, none, operation);
		}
		const fitting = (row: FaultRow, { stream }: TriedOperation) =>
			row.of || row.heavy ? (stream !== undefined) === (row.of !== undefined) : true;
		const jobs = [...rows, ...streamRows].flatMap((row) =>
			triedOperations
				.filter((operation) => fitting(row, operation))
				.map((operation) => ({
					row,
					operation,
					run: async (lane: Lane) => await fill(lane, row, operation),
				})),
		);
		const isSlow = ({ row, operation }: (typeof jobs)[number]) =>
			row.endless && operation.deadlineSeconds !== undefined;
		const pick = (wanted: (job: (typeof jobs)[number]) => unknown) =>
			jobs.filter(wanted).map(({ run }) => run);
		const slow = pick(isSlow);
		// Whoever has no Timeout takes its time while all others are tried.
		const waiting = sideBySide(slow.length, slow);
		await sideBySide(
			10,
			pick((job) => job.row.endless && !isSlow(job)),
		);
		await sideBySide(
			16,
			pick(({ row }) => !row.endless && !row.heavy),
		);
		await sideBySide(
			2,
			pick(({ row }) => row.heavy),
		);
		for (const way of ways) {
			const lane = await newLane(way.address);
			const left = [...triedOperations];
			// A few at a time: names are looked up by four threads.
			const some = async () => {
				for (let next = left.shift(); next; next = left.shift()) await detour(way, lane, next);
			};
			await Promise.all(Array.from({ length: 3 }, some));
		}
		await waiting;
	}, 900_000);

	test('ends in the same result or in an error that says operation, item, tries and advice', () => {
		expect(problems).toEqual([]);
		expect(cells.size).toBeGreaterThan(rows.length * triedOperations.length);
	});

	test('no other host is ever called', () => {
		expect(visits).toEqual([]);
	});

	test('is what docs/faults.md says', () => {
		const table = asMarkdown();
		if (process.env.WRITE_DOCS) writeFileSync(TABLE, table);
		expect(table).toBe(readFileSync(TABLE, 'utf8'));
	});
});
