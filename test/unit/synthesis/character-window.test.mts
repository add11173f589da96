// The rate limit of characters per minute.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readCharacterLimit } from '../../../nodes/shared/mistral/speech/speech-audio.ts';
import { CharacterWindow } from '../../../nodes/shared/synthesis/character-window.ts';

describe('character rate limit', () => {
	test('without a known limit nothing waits', () => {
		const pace = new CharacterWindow();
		for (let n = 0; n < 100; n++) expect(pace.reserve(5000, 0)).toBe(0);
	});

	test('no minute exceeds the character limit, and nothing waits longer than needed', () => {
		fc.assert(
			fc.property(
				fc.array(fc.integer({ min: 1, max: 1000 }), { minLength: 1, maxLength: 60 }),
				(sizes) => {
					const pace = new CharacterWindow();
					pace.learn({ perMinute: 2400, remaining: 2400 }, 0);
					const sent: { at: number; size: number }[] = [];
					let now = 0;
					for (const size of sizes) {
						const wait = pace.reserve(size, now);
						if (wait > 0) {
							const recent = sent.filter(({ at }) => at > now - 60_000);
							expect(recent.reduce((sum, one) => sum + one.size, 0) + size).toBeGreaterThan(2400);
							now += wait;
							expect(pace.reserve(size, now)).toBe(0);
						}
						sent.push({ at: now, size });
					}
					for (const { at } of sent) {
						const minute = sent.filter((one) => one.at > at - 60_000 && one.at <= at);
						expect(minute.reduce((sum, one) => sum + one.size, 0)).toBeLessThanOrEqual(2400);
					}
				},
			),
		);
	});

	test('characters used by other clients of the account count for a minute', () => {
		const pace = new CharacterWindow();
		expect(pace.reserve(100, 0)).toBe(0);
		pace.learn({ perMinute: 1000, remaining: 200 }, 1000);
		expect(pace.reserve(200, 2000)).toBe(0);
		expect(pace.reserve(200, 3000)).toBe(58_000);
		expect(pace.reserve(200, 62_000)).toBe(0);
	});

	test('a piece above the limit is sent once the window is empty', () => {
		const pace = new CharacterWindow();
		pace.reserve(10, 0);
		pace.learn({ perMinute: 100, remaining: 90 }, 0);
		expect(pace.reserve(500, 10_000)).toBe(50_000);
		expect(pace.reserve(500, 60_001)).toBe(0);
	});
});

test.each([
	[{}, undefined],
	[
		{ 'x-ratelimit-limit-input-characters-minute': '24000' },
		{ perMinute: 24_000, remaining: 24_000 },
	],
	[
		{
			'x-ratelimit-limit-input-characters-minute': '100',
			'x-ratelimit-remaining-input-characters-minute': '36',
		},
		{ perMinute: 100, remaining: 36 },
	],
	[{ 'x-ratelimit-limit-input-characters-minute': '0' }, undefined],
	[{ 'x-ratelimit-limit-input-characters-minute': 'many' }, undefined],
])('the rate limit headers %j are read', (headers, allowance) => {
	expect(readCharacterLimit(headers)).toEqual(allowance);
});
