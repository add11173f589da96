// Preconnect in Voxtral Assistant: the connection for the next stage is opened while the current one still works.
import type { Socket } from 'node:net';
import { expect, jest, test } from '@jest/globals';
import { faults } from '../../standin/index.mts';
import { recording, useEngineFixture } from '../../support/engine-fixture.mts';
import { runAssistant } from '../../support/assistant-run.mts';
import { until } from '../../support/until.mts';

jest.setTimeout(60_000);

const fixture = useEngineFixture();

const TRANSCRIPTION = '/v1/audio/transcriptions';
const ANSWER = '/v1/conversations';
const SPEECH = '/v1/audio/speech';

const delayResponses = (path: string, ms: number) =>
	fixture.standIn.inject({ ...faults.slow(ms), match: { method: 'POST', path } });
const requestsTo = (path: string) =>
	fixture.standIn.requests.filter((request) => request.path === path);
const hasIdleSocket = () => fixture.standIn.silent.size > 0;
const question = async () =>
	await fixture.engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });

test('each stage uses a connection that was preconnected during the stage before it', async () => {
	const { engine, standIn } = fixture;
	const stages = [TRANSCRIPTION, ANSWER, SPEECH];
	for (const path of stages) delayResponses(path, 1_500);
	const running = runAssistant(engine, { items: [await question()], streaming: true });
	for (const path of stages) {
		await until(() => requestsTo(path).length > 0, path);
		if (path !== SPEECH) await until(hasIdleSocket, 'a connection', 1_400);
		expect(standIn.silent.size).toBe(path === SPEECH ? 0 : 1);
	}
	const { error, json } = await running;
	expect(error).toBeUndefined();
	expect(json.attempts).toBe(standIn.requests.length);
});

test('a request on a preconnected socket is the usual one, padded with spaces to the announced Content-Length', async () => {
	const { engine, standIn } = fixture;
	standIn.answerWith(() => 'Good morning.');
	const sent = (path: string) => {
		const request = requestsTo(path).find(({ status }) => status === 200);
		const { host, 'content-length': length, ...headers } = request?.headers ?? {};
		return { length: Number(length), request: { headers, json: request?.json } };
	};
	const one = async () => {
		const { error } = await runAssistant(engine, { items: [await question()], streaming: true });
		expect(error).toBeUndefined();
		return [sent(ANSWER), sent(SPEECH)];
	};
	for (const path of [TRANSCRIPTION, ANSWER]) delayResponses(path, 200);
	const early = await one();
	// After a 429 the retry uses an ordinary connection.
	standIn.requests.length = 0;
	for (const path of [ANSWER, SPEECH])
		standIn.inject({ ...faults.rateLimited('0'), match: { method: 'POST', path } });
	const usual = await one();
	expect(early.map(({ request }) => request)).toEqual(usual.map(({ request }) => request));
	expect(early.map(({ length }) => length)).toEqual([4096, 4096]);
	for (const { length } of usual) expect(length).toBeLessThan(4096);
});

test('a request body longer than the announced Content-Length uses a new connection', async () => {
	const { engine, standIn } = fixture;
	delayResponses(TRANSCRIPTION, 200);
	const instructions = 'Answer briefly. '.repeat(300);
	const { error } = await runAssistant(engine, {
		items: [await question()],
		parameters: { instructions },
	});
	expect(error).toBeUndefined();
	expect(requestsTo(ANSWER)).toHaveLength(1);
	expect(Number(requestsTo(ANSWER)[0]?.headers['content-length'])).toBeGreaterThan(4096);
	await until(() => !hasIdleSocket(), 'the end of the other', 2_000);
	expect(standIn.requests.every(({ completed }) => completed)).toBe(true);
});

test('a typed question uses the preconnected socket as well', async () => {
	const { engine, standIn } = fixture;
	const { error } = await runAssistant(engine, { items: [{ json: { text: 'Good morning' } }] });
	expect(error).toBeUndefined();
	expect(requestsTo(ANSWER).map(({ headers }) => headers['content-length'])).toEqual(['4096']);
	expect(standIn.silent.size).toBe(0);
});

const unsolicited = (body: string) =>
	`HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: ${body.length}\r\n\r\n${body}`;

test.each<[string, (socket: Socket) => unknown]>([
	['was closed', (socket) => socket.destroy()],
	['was reset', (socket) => socket.resetAndDestroy()],
	['was half closed', (socket) => socket.end()],
	['received an unsolicited response', (socket) => socket.end(unsolicited(''))],
	[
		'received a long unsolicited response',
		(socket) => socket.end(unsolicited('late '.repeat(100_000))),
	],
])('a preconnected socket that %s is replaced without counting as an attempt', async (_, end) => {
	const { engine, standIn } = fixture;
	delayResponses(TRANSCRIPTION, 1_500);
	delayResponses(ANSWER, 1_500);
	const running = runAssistant(engine, { items: [await question()], streaming: true });
	for (const path of [TRANSCRIPTION, ANSWER]) {
		await until(() => requestsTo(path).length > 0 && standIn.silent.size > 0, path);
		for (const socket of standIn.silent) end(socket);
	}
	const { error, json } = await running;
	expect(error).toBeUndefined();
	expect(json.attempts).toBe(standIn.requests.length);
	expect(requestsTo(ANSWER)).toHaveLength(1);
});

test('an idle preconnected socket is closed before the server would close it', async () => {
	const { engine } = fixture;
	delayResponses(TRANSCRIPTION, 4_600);
	const running = runAssistant(engine, { items: [await question()], streaming: true });
	await until(hasIdleSocket, 'a connection');
	await until(() => !hasIdleSocket(), 'its end', 4_500);
	expect(requestsTo(ANSWER)).toHaveLength(0);
	expect((await running).error).toBeUndefined();
	expect(requestsTo(ANSWER)).toHaveLength(1);
});

test('a preconnected socket in use may be answered after that idle time', async () => {
	const { engine } = fixture;
	delayResponses(TRANSCRIPTION, 200);
	delayResponses(ANSWER, 4_600);
	const { error } = await runAssistant(engine, { items: [await question()], streaming: true });
	expect(error).toBeUndefined();
	expect(requestsTo(ANSWER).map(({ headers }) => headers['content-length'])).toEqual(['4096']);
});

const emptyTranscript = {
	status: 200,
	body: { model: 'voxtral-mini-2507', text: '', language: null, segments: [], usage: {} },
};

test.each([
	['fails', faults.invalidKey()],
	['returns no text', emptyTranscript],
])('the preconnected socket is closed when transcription %s', async (_, fault) => {
	const { engine, standIn } = fixture;
	standIn.inject({ ...fault, delayMs: 1_500, match: { method: 'POST', path: TRANSCRIPTION } });
	const running = runAssistant(engine, { items: [await question()], streaming: true });
	await until(hasIdleSocket, 'a connection');
	await running;
	expect(requestsTo(ANSWER)).toHaveLength(0);
	await until(() => !hasIdleSocket(), 'its end', 2_000);
});

test('cancelling a turn closes its preconnected socket', async () => {
	const { engine, standIn } = fixture;
	standIn.inject({ ...faults.hang(), match: { method: 'POST', path: TRANSCRIPTION } });
	let stop = () => {};
	const running = runAssistant(engine, {
		items: [await question()],
		streaming: true,
		onStart: (cancel) => (stop = cancel),
	}).catch(() => undefined);
	await until(hasIdleSocket, 'a connection');
	stop();
	await until(() => !hasIdleSocket(), 'its end', 2_000);
	await running;
});
