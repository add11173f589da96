// What a person sets for a question.
import type { INodeProperties } from 'n8n-workflow';
import { savedAgentField, whoAnswersField } from '../shared/fields/agent';
import { conversationFields } from '../shared/fields/conversation';
import { modelField } from '../shared/fields/model';
import { askOptions } from './ask.options';

const DEFAULT_INSTRUCTIONS =
	'You are a friendly voice assistant. Answer in the language of the question, in two or three short sentences, the way you would say them aloud: no markdown, no lists, no links. Search the web for anything recent, local or factual, and say so when you do not know.';

const BY_MODEL = { show: { whoAnswers: ['model'] } };

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
	{
		...modelField({
			defaultModel: 'mistral-small-latest',
			searchListMethod: 'searchChatModels',
			description: 'The model that thinks and answers',
		}),
		displayOptions: BY_MODEL,
	},
	{
		displayName: 'Instructions',
		name: 'instructions',
		type: 'string',
		typeOptions: { rows: 4 },
		default: DEFAULT_INSTRUCTIONS,
		displayOptions: BY_MODEL,
		description: 'Who the agent is and how it answers',
	},
	{
		displayName: 'Built-in Tools',
		name: 'builtInTools',
		type: 'multiOptions',
		default: ['webSearch'],
		options: [
			{
				name: 'Code Interpreter',
				value: 'codeInterpreter',
				description: 'Calculate and draw charts by running code at Mistral',
			},
			{
				name: 'Document Library',
				value: 'documentLibrary',
				description: 'Look things up in documents that you put into a library at Mistral',
			},
			{
				name: 'Image Generation',
				value: 'imageGeneration',
				description: 'Draw pictures',
			},
			{
				name: 'Web Search',
				value: 'webSearch',
				description: 'Look things up on the web and name the sources',
			},
			{
				name: 'Web Search Premium',
				value: 'webSearchPremium',
				description: 'Also search the articles of news agencies; replaces Web Search',
			},
		],
		displayOptions: BY_MODEL,
		description: 'What Mistral may use to find the answer',
	},
	{
		displayName: 'Library IDs',
		name: 'libraryIds',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. 06a1b2c3-0000-4000-8000-000000000000',
		displayOptions: { show: { whoAnswers: ['model'], builtInTools: ['documentLibrary'] } },
		description:
			'The libraries to search, from the address of each in the Mistral console, separated by commas',
	},
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
