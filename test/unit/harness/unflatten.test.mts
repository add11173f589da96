import { describe, expect, test } from '@jest/globals';
import { unflatten } from '../../../harness/unflatten.mts';

describe('unflatten', () => {
	test('follows places, keeps plain values', () => {
		const stored =
			'[{"name":"1","list":"2","count":3,"none":null,"on":true},"Ada",["1","3"],{"name":"1"}]';
		expect(unflatten(stored)).toEqual({
			name: 'Ada',
			list: ['Ada', { name: 'Ada' }],
			count: 3,
			none: null,
			on: true,
		});
	});

	test('a string that is a number stays a string', () => {
		expect(unflatten('[{"a":"1"},"0"]')).toEqual({ a: '0' });
	});

	test('a value that holds itself', () => {
		const value = unflatten('[{"self":"0"}]') as { self: unknown };
		expect(value.self).toBe(value);
	});
});
