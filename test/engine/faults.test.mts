// Every fault on every operation, once and for ever: success or a typed failure, in time. The table is docs/faults.md.
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { startStandIn, type StandIn } from '../standin/index.mts';
import { type Engine, packageRoot, startEngine } from '../support/engine.mts';
import {
	faultRows,
	type FaultRow,
	type Outcome,
	streamRows,
	triedOperations,
	type TriedOperation,
} from '../support/faulty.mts';

jest.setTimeout(120_000);

/** Nothing else in any test or in the package looks like this. */
const CANARY = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';
const TABLE = join(packageRoot, 'docs/faults.md');
const SHORT_SECONDS = 1;
const LONG_SECONDS = 50;
const GRACE_MS = 250;

interface House {
	readonly standIn: StandIn;
	readonly engine: Engine;
	/** One to go on with. */
	readonly conversationId: string;
}

const houses: House[] = [];
let main: House;
/** Streams go to the same addresses: they have a house of their own. */
let streams: House;
const visits: string[] = [];
const elsewhere = createServer((request, response) => {
	visits.push(JSON.stringify(request.headers));
	response.end('{}');
});

/** How late a plain timer fires here and now: that much is the machine's doing, not ours. */
const late: { at: number; byMs: number }[] = [];
let expectedAt = performance.now() + 20;
const clock = setInterval(() => {
	const at = performance.now();
	late.push({ at, byMs: at - expectedAt });
	expectedAt = at + 20;
}, 20);
const latenessSince = (since: number) =>
	Math.max(0, ...late.filter(({ at }) => at >= since).map(({ byMs }) => byMs));

async function open(): Promise<House> {
	const standIn = await startStandIn({ apiKeys: [CANARY] });
	const engine = await startEngine({ apiKey: CANARY, baseUrl: standIn.url });
	standIn.answerWith(() => 'All is well.');
	const begun = await engine.run({
		nodes: [{ type: 'mistralAgent', parameters: { prompt: 'Hi' } }],
	});
	const house = { standIn, engine, conversationId: String(begun.items[0]?.json.conversationId) };
	houses.push(house);
	return house;
}

const rows: FaultRow[] = [];
const cells = new Map<string, string>();
const baselines = new Map<string, string>();
/** What an operation takes without a fault, engine included. */
const usualMs = new Map<string, number>();
const problems: string[] = [];

beforeAll(async () => {
	// Back-off without waits: how long it would be is the unit tests' business.
	jest.spyOn(Math, 'random').mockReturnValue(0);
	elsewhere.listen(0, '127.0.0.1');
	await once(elsewhere, 'listening');
	main = await open();
	streams = await open();
	const other = `http://127.0.0.1:${(elsewhere.address() as AddressInfo).port}`;
	rows.push(...faultRows(main.standIn.url, other));
});

afterAll(async () => {
	clearInterval(clock);
	jest.restoreAllMocks();
	elsewhere.close();
	for (const { standIn, engine } of houses) {
		await engine.close();
		await standIn.close();
	}
});

/** One cell: `n` = works after n tries, otherwise the reason and after how many tries. */
async function tryOut(
	{ standIn, engine, conversationId }: House,
	{ name, fault, endless, of }: FaultRow,
	operation: TriedOperation,
	times: number,
): Promise<{ came: string; lateMs: number }> {
	const seconds = endless ? SHORT_SECONDS : LONG_SECONDS;
	const place = `${name}, ${operation.name}, ${times === 1 ? 'once' : 'for ever'}`;
	const path = operation.path(conversationId);
	const struck = of && operation.stream ? of(operation.stream) : fault;
	standIn.inject({ ...struck, match: { path }, times });
	const sentBefore = standIn.requests.length;
	const began = performance.now();
	const outcome = await operation.run(engine, conversationId, seconds);
	const tookMs = performance.now() - began;
	const overdueMs =
		tookMs -
		(usualMs.get(operation.name) ?? tookMs) -
		(operation.deadlineSeconds ?? seconds) * 1000;
	const mine = standIn.requests.slice(sentBefore).filter((request) => request.path === path);
	if (name === none.name) usualMs.set(operation.name, tookMs);
	if (inspect(outcome, { depth: 14, maxStringLength: null, showHidden: true }).includes(CANARY)) {
		problems.push(`${place}: the key is in what came out`);
	}
	return {
		came: judge(place, operation, outcome, mine.length),
		lateMs: overdueMs > GRACE_MS + 3 * latenessSince(began) ? Math.round(overdueMs) : 0,
	};
}

