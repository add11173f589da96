// The Voice operations of Voxtral Speak in n8n's engine: list, create, get, sample, update, delete.
import { describe, expect, jest, test } from '@jest/globals';
import type { INodeParameters } from 'n8n-workflow';
import { faults } from '../../standin/index.mts';
import { probeWarnings } from '../../support/media.mts';
import { recording, useEngineFixture } from '../../support/engine-fixture.mts';
import { wrapPcm } from '../../support/run-to-end.mts';

jest.setTimeout(30_000);

const fixture = useEngineFixture('filesystem');

const clip = Buffer.from(
	wrapPcm(new Uint8Array(4 * 16_000 * 2), { sampleType: 'int16', sampleRate: 16_000, channels: 1 }),
);
const id = (value: unknown) => ({ __rl: true, mode: 'id', value: String(value) });

async function run(operation: string, parameters: INodeParameters = {}, bytes?: Buffer) {
	const item = await fixture.engine.item({}, ...(bytes ? [{ bytes, fileName: 'me.wav' }] : []));
	return await fixture.engine.run({
		nodes: [{ type: 'voxtralSpeak', parameters: { resource: 'voice', operation, ...parameters } }],
		items: [item],
	});
}

const create = async (name: string, more: INodeParameters = {}) =>
	await run('createVoice', { name, consent: true, ...more }, clip);

test('a voice can be created, found, played, updated, spoken with and deleted', async () => {
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
	expect(fixture.standIn.requests[0]?.json).toMatchObject({
		sample_audio: clip.toString('base64'),
		sample_filename: 'me.wav',
	});

	expect(
		(await run('listVoices', { filters: { type: 'custom' } })).items.map(({ json }) => json.id),
	).toEqual([voice.id]);
	expect((await fixture.engine.list('voxtralSpeak', 'searchOwnVoices')).results).toEqual([
		expect.objectContaining({ value: voice.id }),
	]);
	expect((await run('getVoice', { voice: id(voice.id) })).items[0]?.json).toEqual(voice);

	const heard = (await run('getVoiceSample', { voice: id(voice.id) })).items[0];
	expect(heard?.json).toMatchObject({ format: 'wav', mimeType: 'audio/wav', durationSeconds: 4 });
	expect((await fixture.engine.bytes(heard)).equals(clip)).toBe(true);

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

	const spoken = await fixture.engine.run({
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
	test('Get Many lists all voices, with filters and a limit, from either version of the endpoint', async () => {
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
		fixture.standIn.behave({ voicesV2Missing: true });
		expect((await run('listVoices', { returnAll: true })).items.map(({ json }) => json)).toEqual(
			all,
		);
	});

	test('Get Many reads all pages', async () => {
		for (let n = 0; n < 25; n++) await create(`Voice ${n}`);
		const { items } = await run('listVoices', { returnAll: true });
		expect(new Set(items.map(({ json }) => json.id)).size).toBe(items.length);
		expect(items.length).toBeGreaterThan(50);
		const first = await fixture.engine.list('voxtralSpeak', 'searchVoices');
		expect(first.paginationToken).toBeDefined();
		const found = await fixture.engine.list('voxtralSpeak', 'searchVoices', 'Voice 24');
		expect(found.results.map(({ name }) => name)).toEqual(['Voice 24 (your own)']);
		expect(
			(await fixture.engine.list('voxtralSpeak', 'searchVoices', 'french')).results.length,
		).toBeGreaterThan(5);
	});
});

describe('invalid parameters', () => {
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
			'an OGG clip',
			'createVoice',
			{ name: 'A', consent: true },
			recording('question.ogg'),
			/MP3 or WAV/,
		],
		['nothing to change', 'updateVoice', { voice: id('x') }, undefined, /Changes is empty/],
	])('%s fails before any request is sent', async (_, operation, parameters, bytes, message) => {
		const { error } = await run(operation, parameters, bytes);
		expect(error?.message).toMatch(message);
		expect(fixture.standIn.requests).toEqual([]);
	});
});

test('deleting a preset voice fails with the reason', async () => {
	const { error } = await run('deleteVoice', { voice: id('82c99ee6-f932-423f-a4a3-d403c8914b8d') });
	expect(error?.description).toMatch(/Preset voices cannot be changed/);
});

test('a deletion with a lost response counts as done, and a creation with a lost response is not retried', async () => {
	const voice = (await create('Short life')).items[0]?.json ?? {};
	fixture.standIn.inject({ ...faults.lostAfterWork(), match: { method: 'DELETE' } });
	expect((await run('deleteVoice', { voice: id(voice.id) })).items[0]?.json).toEqual({
		deleted: true,
	});
	fixture.standIn.inject({ ...faults.lostAfterWork(), match: { method: 'POST' } });
	expect((await create('Twice?')).error?.message).toMatch(/connection|broke/i);
	expect((await run('listVoices', { filters: { type: 'custom' } })).items).toHaveLength(1);
});

test('the sample of a preset voice is playable audio', async () => {
	const { items } = await run('getVoiceSample', { voice: id('fr_marie_neutral') });
	expect(await probeWarnings(await fixture.engine.bytes(items[0]))).toBe('');
});
