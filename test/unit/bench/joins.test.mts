import { describe, expect, test } from '@jest/globals';
import { joinPieces } from '../../../bench/joins.mts';

const pieces = [new Uint8Array(50), new Uint8Array(50)];

describe('joining with the code of any checkout', () => {
	test('steps are taken to the end, and come before the join in one go', () => {
		let steps = 0;
		const joinSteps = function* () {
			for (; steps < 3; steps += 1) yield undefined;
			return new Uint8Array(100);
		};
		const joinAudio = () => new Uint8Array(200);
		expect(joinPieces({ joinSteps, joinAudio }, 'mp3', pieces)).toHaveLength(100);
		expect(steps).toBe(3);
	});

	test('a join in steps that is called joinAudio is taken to its end as well', () => {
		const joinAudio = function* () {
			yield undefined;
			return new Uint8Array(90);
		};
		expect(joinPieces({ joinAudio }, 'wav', pieces)).toHaveLength(90);
	});

	test('without steps it is joined in one go', () => {
		expect(joinPieces({ joinAudio: () => new Uint8Array(90) }, 'wav', pieces)).toHaveLength(90);
	});

	test('a module that joins in no known way, or leaves speech out, is refused', () => {
		expect(() => joinPieces({}, 'opus', pieces)).toThrow('opus: 100 bytes joined into undefined');
		expect(() => joinPieces({ joinAudio: () => new Uint8Array(50) }, 'mp3', pieces)).toThrow(
			'joined into 50',
		);
	});
});