function judge(
	place: string,
	{ name, stage }: TriedOperation,
	outcome: Outcome,
	sent: number,
): string {
	if ('failed' in outcome) {
		const { failed } = outcome;
		const complete =
			failed.stage.startsWith(`${stage}.`) &&
			failed.stage !== `${stage}.unexpected` &&
			failed.message.length > 10 &&
			failed.hint.length > 10 &&
			failed.item === 0 &&
			failed.attempts === sent;
		if (!complete) problems.push(`${place}: ${JSON.stringify({ ...failed, sent })}`);
		return `${failed.stage.slice(stage.length + 1)}, ${failed.attempts}`;
	}
	const value = JSON.stringify(outcome.value);
	if (place.startsWith('none')) baselines.set(name, value);
	else if (value !== baselines.get(name))
		problems.push(`${place}: another result: ${value.slice(0, 200)}`);
	return String(outcome.attempts ?? sent);
}

async function fill(house: House, row: FaultRow, operation: TriedOperation): Promise<void> {
	const cell = async (times: number) => {
		// An editor's list has no Timeout of its own: what takes all its time has a house of its own.
		const place = row.endless && operation.deadlineSeconds ? await open() : house;
		const look = async () => {
			const seen = await tryOut(place, row, operation, times);
			place.standIn.heal(operation.path(place.conversationId));
			return seen;
		};
		const first = await look();
		if (first.lateMs === 0) return first.came;
		// A busy machine may be late once; what is late twice is late by itself.
		const { came, lateMs } = await look();
		if (lateMs > 0) problems.push(`${row.name}, ${operation.name}: ${lateMs} ms late`);
		return came;
	};
	const rounds = row === none || row.heavy ? [1] : [1, Infinity];
	const came: string[] = [];
	if (row.endless && operation.deadlineSeconds) came.push(...(await Promise.all(rounds.map(cell))));
	else for (const times of rounds) came.push(await cell(times));
	cells.set(`${row.name}|${operation.name}`, [...new Set(came)].join(' / '));
}

const none: FaultRow = { name: 'none', fault: {} };

function asMarkdown(): string {
	const names = triedOperations.map(({ name }) => name);
	const line = (...texts: string[]) => `| ${texts.join(' | ')} |`;
	const body = [...rows, ...streamRows].map(({ name }) =>
		line(name, ...names.map((of) => cells.get(`${name}|${of}`) ?? '')),
	);
	return [
		'# Faults survived',
		'',
		'What every operation does when the network or the server fails. A test runs all of it against a',
		'faulty server and writes this table (`WRITE_DOCS=1`), or compares it with what is written here.',
		'',
		'- A number alone: it worked, after so many requests, with the same result as without the fault.',
		'- A word and a number: an error of that kind (`<operation>.<word>`), after so many requests. It names',
		'  the operation, the item and the number of tries, and says what to do.',
		'- Two entries: the fault struck once / struck for ever. One entry: both came to the same.',
		'  The two answers of 65 MiB struck once only, and not the live operations.',
		'',
		'Nothing ended later than its Timeout, nothing was cut short unnoticed, and the API key was nowhere in',
		'what came out.',
		'',
		line('Fault', ...names),
		line('---', ...names.map(() => '---')),
		...body,
		'',
	].join('\n');
}

describe('every fault, every operation', () => {
	beforeAll(async () => {
		const plain = triedOperations.filter(({ stream }) => !stream);
		const live = triedOperations.filter(({ stream }) => stream);
		for (const operation of plain) await fill(main, none, operation);
		for (const operation of live) await fill(streams, none, operation);
		const through = async (
			house: House,
			mine: readonly TriedOperation[],
			those: readonly FaultRow[],
		) => {
			for (const row of those) {
				const here = mine.filter(({ deadlineSeconds }) => !row.endless || !deadlineSeconds);
				if (row.heavy) for (const operation of here) await fill(house, row, operation);
				else await Promise.all(here.map(async (operation) => await fill(house, row, operation)));
			}
		};
		const lists = rows.flatMap((row) =>
			plain
				.filter(({ deadlineSeconds }) => row.endless && deadlineSeconds)
				.map(async (operation) => await fill(main, row, operation)),
		);
		await Promise.all([
			...lists,
			through(main, plain, rows),
			through(streams, live, [...rows.filter(({ heavy }) => !heavy), ...streamRows]),
		]);
	}, 300_000);

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
		expect(readFileSync(TABLE, 'utf8')).toBe(table);
	});
});
