// Every delivery preset in full: requested format, file name, size limits, advice.
import { describe, expect, test } from '@jest/globals';
import {
	type DeliveryPreset,
	deliveryPreset,
	pcmLayoutOf,
	tooLargeAdvice,
} from '../../../nodes/shared/audio/delivery-preset.ts';
import { readWav } from '../../../nodes/shared/audio/containers/wav.ts';
import { finishAudio, wrapPcm } from '../../support/run-to-end.mts';

describe('destinations', () => {
	test.each<[DeliveryPreset['destination'], Omit<DeliveryPreset, 'destination'>]>([
		['file', { ask: 'flac', format: 'flac', finish: 'asIs', fileName: 'speech' }],
		[
			'telegramVoice',
			{
				ask: 'opus',
				format: 'ogg',
				finish: 'asIs',
				fileName: 'voice',
				label: 'Telegram',
				maxBytes: 52_428_800,
			},
		],
		[
			'whatsappVoice',
			{
				ask: 'opus',
				format: 'ogg',
				finish: 'asIs',
				fileName: 'voice',
				label: 'WhatsApp',
				mimeType: 'audio/ogg; codecs=opus',
				maxBytes: 16_777_216,
				comfort: {
					bytes: 524_288,
					advice:
						'WhatsApp shows voice notes above 512 KB with a download arrow in place of the play button.',
				},
			},
		],
		[
			'webPlayer',
			{ ask: 'mp3', format: 'mp3', finish: 'asIs', fileName: 'speech', label: 'a web player' },
		],
		[
			'phoneLine',
			{ ask: 'wav', format: 'wav', finish: 'phone', fileName: 'phone', label: 'a phone line' },
		],
	])('%s', (destination, delivery) => {
		expect(deliveryPreset(destination, 'flac', 1)).toEqual({ destination, ...delivery });
		// Only where a person chose FLAC is there something to say about pieces.
		if (destination !== 'file')
			expect(deliveryPreset(destination, 'flac', 3)).toEqual({ destination, ...delivery });
	});

	test('FLAC in pieces becomes a WAV, with a hint', () => {
		expect(deliveryPreset('file', 'flac', 2)).toEqual({
			destination: 'file',
			ask: 'wav',
			format: 'wav',
			finish: 'asIs',
			fileName: 'speech',
			hint: 'This text was spoken in 2 pieces, and FLAC pieces cannot be joined: the file is a WAV, which sounds exactly the same.',
		});
		expect(deliveryPreset('file', 'mp3', 2)).not.toHaveProperty('hint');
	});

	test('int16 samples are taken from a WAV', () => {
		expect(deliveryPreset('file', 'pcm16', 1)).toEqual({
			destination: 'file',
			ask: 'wav',
			format: 'pcm',
			finish: 'int16',
			fileName: 'speech',
		});
	});

	test.each([
		['telegramVoice', 'Voice notes may have 50 MB. Shorten the text, or send it in several notes.'],
		['whatsappVoice', 'Voice notes may have 16 MB. Shorten the text, or send it in several notes.'],
		['webPlayer', 'At most 0 MB are possible here. Shorten the text.'],
	] as const)('too large for %s: %s', (destination, advice) => {
		expect(tooLargeAdvice(deliveryPreset(destination, 'mp3', 1))).toBe(advice);
	});

	test('a size limit is given in whole megabytes', () => {
		const file = deliveryPreset('file', 'mp3', 1);
		expect(tooLargeAdvice({ ...file, maxBytes: 25 * 1024 * 1024 + 9 })).toBe(
			'At most 25 MB are possible here. Shorten the text.',
		);
	});
});

describe('finishing', () => {
	const silence = new Uint8Array(8);

	test('silence has the sample format that Mistral sends', () => {
		expect(pcmLayoutOf(silence)).toEqual({
			sampleType: 'float32',
			sampleRate: 24_000,
			channels: 1,
		});
	});

	test('the samples of an int16 WAV are returned unchanged', () => {
		const samples = Uint8Array.of(1, 2, 3, 4);
		const wav = wrapPcm(samples, { sampleType: 'int16', sampleRate: 16_000, channels: 2 });
		const { audio, pcm } = finishAudio(wav, 'wav', deliveryPreset('file', 'pcm16', 1));
		expect([...audio]).toEqual([1, 2, 3, 4]);
		expect(pcm).toEqual({ sampleType: 'int16', sampleRate: 16_000, channels: 2 });
	});

	test('the samples of a float32 WAV are converted to int16', () => {
		const header = wrapPcm(new Uint8Array(8), {
			sampleType: 'int16',
			sampleRate: 16_000,
			channels: 1,
		});
		const wav = Buffer.from(header);
		wav.writeUInt16LE(3, 20);
		wav.writeUInt16LE(4, 32);
		wav.writeUInt16LE(32, 34);
		wav.writeFloatLE(0.5, 44);
		wav.writeFloatLE(-1, 48);
		const { audio, pcm } = finishAudio(wav, 'wav', deliveryPreset('file', 'pcm16', 1));
		expect(Buffer.from(audio).toString('hex')).toBe('00400080');
		expect(pcm).toEqual({ sampleType: 'int16', sampleRate: 16_000, channels: 1 });
	});

	test('PCM that was requested as PCM stays unchanged', () => {
		const delivery = deliveryPreset('file', 'pcm', 1);
		expect(finishAudio(silence, 'wav', delivery).audio).toBe(silence);
	});

	test('streamed PCM for a file format is wrapped as WAV, a file is not', () => {
		const wrapped = finishAudio(silence, 'pcm', deliveryPreset('file', 'wav', 1));
		expect(wrapped).not.toHaveProperty('pcm');
		expect(readWav(wrapped.audio).data.length).toBe(4);
		const file = finishAudio(silence, 'mp3', deliveryPreset('file', 'mp3', 1));
		expect(file).toEqual({ audio: silence });
	});
});
