// Voxtral Transcribe in a real n8n: recordings from a webhook, and the meeting minutes sample with its form.
import { createHash, type Hash, randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, jest, test } from '@jest/globals';
import { formOf } from '../support/webhook-calls.mts';
import { ourNode, publishFlow, webhookNode } from '../support/workflow-builder.mts';
import { filesOn, submitForm } from '../support/forms.mts';
import { wavHeader } from '../support/media.mts';
import { recording, sha256, uploadsTo, voiceNote } from '../support/recordings.mts';
import { useN8n } from '../support/running-n8n.mts';
import { publishSample } from '../support/sample-workflows.mts';

jest.setTimeout(180_000);

const mebibyte = 1024 * 1024;
const credential = 'transcribe-in-tests';
const n8n = useN8n(credential);
const uploads = () => uploadsTo(n8n.standIn);

describe('a webhook', () => {
	let url: string;
	beforeAll(async () => {
		({ url } = await publishFlow(n8n, [
			webhookNode('transcribe-in-tests'),
			ourNode('voxtralTranscribe', credential, { options: { keepInput: false } }),
		]));
	});

	const post = async (body: BodyInit, headers: Record<string, string> = {}) => {
		const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
		const response = await fetch(url, init);
		return { status: response.status, json: (await response.json()) as Record<string, unknown> };
	};

	test("a webhook passes on Telegram's .oga recording", async () => {
		const voice = voiceNote('question-de.ogg', 'file_17.oga');
		const { status, json } = await post(formOf({ voice }));
		expect(status).toBe(200);
		expect(json).toMatchObject({ text: 'Wie wird das Wetter heute in Berlin?', spoken: true });
		expect(uploads()).toMatchObject([
			{
				sha256: sha256(recording('question-de.ogg')),
				fileName: 'file_17.ogg',
				contentType: 'audio/ogg',
			},
		]);
	});

	test.each(['audio/mpeg', 'application/octet-stream'])(
		'a webhook passes on a raw body without a file name as %s',
		async (type) => {
			const note = recording('question.mp3');
			const { json } = await post(new Uint8Array(note), { 'content-type': type });
			expect(json.text).toBe('What is the weather in Paris today?');
			expect(uploads()).toMatchObject([{ sha256: sha256(note), contentType: 'audio/mpeg' }]);
			expect(uploads()[0]?.fileName).toMatch(/\.mp3$/);
		},
	);

	test('a 100 MB WAV is uploaded byte for byte', async () => {
		const hash = createHash('sha256');
		const { json, status } = await post(bigWav(100 * mebibyte, hash) as unknown as BodyInit, {
			'content-type': 'audio/wav',
		});
		expect(status).toBe(200);
		expect(json.text).toMatch(/wav audio, 3276\.\d seconds, 16 kHz, mono/);
		expect(uploads()).toMatchObject([{ sha256: hash.digest('hex'), bytes: 100 * mebibyte }]);
	});
});

/** A low sample rate for a realistic duration, and noise, so that no two bytes can be confused. */
async function* bigWav(bytes: number, hash: Hash): AsyncGenerator<Uint8Array> {
	const header = wavHeader(bytes, 16_000, 1);
	for (let sent = 0; sent < bytes; ) {
		const piece = sent === 0 ? header : randomBytes(Math.min(mebibyte, bytes - sent));
		hash.update(piece);
		sent += piece.length;
		yield piece;
	}
}

test('the meeting minutes sample takes a recording by form, shows minutes and offers subtitles', async () => {
	const { url } = await publishSample(n8n, 'meeting-minutes', 'minutes-in-tests', n8n.standIn);
	n8n.standIn.answerWith(() => 'The train to Lyon is twenty minutes late.');
	const page = await submitForm(url, voiceNote('dialogue.ogg', 'Meeting.ogg'));
	expect(page).toContain('The train to Lyon is twenty minutes late.');
	const [file, ...others] = filesOn(page);
	expect([file?.fileName, ...others]).toEqual(['Meeting.srt']);
	expect(file?.text).toMatch(/^1\n00:00:00,\d\d0 --> 00:00:0\d,\d\d0\nSpeaker 1: Good morning\./);
	expect(uploads()).toMatchObject([{ sha256: sha256(recording('dialogue.ogg')) }]);
	const asked = n8n.standIn.requests.find(({ path }) => path.endsWith('/conversations'));
	expect(JSON.stringify(asked?.json)).toContain('Speaker 2: No, it is twenty minutes late.');
});
