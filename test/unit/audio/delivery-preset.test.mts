import { describe, expect, test } from '@jest/globals';
import { int16FromFloat32 } from '../../../nodes/shared/audio/pcm/pcm.ts';
import { readWav } from '../../../nodes/shared/audio/containers/wav.ts';
import { deliveryPreset, tooLargeAdvice } from '../../../nodes/shared/audio/delivery-preset.ts';
import { finishAudio, wrapPcm } from '../../support/run-to-end.mts';

const samples = Float32Array.from({ length: 4800 }, (_, n) => 0.3 * Math.sin(n / 9) + 0.001);
const float32 = new Uint8Array(samples.buffer);
const int16 = int16FromFloat32(float32);
const wav = wrapPcm(float32, { sampleType: 'float32', sampleRate: 24_000, channels: 1 });
const bytes = (audio: Uint8Array) => Buffer.from(audio).toString('hex');

describe('what Mistral is asked for', () => {
	test.each([
		['file', 'mp3', 1, 'mp3', 'mp3'],
		['file', 'flac', 1, 'flac', 'flac'],
		['file', 'flac', 2, 'wav', 'wav'],
		['file', 'opus', 3, 'opus', 'ogg'],
		['file', 'pcm', 3, 'pcm', 'pcm'],
		['file', 'pcm16', 3, 'wav', 'pcm'],
		['telegramVoice', 'flac', 9, 'opus', 'ogg'],
		['whatsappVoice', 'wav', 1, 'opus', 'ogg'],
		['webPlayer', 'pcm', 1, 'mp3', 'mp3'],
		['phoneLine', 'mp3', 1, 'wav', 'wav'],
	] as const)('%s, %s, %i pieces: %s', (destination, chosen, pieces, ask, format) => {
		expect(deliveryPreset(destination, chosen, pieces)).toMatchObject({ ask, format });
	});

	test('size limits and their advice depend on the destination', () => {
		const telegram = deliveryPreset('telegramVoice', 'mp3', 1);
		const whatsapp = deliveryPreset('whatsappVoice', 'mp3', 1);
		expect([telegram.maxBytes, whatsapp.maxBytes, whatsapp.comfort?.bytes]).toEqual([
			52_428_800, 16_777_216, 524_288,
		]);
		expect([telegram.mimeType, whatsapp.mimeType]).toEqual([undefined, 'audio/ogg; codecs=opus']);
		expect(tooLargeAdvice(telegram)).toContain('50 MB');
		expect(tooLargeAdvice(whatsapp)).toContain('16 MB');
		expect(deliveryPreset('file', 'flac', 4).hint).toContain('4 pieces');
	});
});

describe('finishing', () => {
	test('files stay unchanged; streamed PCM is wrapped as WAV', () => {
		expect(finishAudio(wav, 'wav', deliveryPreset('file', 'wav', 1)).audio).toBe(wav);
		expect(bytes(finishAudio(float32, 'pcm', deliveryPreset('file', 'wav', 1)).audio)).toBe(
			bytes(wav),
		);
		expect(bytes(finishAudio(int16, 'pcm', deliveryPreset('file', 'wav', 1)).audio)).toBe(
			bytes(wav),
		);
	});

	test('headerless samples have their sample format', () => {
		expect(finishAudio(float32, 'pcm', deliveryPreset('file', 'pcm', 1))).toEqual({
			audio: float32,
			pcm: { sampleType: 'float32', sampleRate: 24_000, channels: 1 },
		});
		expect(finishAudio(int16, 'pcm', deliveryPreset('file', 'pcm', 1)).pcm?.sampleType).toBe(
			'int16',
		);
		for (const [audio, asked] of [
			[wav, 'wav'],
			[float32, 'pcm'],
		] as const) {
			const finished = finishAudio(audio, asked, deliveryPreset('file', 'pcm16', 1));
			expect(bytes(finished.audio)).toBe(bytes(int16));
			expect(finished.pcm).toEqual({ sampleType: 'int16', sampleRate: 24_000, channels: 1 });
		}
	});

	test('a phone line gets 8 kHz', () => {
		const { sampleRate, data } = readWav(
			finishAudio(wav, 'wav', deliveryPreset('phoneLine', 'mp3', 1)).audio,
		);
		expect([sampleRate, data.length]).toEqual([8000, 3200]);
		expect(() =>
			finishAudio(Buffer.from('no wav'), 'wav', deliveryPreset('phoneLine', 'mp3', 1)),
		).toThrow(/WAV/);
	});
});
