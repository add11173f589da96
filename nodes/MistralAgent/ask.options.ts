// What is rarely set for a question.
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import {
	maxTokensOption,
	reasoningEffortOption,
	seedOption,
	stopOption,
	temperatureOption,
	topPOption,
} from '../shared/fields/completion';
import {
	attemptsOption,
	concurrencyOption,
	keepInputOption,
	timeoutOption,
} from '../shared/fields/options';

export const DEFAULT_TIMEOUT_SECONDS = 300;
export const DEFAULT_TOOL_ROUNDS = 10;

/** What the options hold when they were set; absent otherwise. */
export interface AskOptions {
	readonly additionalFields?: unknown;
	readonly agentVersion?: string | number;
	readonly chatCompletions?: boolean;
	readonly downloadFiles?: boolean;
	readonly enableStreaming?: boolean;
	readonly jsonSchema?: unknown;
	readonly keepInput?: boolean;
	readonly language?: string;
	readonly listSources?: boolean;
	readonly maxTokens?: number;
	readonly maxToolRounds?: number;
	readonly persona?: string;
	readonly reasoningEffort?: string;
	readonly seed?: number;
	readonly speechSeconds?: number;
	readonly stop?: string;
	readonly storeNothing?: boolean;
	readonly tellDate?: boolean;
	readonly temperature?: number;
	readonly timeoutSeconds?: number;
	readonly topP?: number;
}

/** The languages Voxtral speaks; an expression may give any other code or name. */
const LANGUAGES: INodePropertyOptions[] = [
	{ name: 'Arabic', value: 'ar' },
	{ name: 'As Asked', value: 'asAsked' },
	{ name: 'Dutch', value: 'nl' },
	{ name: 'English', value: 'en' },
	{ name: 'French', value: 'fr' },
	{ name: 'German', value: 'de' },
	{ name: 'Hindi', value: 'hi' },
	{ name: 'Italian', value: 'it' },
	{ name: 'Portuguese', value: 'pt' },
	{ name: 'Spanish', value: 'es' },
];

const EXAMPLE_SCHEMA = `{
	"type": "object",
	"properties": {
		"speech": { "type": "string" },
		"urgent": { "type": "boolean" }
	},
	"required": ["speech", "urgent"],
	"additionalProperties": false
}`;

export const askOptions: INodeProperties = {
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options: [
		{
			displayName: 'Additional Body Fields',
			name: 'additionalFields',
			type: 'json',
			default: '{}',
			description:
				'Further fields for the request that starts a conversation, as in the API reference of Mistral, for example guardrails',
		},
		{
			displayName: 'Agent Version',
			name: 'agentVersion',
			type: 'string',
			default: '',
			placeholder: 'e.g. 2',
			displayOptions: { show: { '/whoAnswers': ['agent'] } },
			description: 'Number or name of the version of the saved agent; when empty, the latest',
		},
		{
			displayName: 'Answer as JSON',
			name: 'jsonSchema',
			type: 'json',
			typeOptions: { rows: 6 },
			default: EXAMPLE_SCHEMA,
			description:
				'The shape of the answer as a JSON schema. The field output then holds the fields of it instead of text; what a field named speech holds is what is spoken.',
		},
		{
			displayName: 'Answer Language',
			name: 'language',
			type: 'options',
			default: 'asAsked',
			options: LANGUAGES,
			description:
				'The language of the answer; as an expression also any other language code or name',
		},
		{
			displayName: 'Download Files',
			name: 'downloadFiles',
			type: 'boolean',
			default: true,
			description:
				'Whether pictures and files that the tools made are put into binary fields file_1, file_2…',
		},
		{
			displayName: 'Enable Streaming',
			name: 'enableStreaming',
			type: 'boolean',
			default: true,
			description:
				'Whether the answer appears word by word when the Chat Trigger or Webhook of the workflow streams',
		},
		concurrencyOption,
		keepInputOption,
		{
			displayName: 'List Sources',
			name: 'listSources',
			type: 'boolean',
			default: false,
			description:
				'Whether the sources follow the answer as a list of links, for people who read it; they are never spoken',
		},
		maxTokensOption,
		{
			displayName: 'Maximum Tool Rounds',
			name: 'maxToolRounds',
			type: 'number',
			default: DEFAULT_TOOL_ROUNDS,
			typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
			description:
				'How often the tools connected to the node may be called before an answer is due',
		},
		{
			displayName: 'OpenAI-Compatible Server',
			name: 'chatCompletions',
			type: 'boolean',
			default: false,
			displayOptions: { show: { '/whoAnswers': ['model'] } },
			description:
				'Whether the credential leads to a server such as vLLM or Ollama instead of Mistral. Built-in tools, sources, saved agents and memory at Mistral do not exist there; connected tools and memory do.',
		},
		{
			displayName: 'Persona',
			name: 'persona',
			type: 'string',
			default: '',
			placeholder: 'e.g. a patient librarian with dry humour',
			description: 'The character that speaks',
		},
		reasoningEffortOption,
		{
			displayName: 'Seconds of Speech',
			name: 'speechSeconds',
			type: 'number',
			default: 20,
			typeOptions: { minValue: 2, maxValue: 600, numberPrecision: 0 },
			description: 'About how long the answer should take when read aloud',
		},
		seedOption,
		stopOption,
		{
			displayName: 'Store Nothing at Mistral',
			name: 'storeNothing',
			type: 'boolean',
			default: false,
			description:
				'Whether Mistral is told not to keep the conversation, for private data. It then cannot be continued; a memory connected to the node still works.',
		},
		{
			displayName: "Tell Today's Date",
			name: 'tellDate',
			type: 'boolean',
			default: true,
			description:
				'Whether a new conversation begins with the date in the time zone of the workflow',
		},
		temperatureOption,
		timeoutOption(DEFAULT_TIMEOUT_SECONDS),
		topPOption,
		attemptsOption,
	],
};
