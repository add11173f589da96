// The answer of a conversation as server-sent events, paced by tokens.
import type { Entry, Usage } from './assistant.mts';
import { isObject } from './checks.mts';
import type { Exchange } from './exchange.mts';
import { now } from './ids.mts';
import { tokensIn, waitUntil, writtenAfterMs } from './latency.mts';
import { typed, type ServerEvent } from './sse.mts';

/** Words with the space before them, so that joined deltas equal the text. */
export const fragments = (text: string): string[] => text.match(/\s*\S+\s*$|\s*\S+|\s+/g) ?? [];

const wordsBeforeTrouble = 3;

export async function* streamedTurn(
	conversationId: string,
	outputs: Entry[],
	usage: Usage,
	{ world: { quirks, profile }, receivedAtMs, signal }: Exchange,
): AsyncGenerator<ServerEvent> {
	const event = (type: string, fields: Record<string, unknown>) =>
		typed(type, { created_at: now(), ...fields, ...(quirks.padding ? { p: 'abcdefghij' } : {}) });
	yield event('conversation.response.started', { conversation_id: conversationId });
	let characters = 0;
	let words = 0;
	for (const [index, entry] of outputs.entries()) {
		for (const [type, fields] of eventsOf(entry)) {
			if (type === 'message.output.delta') {
				characters += typeof fields['content'] === 'string' ? fields['content'].length : 0;
				await waitUntil(receivedAtMs + writtenAfterMs(profile, tokensIn(characters)), signal);
				if (words >= wordsBeforeTrouble && quirks.conversationEndsAbruptly) return;
				if (words >= wordsBeforeTrouble && quirks.conversationErrorEvent) {
					yield event('conversation.response.error', { ...quirks.conversationErrorEvent });
					return;
				}
				words += 1;
			}
			yield event(type, { output_index: index, ...fields });
		}
	}
	if (quirks.conversationEndsAbruptly) return;
	if (quirks.conversationErrorEvent) {
		yield event('conversation.response.error', { ...quirks.conversationErrorEvent });
		return;
	}
	yield event('conversation.response.done', { usage });
}

type Step = [type: string, fields: Record<string, unknown>];

function eventsOf(entry: Entry): Step[] {
	const { id } = entry;
	switch (entry.type) {
		case 'tool.execution': {
			const { name, arguments: args, info, model, agent_id } = entry;
			const whole = typeof args === 'string' ? args : JSON.stringify(args ?? {});
			return [
				['tool.execution.started', { id, name, arguments: '', model, agent_id }],
				['tool.execution.delta', { id, name, arguments: whole }],
				['tool.execution.done', { id, name, info }],
			];
		}
		case 'function.call': {
			const { name, arguments: args, tool_call_id, confirmation_status } = entry;
			const whole = typeof args === 'string' ? args : JSON.stringify(args ?? {});
			const middle = Math.ceil(whole.length / 2);
			return [whole.slice(0, middle), whole.slice(middle)]
				.filter((part, index) => index === 0 || part !== '')
				.map((part) => [
					'function.call.delta',
					{ id, name, tool_call_id, arguments: part, confirmation_status },
				]);
		}
		case 'agent.handoff': {
			const { previous_agent_id, previous_agent_name, next_agent_id, next_agent_name } = entry;
			return [
				['agent.handoff.started', { id, previous_agent_id, previous_agent_name }],
				['agent.handoff.done', { id, next_agent_id, next_agent_name }],
			];
		}
		default:
			return messageDeltas(entry);
	}
}

function messageDeltas({ id, model, agent_id, content }: Entry): Step[] {
	const common = { id, role: 'assistant', model, ...(agent_id === undefined ? {} : { agent_id }) };
	const chunks: unknown[] = Array.isArray(content) ? content : [{ type: 'text', text: content }];
	return chunks.flatMap((chunk, content_index): Step[] => {
		const delta = (part: unknown): Step => [
			'message.output.delta',
			{ ...common, content_index, content: part },
		];
		if (isObject(chunk) && chunk['type'] === 'text')
			return fragments(String(chunk['text'])).map(delta);
		return [delta(chunk)];
	});
}
