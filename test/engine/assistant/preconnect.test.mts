// Connections are opened before there are words for them, and what becomes of one that nobody needs.
import type { Socket } from 'node:net';
import { expect, jest, test } from '@jest/globals';
import { faults } from '../../standin/index.mts';
import { recording, useBench } from '../../support/engine-fixture.mts';
import { talk } from '../../support/assistant-run.mts';
import { until } from '../../support/until.mts';

jest.setTimeout(60_000);

const bench = useBench();

const HEARING = '/v1/audio/transcriptions';
const ANSWER = '/v1/conversations';
const SPEECH = '/v1/audio/speech';

const slowly = (path: string, ms: number) =>
	bench.standIn.inject({ ...faults.slow(ms), match: { method: 'POST', path } });
const at = (path: string) => bench.standIn.requests.filter((request) => request.path === path);
const isOpen = () => bench.standIn.silent.size > 0;
const question = async () =>
	await bench.engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });

test('each stage finds a connection that was opened while the one before it worked', async () => {
	const { engine, standIn } = bench;
	const stages = [HEARING, ANSWER, SPEECH];
	for (const path of stages) slowly(path, 1_500);
	const running = talk(engine, { items: [await question()], streaming: true });
	for (const path of stages) {
		await until(() => at(path).length > 0, path);
		if (path !== SPEECH) await until(isOpen, 'a connection', 1_400);
		expect(standIn.silent.size).toBe(path === SPEECH ? 0 : 1);
	}
	const { error, json } = await running;
	expect(error).toBeUndefined();
	expect(json.attempts).toBe(standIn.requests.length);
});

test('what goes out on it is the same request, filled up with spaces to a length told beforehand', async () => {
	const { engine, standIn } = bench;
	standIn.answerWith(() => 'Good morning.');
	const sent = (path: string) => {
		const request = at(path).find(({ status }) => status === 200);
		const { host, 'content-length': length, ...headers } = request?.headers ?? {};
		return { length: Number(length), request: { headers, json: request?.json } };
	};
	const one = async () => {
		const { error } = await talk(engine, { items: [await question()], streaming: true });
		expect(error).toBeUndefined();
		return [sent(ANSWER), sent(SPEECH)];
	};
	for (const path of [HEARING, ANSWER]) slowly(path, 200);
	const early = await one();
	// Where the first request is turned away, the next one goes out as any other.
	standIn.requests.length = 0;
	for (const path of [ANSWER, SPEECH])
		standIn.inject({ ...faults.rateLimited('0'), match: { method: 'POST', path } });
	const usual = await one();
	expect(early.map(({ request }) => request)).toEqual(usual.map(({ request }) => request));
	expect(early.map(({ length }) => length)).toEqual([4096, 4096]);
	for (const { length } of usual) expect(length).toBeLessThan(4096);
});

test('a question too long for it takes a connection of its own', async () => {
	const { engine, standIn } = bench;
	slowly(HEARING, 200);
	const instructions = 'Answer briefly. '.repeat(300);
	const { error } = await talk(engine, { items: [await question()], parameters: { instructions } });
	expect(error).toBeUndefined();
	expect(at(ANSWER)).toHaveLength(1);
	expect(Number(at(ANSWER)[0]?.headers['content-length'])).toBeGreaterThan(4096);
	await until(() => !isOpen(), 'the end of the other', 2_000);
	expect(standIn.requests.every(({ completed }) => completed)).toBe(true);
});

test('a typed question goes out on it too', async () => {
	const { engine, standIn } = bench;
	const { error } = await talk(engine, { items: [{ json: { text: 'Good morning' } }] });
	expect(error).toBeUndefined();
	expect(at(ANSWER).map(({ headers }) => headers['content-length'])).toEqual(['4096']);
	expect(standIn.silent.size).toBe(0);
});

const unasked = (body: string) =>
	`HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

test.each<[string, (socket: Socket) => unknown]>([
	['was closed', (socket) => socket.destroy()],
	['was reset', (socket) => socket.resetAndDestroy()],
	['was half closed', (socket) => socket.end()],
	['brought an answer unasked', (socket) => socket.end(unasked(''))],
	['brought a long answer unasked', (socket) => socket.end(unasked('late '.repeat(100_000)))],
])('one that %s is replaced, and counts as no try', async (_, end) => {
	const { engine, standIn } = bench;
	slowly(HEARING, 1_500);
	slowly(ANSWER, 1_500);
	const running = talk(engine, { items: [await question()], streaming: true });
	for (const path of [HEARING, ANSWER]) {
		await until(() => at(path).length > 0 && standIn.silent.size > 0, path);
		for (const socket of standIn.silent) end(socket);
	}
	const { error, json } = await running;
	expect(error).toBeUndefined();
	expect(json.attempts).toBe(standIn.requests.length);
	expect(at(ANSWER)).toHaveLength(1);
});

test('one that was opened long ago is not trusted', async () => {
	const { engine } = bench;
	slowly(HEARING, 4_600);
	const running = talk(engine, { items: [await question()], streaming: true });
	await until(isOpen, 'a connection');
	await until(() => !isOpen(), 'its end', 4_500);
	expect(at(ANSWER)).toHaveLength(0);
	expect((await running).error).toBeUndefined();
	expect(at(ANSWER)).toHaveLength(1);
});

test('one that is used may be answered as late as any other', async () => {
	const { engine } = bench;
	slowly(HEARING, 200);
	slowly(ANSWER, 4_600);
	const { error } = await talk(engine, { items: [await question()], streaming: true });
	expect(error).toBeUndefined();
	expect(at(ANSWER).map(({ headers }) => headers['content-length'])).toEqual(['4096']);
});

const heardNothing = {
	status: 200,
	body: { model: 'voxtral-mini-2507', text: '', language: null, segments: [], usage: {} },
};

test.each([
	['was refused', faults.invalidKey()],
	['brought no words', heardNothing],
])('none is left when the hearing %s', async (_, fault) => {
	const { engine, standIn } = bench;
	standIn.inject({ ...fault, delayMs: 1_500, match: { method: 'POST', path: HEARING } });
	const running = talk(engine, { items: [await question()], streaming: true });
	await until(isOpen, 'a connection');
	await running;
	expect(at(ANSWER)).toHaveLength(0);
	await until(() => !isOpen(), 'its end', 2_000);
});

test('a stopped turn closes it', async () => {
	const { engine, standIn } = bench;
	standIn.inject({ ...faults.hang(), match: { method: 'POST', path: HEARING } });
	let stop = () => {};
	const running = talk(engine, {
		items: [await question()],
		streaming: true,
		onStart: (cancel) => (stop = cancel),
	}).catch(() => undefined);
	await until(isOpen, 'a connection');
	stop();
	await until(() => !isOpen(), 'its end', 2_000);
	await running;
});
