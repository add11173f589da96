// The rate limit headers of each endpoint family.
import type { Headers } from './wire.mts';

const requestsPerMinute = {
	'x-ratelimit-limit-req-minute': '360',
	'x-ratelimit-remaining-req-minute': '359',
};

export const chatLimits = (tokens: number): Headers => ({
	...requestsPerMinute,
	'x-ratelimit-limit-tokens-minute': '2000000',
	'x-ratelimit-remaining-tokens-minute': String(2_000_000 - tokens),
	'x-ratelimit-limit-tokens-month': '10000000000',
	'x-ratelimit-remaining-tokens-month': String(10_000_000_000 - tokens),
	'x-ratelimit-tokens-query-cost': String(tokens),
});

export const transcriptionLimits = (seconds: number): Headers => ({
	...requestsPerMinute,
	'x-ratelimit-limit-audio-seconds-minute': '7200',
	'x-ratelimit-remaining-audio-seconds-minute': String(Math.max(0, 7200 - seconds)),
	'x-ratelimit-audio-seconds-query-cost': String(seconds),
});

export const speechLimits = (characters: number): Headers => ({
	...requestsPerMinute,
	'x-ratelimit-limit-input-characters-minute': '24000',
	'x-ratelimit-remaining-input-characters-minute': String(Math.max(0, 24_000 - characters)),
	'x-ratelimit-input-characters-query-cost': String(characters),
});
