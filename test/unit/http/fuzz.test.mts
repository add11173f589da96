// Readers of what servers send, fed with anything: no crash, none slow.
import { expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import { KeyRedactor, keyEncodings } from '../../../nodes/shared/http/redaction/key-redactor.ts';
import { redactPrivateTexts } from '../../../nodes/shared/http/redaction/private-texts.ts';
import {
	refusalFacts,
	statusOfErrorBody,
} from '../../../nodes/shared/http/errors/error-response.ts';
import { retryAfterMs } from '../../../nodes/shared/http/retry.ts';
import {
	type ServerSentEvent,
	ServerSentEventParser,
} from '../../../nodes/shared/http/response/sse.ts';
import { fuzz, fuzzRuns, textOf } from '../../support/fuzz.mts';

jest.setTimeout(3_600_000);

/** The standard read once more, the plain way: all text at once. */
function plainReading(text: string): ServerSentEvent[] {
	const events: ServerSentEvent[] = [];
	const lines = text.split(/\r\n|\r|\n/);
	let event = '';
	let data: string[] = [];
	// What follows the last line end is no line yet.
	for (const line of lines.slice(0, -1)) {
		if (line === '') {
			if (data.length > 0) events.push({ event: event || 'message', data: data.join('\n') });
			event = '';
			data = [];
			continue;
		}
		const [, field, value = ''] = /^([^:]*)(?::\u0020?([^]*))?$/.exec(line) ?? [];
		if (field === 'event') event = value;
		if (field === 'data') data.push(value);
	}
	return events;
}

test('server-sent events, cut anywhere, against a plain reading of the standard', () => {
	const pieces = [
		'data',
		'event',
		':',
		': ',
		' ',
		'\n',
		'\r',
		'\r\n',
		'\n\n',
		'{"a":1}',
		'[DONE]',
		'id',
		'\0',
		'\uFEFF',
		'€',
	];
	fuzz(textOf(pieces, 24), (text, dice) => {
		const parser = new ServerSentEventParser(1_000_000);
		const events: ServerSentEvent[] = [];
		for (let at = 0; at < text.length; ) {
			const end = at + 1 + (dice() % 7);
			events.push(...parser.push(text.slice(at, end)));
			at = end;
		}
		const expected = plainReading(text);
		if (JSON.stringify(events) !== JSON.stringify(expected))
			expect({ text, events }).toEqual({ text, events: expected });
	});
});

test('error bodies', () => {
	const pieces = [
		'{',
		'}',
		'[',
		']',
		',',
		':',
		'"message"',
		'"detail"',
		'"error"',
		'"msg"',
		'"loc"',
		'"code"',
		'"x"',
		'1',
		'null',
		'true',
		'<html>',
	];
	fuzz(textOf(pieces, 20), (text, dice) => {
		const facts = refusalFacts('speak', 300 + (dice() % 300), text, { 'retry-after': text });
		if (
			facts.message.length > 400 ||
			(facts.hint ?? '').length > 700 ||
			!facts.stage.startsWith('speak.')
		) {
			expect(facts).toBe('short and named');
		}
		statusOfErrorBody(text);
	});
});

test('Retry-After', () => {
	const pieces = [
		'1',
		'0',
		'-',
		'.',
		'e',
		'9',
		' ',
		'Sun, 22 Nov 2026 10:00:30 GMT',
		'Sun',
		',',
		':',
		'GMT',
		'Infinity',
		'NaN',
		'0x1',
	];
	fuzz(textOf(pieces, 8), (text) => {
		const ms = retryAfterMs(
			{ 'retry-after': text, 'retry-after-ms': text.slice(1) },
			1_700_000_000_000,
		);
		if (ms !== undefined && !(ms >= 0 && Number.isFinite(ms)))
			expect({ text, ms }).toBe('a wait or none');
	});
});

test('texts that may hold a secret', () => {
	const secret = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';
	const odd = 'sk"7/canary+0\\Xv93&LmT5=bKw1<RgHd8>';
	const others = ['Bearer ', ' ', 'a', '=', '%20', '\\', '"'];
	for (const key of [secret, odd]) {
		const redactor = new KeyRedactor(key);
		const forms = keyEncodings(key);
		const pieces = [...forms, key.slice(0, 11), key.slice(5), ...others];
		fuzz(textOf(pieces, 12), (text) => {
			const shown = redactPrivateTexts(redactor.redact(text), [key], 'runs and whole texts');
			const left = forms.filter((form) => shown.includes(form));
			if (left.length > 0) expect({ text, shown, left }).toEqual({ text, shown, left: [] });
		});
	}
});

test('any JSON value as an error body', () => {
	fc.assert(
		fc.property(fc.jsonValue(), (value) => {
			const facts = refusalFacts(
				'ask',
				422,
				JSON.stringify({ message: value, detail: value, error: value }),
				{},
			);
			return facts.message.length < 400;
		}),
		{ numRuns: Math.min(fuzzRuns, 5_000) },
	);
});
