import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type StandIn, startStandIn } from '../standin/index.mts';
import { type Engine, packageRoot, startEngine } from '../support/engine.mts';

const recording = (name: string) => readFileSync(join(packageRoot, 'test/recordings', name));
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

let standIn: StandIn;
beforeAll(async () => {
	standIn = await startStandIn();
});
beforeEach(() => standIn.reset());
afterAll(async () => await standIn.close());

describe.each(['memory', 'filesystem'] as const)('one voice turn, binaries in %s', (mode) => {
	let engine: Engine;
	beforeAll(async () => {
		engine = await startEngine({ apiKey: 'stand-in-key', baseUrl: standIn.url }, mode);
	});
	afterAll(async () => await engine.close());

	test('three untouched nodes turn a question into a spoken answer', async () => {
		const question = recording('question.ogg');
		const { items, error } = await engine.run({
			nodes: [{ type: 'voxtralTranscribe' }, { type: 'mistralAgent' }, { type: 'voxtralSpeak' }],
			items: [await engine.item({ chat: 7 }, { bytes: question, fileName: 'file_1.oga', mimeType: 'audio/ogg' })],
		});
		expect(error).toBeUndefined();
		console.log(JSON.stringify(items[0]?.json, null, 1));
		const [upload, asked, spoken] = standIn.requests;
		expect(upload?.form?.files[0]).toMatchObject({ sha256: sha256(question) });
		console.log(upload?.headers, asked?.json, spoken?.json);
	});
});
