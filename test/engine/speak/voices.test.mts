// Voices through n8n's engine: list, create from a clip, get, hear, update, delete.
import { describe, expect, jest, test } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { wrapPcm } from '../../../nodes/shared/audio/containers/wav.ts';
import { faults } from '../../standin/index.mts';
import { probeWarnings } from '../../support/media.mts';
import { recording, useBench } from '../../support/engine-fixture.mts';

jest.setTimeout(30_000);

const bench = useBench('filesystem');

const clip = Buffer.from(
	wrapPcm(new Uint8Array(4 * 16_000 * 2), { sampleType: 'int16', sampleRate: 16_000, channels: 1 }),
);
const id = (value: unknown) => ({ __rl: true, mode: 'id', value: String(value) });

async function run(operation: string, parameters: INodeParameters = {}, bytes?: Buffer) {
	const item = await bench.engine.item({}, ...(bytes ? [{ bytes, fileName: 'me.wav' }] : []));
	return await bench.engine.run({
		nodes: [{ type: 'voxtralSpeak', parameters: { resource: 'voice', operation, ...parameters } }],
		items: [item],
	});
}

const create = async (name: string, more: INodeParameters = {}) =>
	await run('createVoice', { name, consent: true, ...more }, clip);

test('a voice lives: created, found, heard, changed, spoken with, deleted', async () => {
	const details = {
		languages: 'fr, en-GB',
		gender: 'female',
		age: 41,
		tags: 'calm , support',
		slug: 'support_calm',
	};
	const { items: created, error } = await create('Support', { details });
	expect(error).toBeUndefined();
	const voice = created[0]?.json ?? {};
	expect(voice).toMatchObject({
		name: 'Support',
		slug: 'support_calm',
		type: 'custom',
		languages: ['fr', 'en-GB'],
		age: 41,
		tags: ['calm', 'support'],
	});
	expect(bench.standIn.requests[0]?.json).toMatchObject({
		sample_audio: clip.toString('base64'),
		sample_filename: 'me.wav',
	});

	expect(
		(await run('listVoices', { filters: { type: 'custom' } })).items.map(({ json }) => json.id),
	).toEqual([voice.id]);
	expect((await bench.engine.list('voxtralSpeak', 'searchOwnVoices')).results).toEqual([
		expect.objectContaining({ value: voice.id }),
	]);
	expect((await run('getVoice', { voice: id(voice.id) })).items[0]?.json).toEqual(voice);

	const heard = (await run('getVoiceSample', { voice: id(voice.id) })).items[0];
	expect(heard?.json).toMatchObject({ format: 'wav', mimeType: 'audio/wav', durationSeconds: 4 });
	expect((await bench.engine.bytes(heard)).equals(clip)).toBe(true);

	const changed = await run('updateVoice', {
		voice: id(voice.id),
		changes: { name: 'Support 2', tags: 'warm' },
	});
	expect(changed.items[0]?.json).toMatchObject({
		id: voice.id,
		name: 'Support 2',
		tags: ['warm'],
		age: 41,
	});

	const spoken = await bench.engine.run({
		nodes: [{ type: 'voxtralSpeak', parameters: { text: 'Hi.', voice: id('support_calm') } }],
	});
	expect(spoken.items[0]?.json).toMatchObject({ voice: 'support_calm' });

	expect((await run('deleteVoice', { voice: id(voice.id) })).items.map(({ json }) => json)).toEqual(
		[{ deleted: true }],
	);
	expect((await run('getVoice', { voice: id(voice.id) })).error?.message).toMatch(
		/does not know the chosen Voice/,
	);
});

describe('lists', () => {
	test('everything, filtered, limited, from either version of the list', async () => {
		const all = (await run('listVoices', { returnAll: true })).items.map(({ json }) => json);
		expect(all.length).toBeGreaterThan(30);
		const english = (
			await run('listVoices', { returnAll: true, filters: { language: 'en', gender: 'male' } })
		).items;
		expect(english.length).toBeGreaterThan(5);
		for (const { json } of english)
			expect([json.gender, String(json.languages)]).toEqual(['male', expect.stringMatching(/^en/)]);
		expect((await run('listVoices', { limit: 3 })).items).toHaveLength(3);
		expect(
			(await run('listVoices', { filters: { search: 'sarcasm' } })).items.map(
				({ json }) => json.slug,
			),
		).toEqual(['gb_jane_sarcasm']);
		bench.standIn.behave({ voicesV2Missing: true });
		expect((await run('listVoices', { returnAll: true })).items.map(({ json }) => json)).toEqual(
			all,
		);
	});

	test('more than one page', async () => {
		for (let n = 0; n < 25; n++) await create(`Voice ${n}`);
		const { items } = await run('listVoices', { returnAll: true });
		expect(new Set(items.map(({ json }) => json.id)).size).toBe(items.length);
		expect(items.length).toBeGreaterThan(50);
		const first = await bench.engine.list('voxtralSpeak', 'searchVoices');
		expect(first.paginationToken).toBeDefined();
		const found = await bench.engine.list('voxtralSpeak', 'searchVoices', 'Voice 24');
		expect(found.results.map(({ name }) => name)).toEqual(['Voice 24 (your own)']);
		expect(
			(await bench.engine.list('voxtralSpeak', 'searchVoices', 'french')).results.length,
		).toBeGreaterThan(5);
	});
});

describe('what is refused before anything is sent', () => {
	test.each<[string, string, INodeParameters, Buffer | undefined, RegExp]>([
		[
			'no consent',
			'createVoice',
			{ name: 'A', consent: false },
			clip,
			/Consent of the Speaker is switched off/,
		],
		['no clip', 'createVoice', { name: 'A', consent: true }, undefined, /Input Data Field Name/],
		[
			'an OGG',
			'createVoice',
			{ name: 'A', consent: true },
			recording('question.ogg'),
			/MP3 or WAV/,
		],
		['nothing to change', 'updateVoice', { voice: id('x') }, undefined, /Changes is empty/],
	])('%s', async (_, operation, parameters, bytes, message) => {
		const { error } = await run(operation, parameters, bytes);
		expect(error?.message).toMatch(message);
		expect(bench.standIn.requests).toEqual([]);
	});
});

test('a preset cannot be deleted, and the reason is told', async () => {
	const { error } = await run('deleteVoice', { voice: id('82c99ee6-f932-423f-a4a3-d403c8914b8d') });
	expect(error?.description).toMatch(/Preset voices cannot be changed/);
});

test('a deletion whose answer is lost is still a deletion; a creation is not repeated', async () => {
	const voice = (await create('Short life')).items[0]?.json ?? {};
	bench.standIn.inject({ ...faults.lostAfterWork(), match: { method: 'DELETE' } });
	expect((await run('deleteVoice', { voice: id(voice.id) })).items[0]?.json).toEqual({
		deleted: true,
	});
	bench.standIn.inject({ ...faults.lostAfterWork(), match: { method: 'POST' } });
	expect((await create('Twice?')).error?.message).toMatch(/connection|broke/i);
	expect((await run('listVoices', { filters: { type: 'custom' } })).items).toHaveLength(1);
});

test('a sample of a preset is audio that plays', async () => {
	const { items } = await run('getVoiceSample', { voice: id('fr_marie_neutral') });
	expect(await probeWarnings(await bench.engine.bytes(items[0]))).toBe('');
});
