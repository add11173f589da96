// Faults in a real n8n: a server that echoes the API key, and a process killed in the middle of a turn.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { nextExecution, type N8n, startN8n } from '../../harness/n8n.mts';
import { faults, startStandIn, type StandIn } from '../standin/index.mts';
import { postForm } from '../support/webhook-calls.mts';
import { CANARY, CANARY_TRACES } from '../support/canary.mts';
import { triggerUrl, type Published } from '../support/workflow-builder.mts';
import { ffprobe } from '../support/media.mts';
import { owner, tarball } from '../support/n8n-setup.mts';
import { recording, sha256, uploadsTo, voiceNote } from '../support/recordings.mts';
import { publishSample } from '../support/sample-workflows.mts';

jest.setTimeout(400_000);

const PATHS = ['/v1/audio/transcriptions', '/v1/conversations', '/v1/audio/speech'];

let userFolder: string;
let n8n: N8n;
let standIn: StandIn;
let sample: Published;

const start = async () =>
	await startN8n({ userFolder, tarball: await tarball(), owner, port: 5790 });

const ask = async () => {
	const response = await postForm(sample.url, { data: voiceNote() });
	return { response, reply: new Uint8Array(await response.arrayBuffer()) };
};

beforeAll(async () => {
	userFolder = await mkdtemp(join(tmpdir(), 'voxtral-faults-'));
	standIn = await startStandIn({ apiKeys: [CANARY] });
	n8n = await start();
	sample = await publishSample(n8n, 'voice-webhook', 'voice-on-a-bad-day', {
		url: standIn.url,
		apiKey: CANARY,
	});
});

afterAll(async () => {
	await n8n?.stop();
	await standIn?.close();
	await rm(userFolder, { recursive: true, force: true });
});

test('an API key echoed by the server is redacted in responses and executions', async () => {
	const repeating = [
		faults.echoKey(400),
		faults.echoKey(401),
		faults.echoPackedKey(400),
		faults.echoKey(200),
		{ ...faults.echoKey(503), headers: { 'retry-after-ms': '1' } },
		{ ...faults.echoKey(429), headers: { 'retry-after-ms': '1' } },
	];
	for (const path of PATHS) {
		for (const fault of repeating) {
			standIn.reset();
			standIn.inject({ ...fault, match: { path }, times: Infinity });
			const before = await n8n.api.executionIds(sample.workflow.id);
			const { response, reply } = await ask();
			expect(response.ok).toBe(false);
			const execution = await nextExecution(n8n.api, sample.workflow, before);
			expect(execution.status).toBe('error');
			const shown = inspect(execution, { depth: 30, maxStringLength: null });
			const visible = `${Buffer.from(reply).toString('latin1')}${shown}`;
			expect(CANARY_TRACES.filter((trace) => visible.includes(trace))).toEqual([]);
		}
	}
});

test('after a kill in the middle of a turn and a restart the next turn works, without partial files', async () => {
	standIn.reset();
	const whole = await ask();
	expect(whole.response.status).toBe(200);

	standIn.inject({ ...faults.stallMidBody(2_000), match: { path: '/v1/audio/speech' } });
	const broken = ask().catch(() => undefined);
	for (let n = 0; n < 1_500; n++) {
		if (standIn.requests.filter(({ path }) => path === '/v1/audio/speech').length === 2) break;
		await new Promise((resolve) => setTimeout(resolve, 20));
	}
	process.kill(n8n.pid, 'SIGKILL');
	await n8n.ended;
	await broken;

	standIn.reset();
	n8n = await start();
	sample = { ...sample, url: await triggerUrl(n8n, sample.workflow) };
	const { response, reply } = await ask();
	expect(response.status).toBe(200);
	expect(await ffprobe(reply)).toMatchObject({ formatName: 'mp3', complaints: '' });
	expect(reply.length).toBe(whole.reply.length);
	expect(uploadsTo(standIn)).toMatchObject([{ sha256: sha256(recording('question.ogg')) }]);
});

test('the API key is in no file of n8n: database, recordings, logs', async () => {
	await n8n.stop();
	const entries = await readdir(userFolder, { recursive: true, withFileTypes: true });
	const files = entries
		.filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
		.map(({ parentPath, name }) => join(parentPath, name));
	expect(files.some((file) => file.endsWith('database.sqlite'))).toBe(true);
	expect(files.some((file) => file.endsWith('n8n.log'))).toBe(true);
	for (const file of files) {
		const bytes = await readFile(file);
		const found = CANARY_TRACES.filter((trace) => bytes.includes(trace));
		expect({ file, found }).toEqual({ file, found: [] });
	}
});
