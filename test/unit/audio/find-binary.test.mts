import { describe, expect, test } from '@jest/globals';
import type { IBinaryData } from 'n8n-workflow';
import { findBinary } from '../../../nodes/shared/audio/find-binary.ts';

const file = (mimeType: string, fileName?: string): IBinaryData => ({
	data: 'AAAA',
	mimeType,
	...(fileName ? { fileName } : {}),
});
const ogg = file('audio/ogg');
const jpeg = file('image/jpeg', 'photo.jpg');

describe('a file is found', () => {
	test.each([
		['by its field', { json: {}, binary: { data: ogg, photo: jpeg } }, 'data', 'data'],
		[
			'with spaces around the name',
			{ json: {}, binary: { other: ogg, data: ogg } },
			' data ',
			'data',
		],
		['as the only one', { json: {}, binary: { voice: jpeg } }, 'data', 'voice'],
		['as the only audio', { json: {}, binary: { photo: jpeg, voice: ogg } }, 'data', 'voice'],
		[
			'as the only audio by its name',
			{ json: {}, binary: { photo: jpeg, v: file('application/octet-stream', 'a.oga') } },
			'data',
			'v',
		],
		['inside the JSON', { json: { _files: { data: ogg } } }, 'data', 'data'],
		['inside the JSON, by path', { json: { _files: { a: ogg, b: ogg } } }, '_files.b', '_files.b'],
		['inside the JSON, from a form', { json: { Recording: ogg, Name: 'x' } }, 'data', 'Recording'],
		['by any path to a file', { json: { deep: { er: ogg } } }, 'deep.er', 'deep.er'],
	])('%s', (_how, item, wanted, name) => {
		expect(findBinary(item as never, wanted)).toMatchObject({ name });
	});

	test('when an expression gives the file itself', () => {
		expect(findBinary(undefined, jpeg)).toEqual({ name: 'photo.jpg', data: jpeg });
		expect(findBinary({ json: {} }, { mimeType: 'audio/ogg', id: 'filesystem:1' })).toHaveProperty(
			'data',
		);
		const unnamed = { mimeType: 'audio/ogg', id: 'filesystem:1' };
		expect(findBinary({ json: {} }, unnamed)).toEqual({ name: 'expression', data: unnamed });
	});

	test.each([undefined, null, 7, ''])('as the only one, where %j is asked for', (wanted) => {
		expect(findBinary({ json: {}, binary: { voice: ogg } }, wanted)).toEqual({
			name: 'voice',
			data: ogg,
		});
	});
});

describe('not found: the names of the files there are', () => {
	test.each([
		['no item', undefined, 'data', []],
		['no files', { json: { data: 'text' } }, 'data', []],
		['two of the same kind', { json: {}, binary: { a: ogg, b: ogg } }, 'data', ['a', 'b']],
		[
			'what only looks like a file',
			{ json: { drive: { id: '1a', mimeType: 'audio/ogg' } } },
			'data',
			[],
		],
		['files of no meaning', { json: { _files: 'x' } }, 'data', []],
		['no files at all', { json: { _files: null, data: null } }, 'data', []],
		['a path that leads nowhere', { json: { a: null, b: 'text' } }, 'a.b', []],
		['a path into text', { json: { b: 'text' } }, 'b.length.x', []],
		['an invalid MIME type', { json: { data: { data: 'AAAA', mimeType: 7 } } }, 'data', []],
		[
			'two files that only sound like audio',
			{ json: {}, binary: { a: file('x-audio/ogg'), b: file('text/plain') } },
			'data',
			['a', 'b'],
		],
		['a preview without its bytes', { json: {} }, { mimeType: 'audio/ogg', fileName: 'a' }, []],
		['a name from the prototype', { json: {} }, 'constructor.prototype', []],
		['a number', { json: {} }, 7, []],
	])('%s', (_what, item, wanted, names) => {
		expect(findBinary(item as never, wanted)).toEqual({ names });
	});
});
