// The options of the operation Ask.
import type { INodeProperties } from 'n8n-workflow';
import type { AnswerOptions } from '../shared/conversation/answer-settings';
import {
	answerLanguageOption,
	personaOption,
	speechSecondsOption,
	tellDateOption,
} from '../shared/fields/answer/answer-style';
import {
	maxTokensOption,
	reasoningEffortOption,
	seedOption,
	stopOption,
	temperatureOption,
	topPOption,
} from '../shared/fields/answer/completion';
import {
	attemptsOption,
	concurrencyOption,
	keepInputOption,
	optionsField,
	timeoutOption,
} from '../shared/fields/options';

export const DEFAULT_TIMEOUT_SECONDS = 300;
export const DEFAULT_TOOL_ROUNDS = 10;

/** As n8n stores the options: only those the user added. */
export interface AskOptions extends AnswerOptions {
	readonly additionalFields?: unknown;
	readonly agentVersion?: string | number;
	readonly chatCompletions?: boolean;
	readonly downloadFiles?: boolean;
	readonly enableStreaming?: boolean;
	readonly jsonSchema?: unknown;
	readonly keepInput?: boolean;
	readonly listSources?: boolean;
	readonly maxToolRounds?: number;
	readonly storeNothing?: boolean;
}

const EXAMPLE_SCHEMA = `{
	"type": "object",
	"properties": {
		"speech": { "type": "string" },
		"urgent": { "type": "boolean" }
	},
	"required": ["speech", "urgent"],
	"additionalProperties": false
}`;

export const askOptions: INodeProperties = optionsField([
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
	answerLanguageOption,
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
		description: 'How often the tools connected to the node may be called before an answer is due',
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
	personaOption,
	reasoningEffortOption,
	speechSecondsOption,
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
	tellDateOption,
	temperatureOption,
	timeoutOption(DEFAULT_TIMEOUT_SECONDS),
	topPOption,
	attemptsOption,
]);
