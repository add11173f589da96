// From what was said to the item's fields. Pure.
import type { IDataObject } from 'n8n-workflow';
import type { History } from '../shared/mistral/conversations/conversations';

/** An unknown conversation is an empty one: asking for it is no mistake. */
export function historyOutput(conversationId = '', history?: History): IDataObject {
	const messages = history?.messages ?? [];
	return {
		conversationId: history ? conversationId : '',
		found: history !== undefined,
		messages: messages.map((message) => ({ ...message })),
		transcript: messages
			.map(({ role, text }) => `${role === 'user' ? 'User' : 'Agent'}: ${text}`)
			.join('\n'),
		tools: [...(history?.tools ?? [])],
	};
}
