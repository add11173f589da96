import { describe, expect, test } from '@jest/globals';
import { type LoggedCall, criticalPathOf } from '../../../bench/critical-path.mts';

const reply = 'Yes, of course it is. The sun shines in Paris.';

const call = (path: string, serviceMs: number[], more: Partial<LoggedCall> = {}): LoggedCall => ({
	path: `/v1/${path}`,
	status: 200,
	receivedAtMs: 1000,
	sentAtMs: serviceMs.map((ms) => 1000 + ms),
	stream: false,
	...more,
});

/** Ten words, 100 ms after 300 ms the first, then one every 10 ms, between the opening and the end. */
const written = [0, ...Array.from({ length: 10 }, (_, word) => 300 + word * 10), 400];

const turn = [
	call('audio/transcriptions', [400]),
	call('conversations', written, { stream: true }),
	call('audio/speech', [80, 100, 120], { stream: true, input: 'Yes, of course it is.' }),
	call('audio/speech', [80, 90, 300], { stream: true, input: 'The sun shines in Paris.' }),
];

describe('the limit of a turn', () => {
	test('is the way to the first bytes of the first piece, and to the last bytes of the latest one', () => {
		expect(criticalPathOf(turn, reply)).toEqual({
			// Heard at 400, the sixth word, which ends the first sentence, 350 later, the first sound 80 after it.
			firstAudioMs: 400 + 350 + 80,
			wholeAudioMs: 400 + 390 + 300,
			oneAfterTheOtherMs: 400 + 400 + 300,
		});
	});

	test('does not depend on the order in which the pieces were asked for', () => {
		const [heard, answer, first, second] = turn as [LoggedCall, LoggedCall, LoggedCall, LoggedCall];
		expect(criticalPathOf([heard, answer, second, first], reply)).toEqual(criticalPathOf(turn, reply));
	});

	test('without a stream every call waits for the whole of the one before', () => {
		const whole = [
			call('audio/transcriptions', [400]),
			call('chat/completions', [500]),
			call('audio/speech', [900], { input: reply }),
		];
		expect(criticalPathOf(whole, reply)).toEqual({
			firstAudioMs: 1800,
			wholeAudioMs: 1800,
			oneAfterTheOtherMs: 1800,
		});
	});

	test('refused requests count for nothing', () => {
		const refused = call('audio/speech', [5], { status: 429, input: 'Yes, of course it is.' });
		expect(criticalPathOf([...turn, refused], reply)).toEqual(criticalPathOf(turn, reply));
	});

	test('a log that is no single turn is not judged', () => {
		expect(() => criticalPathOf(turn.slice(1), reply)).toThrow('no single turn');
		expect(() => criticalPathOf([...turn, ...turn], reply)).toThrow('no single turn');
	});
});
