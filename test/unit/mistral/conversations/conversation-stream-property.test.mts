// Property test: an answer split into any stream events is read as the same answer.
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readAnswer } from '../../../../nodes/shared/mistral/conversations/answer.ts';
import { readConversationStream } from '../../../../nodes/shared/mistral/conversations/conversation-stream.ts';

type Fields = Record<string, unknown>;

const chunk = fc.oneof(
	fc.string({ unit: 'grapheme' }).map((text): Fields => ({ type: 'text', text })),
	fc
		.webUrl()
		.map((url): Fields => ({ type: 'tool_reference', tool: 'web_search', title: url, url })),
	fc.uuid().map((file_id): Fields => ({ type: 'tool_file', tool: 'code_interpreter', file_id })),
	fc.constant<Fields>({ type: 'smell', text: 'no' }),
);
const json = fc.json({ maxDepth: 1 });
const output = fc.oneof(
	fc
		.array(chunk)
		.map((content): Fields => ({ type: 'message.output', role: 'assistant', content })),
	json.map((args): Fields => ({ type: 'tool.execution', name: 'web_search', arguments: args })),
	json.map((args): Fields => ({ type: 'function.call', name: 'f', arguments: args })),
	fc.constant<Fields>({ type: 'agent.handoff', next_agent_name: 'B' }),
);

/** Splits the text by a random list of lengths. */
function cut(text: string, lengths: readonly number[]): string[] {
	const pieces: string[] = [];
	let at = 0;
	for (const length of lengths) {
		pieces.push(text.slice(at, at + length));
		at += length;
	}
	return [...pieces, text.slice(at)];
}

function eventsOf(entry: Fields, index: number, lengths: readonly number[]): Fields[] {
	const { type, content, arguments: args, ...rest } = entry;
	const base = { output_index: index, id: entry.id, ...rest };
	if (type === 'message.output') {
		return (content as Fields[]).flatMap((part): Fields[] => {
			const pieces: unknown[] = part.type === 'text' ? cut(String(part.text), lengths) : [part];
			return pieces.map((piece) => ({ ...base, type: 'message.output.delta', content: piece }));
		});
	}
	if (type === 'agent.handoff') return [{ ...base, type: 'agent.handoff.done' }];
	const kind = String(type);
	return cut(String(args), lengths).map((piece) => ({
		...base,
		type: `${kind}.delta`,
		arguments: piece,
	}));
}

async function* stream(events: readonly Fields[]) {
	for (const event of events) yield { event: String(event.type), data: JSON.stringify(event) };
}

test('a streamed answer has the same text, sources, calls, tools and files as a whole one', async () => {
	const answer = fc.tuple(
		fc.array(output, { maxLength: 6 }),
		fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 4 }),
	);
	await fc.assert(
		fc.asyncProperty(answer, async ([entries, lengths]) => {
			const outputs = entries.map(
				(entry, index): Fields => ({
					...entry,
					id: `id_${index}`,
					...(entry.type === 'function.call' ? { tool_call_id: `call_${index}` } : {}),
				}),
			);
			const whole = readAnswer({ conversation_id: 'conv_1', outputs, usage: { total_tokens: 1 } });
			const events = outputs.flatMap((entry, index) => eventsOf(entry, index, lengths));
			let heard = '';
			const streamed = await readConversationStream(
				stream([
					{ type: 'conversation.response.started', conversation_id: 'conv_1' },
					...events,
					{ type: 'conversation.response.done', usage: { total_tokens: 1 } },
				]),
				'ask',
				(piece) => (heard += piece),
			);
			expect(streamed).toEqual(whole);
			expect(heard).toBe(whole?.text);
		}),
		{ numRuns: 300 },
	);
});
