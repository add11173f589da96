// Fields of the operation Ask.
import type { INodeProperties } from 'n8n-workflow';
import { savedAgentField, whoAnswersField } from '../shared/fields/answer/agent';
import { conversationFields } from '../shared/fields/answer/conversation';
import { askOptions } from './ask.options';
import { agentSettingsFields } from './agent-settings.fields';

export const askFields: INodeProperties[] = [
	whoAnswersField,
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '={{ $json.chatInput ?? $json.text }}',
		required: true,
		description: 'What the agent is asked; by default the chat message or the transcribed speech',
	},
	{ ...savedAgentField, displayOptions: { show: { whoAnswers: ['agent'] } } },
	...agentSettingsFields({ whoAnswers: ['model'] }),
	{
		displayName: 'Memory',
		name: 'memory',
		type: 'options',
		default: 'none',
		options: [
			{
				name: 'Conversation ID',
				value: 'conversationId',
				description: 'Go on with the conversation of this ID',
			},
			{
				name: 'None',
				value: 'none',
				description: 'Each question starts a new conversation',
			},
			{
				name: 'Session Key',
				value: 'session',
				description:
					'One conversation for each person or chat, found again by a key such as a chat ID',
			},
		],
		description:
			'What the agent remembers of earlier questions. A memory connected below the node takes the place of this.',
	},
	...conversationFields('memory'),
	askOptions,
];
