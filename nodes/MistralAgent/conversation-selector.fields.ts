// Fields that select stored conversations: by conversation id or by session key.
import type { INodeProperties } from 'n8n-workflow';
import { conversationFields } from '../shared/fields/answer/conversation';

export const conversationSelectorFields: INodeProperties[] = [
	{
		displayName: 'Conversation',
		name: 'conversationBy',
		type: 'options',
		default: 'session',
		options: [
			{
				name: 'Conversation ID',
				value: 'conversationId',
				description: 'The conversation of this ID',
			},
			{
				name: 'Session Key',
				value: 'session',
				description: 'The conversations of one person or chat in this workflow',
			},
		],
		description: 'How the conversation is named',
	},
	...conversationFields('conversationBy'),
];
