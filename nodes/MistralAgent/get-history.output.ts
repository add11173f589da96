// Output fields of Get History. Pure.
import type { IDataObject } from 'n8n-workflow';
import type { History } from '../shared/mistral/conversations/conversations';

/** `found` is false for an unknown conversation, which is not an error. */
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
