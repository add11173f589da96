// Fields that select a conversation stored at Mistral: by its id, or by its session key.
import type { INodeProperties } from 'n8n-workflow';

export const sessionKeyField: INodeProperties = {
	displayName: 'Session Key',
	name: 'sessionKey',
	type: 'string',
	default:
		'={{ $json.sessionId ?? $json.message?.chat?.id ?? $json.chatId ?? $json.messages?.[0]?.from ?? $json.body?.sessionId ?? "" }}',
	placeholder: 'e.g. 123456789',
	description:
		'What tells one person or chat from another; by default the session of the chat, the Telegram chat ID, a field chatId, or the WhatsApp sender. It is kept at Mistral together with the conversation.',
};

/** `by`: name of the field that chooses between id and session key. */
export function conversationFields(by: string): INodeProperties[] {
	return [
		{
			displayName: 'Conversation ID',
			name: 'conversationId',
			type: 'string',
			default: '={{ $json.conversationId ?? "" }}',
			placeholder: 'e.g. conv_0a1b2c',
			displayOptions: { show: { [by]: ['conversationId'] } },
			description: 'From an earlier answer; when empty, a new conversation starts',
		},
		{ ...sessionKeyField, displayOptions: { show: { [by]: ['session'] } } },
	];
}
