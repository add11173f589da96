// The critical path of a turn, computed from the log of the stand-in.
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

/** Event times of a streamed answer: the opening, ten words, one every 10 ms from 300 ms on, the final event. */
const written = [0, ...Array.from({ length: 10 }, (_, word) => 300 + word * 10), 400];

const turn = [
	call('audio/transcriptions', [400]),
	call('conversations', written, { stream: true }),
	call('audio/speech', [80, 100, 120], { stream: true, input: 'Yes, of course it is.' }),
	call('audio/speech', [80, 90, 300], { stream: true, input: 'The sun shines in Paris.' }),
];

describe('critical path of a turn', () => {
	test('the critical path leads to the first bytes of the first piece and to the last bytes of the latest piece', () => {
		expect(criticalPathOf(turn, reply)).toEqual({
			// Transcribed at 400 ms; the sixth word, which ends the first sentence, 350 ms later; first audio 80 ms after it.
			firstAudioMs: 400 + 350 + 80,
			wholeAudioMs: 400 + 390 + 300,
			oneAfterTheOtherMs: 400 + 400 + 300,
		});
	});

	test('the critical path does not depend on the order of the speech requests', () => {
		const [heard, answer, first, second] = turn as [LoggedCall, LoggedCall, LoggedCall, LoggedCall];
		expect(criticalPathOf([heard, answer, second, first], reply)).toEqual(
			criticalPathOf(turn, reply),
		);
	});

	test('without streaming every call waits for the complete response of the one before', () => {
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

	test('rejected requests are ignored', () => {
		const refused = call('audio/speech', [5], { status: 429, input: 'Yes, of course it is.' });
		expect(criticalPathOf([...turn, refused], reply)).toEqual(criticalPathOf(turn, reply));
	});

	test('a log that is not exactly one turn throws', () => {
		expect(() => criticalPathOf(turn.slice(1), reply)).toThrow('no single turn');
		expect(() => criticalPathOf([...turn, ...turn], reply)).toThrow('no single turn');
	});
});
