// A question in, a grounded answer out, fit to be read and to be spoken.
import type { IExecuteFunctions, INodeProperties } from 'n8n-workflow';
import { modelField } from '../shared/fields/model';
import { concurrencyOption, keepInputOption, timeoutOption } from '../shared/fields/options';
import type { Question } from '../shared/mistral/conversations';
import { ask as send } from '../shared/mistral/conversations';
import type { WireTool } from '../shared/mistral/wire';
import { addHint, Failure } from '../shared/run/failure';
import type { ItemRun, Operation } from '../shared/run/operation';
import { incomingJson } from '../shared/run/operation';
import { askOutput } from './ask.output';

const DEFAULT_TIMEOUT_SECONDS = 300;

const DEFAULT_INSTRUCTIONS =
	'You are a friendly voice assistant. Answer in the language of the question, in two or three short sentences, the way you would say them aloud: no markdown, no lists, no links. Search the web for anything recent, local or factual, and say so when you do not know.';

/** Stored value to wire name. */
const BUILT_IN_TOOLS: Readonly<Record<string, WireTool['type']>> = {
	webSearch: 'web_search',
	webSearchPremium: 'web_search_premium',
};

const fields: INodeProperties[] = [
	{
		displayName: 'Prompt',
		name: 'prompt',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '={{ $json.chatInput ?? $json.text }}',
		required: true,
		description: 'What the agent is asked; by default the chat message or the transcribed speech',
	},
	modelField({
		defaultModel: 'mistral-small-latest',
		searchListMethod: 'searchChatModels',
		description: 'The model that thinks and answers',
	}),
	{
		displayName: 'Instructions',
		name: 'instructions',
		type: 'string',
		typeOptions: { rows: 4 },
		default: DEFAULT_INSTRUCTIONS,
		description: 'Who the agent is and how it answers',
	},
	{
		displayName: 'Built-in Tools',
		name: 'builtInTools',
		type: 'multiOptions',
		default: ['webSearch'],
		options: [
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
		description: 'What Mistral may use to find the answer',
	},
	{
		displayName: 'Memory',
		name: 'memory',
		type: 'options',
		default: 'none',
		options: [
			{
				name: 'None',
				value: 'none',
				description: 'Each question starts a new conversation',
			},
			{
				name: 'Conversation ID',
				value: 'conversationId',
				description: 'Go on with the conversation of this ID',
			},
		],
		description: 'What the agent remembers of earlier questions',
	},
	{
		displayName: 'Conversation ID',
		name: 'conversationId',
		type: 'string',
		default: '={{ $json.conversationId }}',
		placeholder: 'e.g. conv_0a1b2c',
		displayOptions: { show: { memory: ['conversationId'] } },
		description: 'From an earlier answer; when empty, a new conversation starts',
	},
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			concurrencyOption,
			keepInputOption,
			{
				displayName: 'Maximum Tokens',
				name: 'maxTokens',
				type: 'number',
				default: 500,
				typeOptions: { minValue: 1, numberPrecision: 0 },
				description: 'Longest answer, in tokens (about three quarters of a word each)',
			},
			{
				displayName: "Tell Today's Date",
				name: 'tellDate',
				type: 'boolean',
				default: true,
				description: 'Whether a new conversation begins with the date in the time zone of the workflow',
			},
			{
				displayName: 'Temperature',
				name: 'temperature',
				type: 'number',
				default: 0.3,
				typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
				description: 'How freely the answer is worded, from 0 (always alike) to 1',
			},
			timeoutOption(DEFAULT_TIMEOUT_SECONDS),
		],
	},
];

interface AskOptions {
	keepInput?: boolean;
	maxTokens?: number;
	tellDate?: boolean;
	temperature?: number;
	timeoutSeconds?: number;
}

function readQuestion({ context, itemIndex }: ItemRun, options: AskOptions): Question {
	const parameter = (name: string) => context.getNodeParameter(name, itemIndex, '');
	const text = String(parameter('prompt') ?? '').trim();
	if (text === '') {
		throw new Failure({
			stage: `${ask.value}.no-prompt`,
			message: 'Prompt is empty',
			hint: 'Put a question or an expression into Prompt. If it comes from Voxtral Transcribe, no words were heard in the recording.',
		});
	}
	const byId = parameter('memory') === 'conversationId';
	const conversationId = byId ? String(parameter('conversationId') ?? '').trim() : '';
	const { temperature, maxTokens } = options;
	return {
		text,
		...(conversationId ? { conversationId } : {}),
		model: context.getNodeParameter('model', itemIndex, '', { extractValue: true }) as string,
		instructions: withDate(context, String(parameter('instructions') ?? '').trim(), options),
		tools: builtInTools(context.getNodeParameter('builtInTools', itemIndex, []) as string[]),
		completionArgs: {
			...(temperature === undefined ? {} : { temperature }),
			...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
		},
		timeoutMs: (options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
	};
}

/** A model does not know what day it is, and "today" is what people ask about. */
function withDate(context: IExecuteFunctions, instructions: string, options: AskOptions): string {
	if (options.tellDate === false) return instructions;
	const timeZone = context.getTimezone();
	const today = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeZone }).format(new Date());
	return `${instructions}\n\nToday is ${today} (time zone ${timeZone}).`.trim();
}

/** Premium search contains the standard one; asking for both would only confuse the model. */
function builtInTools(chosen: readonly string[]): WireTool[] {
	const premium = chosen.includes('webSearchPremium');
	return chosen.flatMap((value) => {
		const type = BUILT_IN_TOOLS[value];
		return type && !(premium && type === 'web_search') ? [{ type }] : [];
	});
}

export const ask: Operation = {
	value: 'ask',
	name: 'Ask',
	action: 'Ask the agent',
	description: 'Ask a question and get an answer with its sources',
	fields,
	async execute(run) {
		const { context, itemIndex, transport } = run;
		const options = context.getNodeParameter('options', itemIndex, {}) as AskOptions;
		const question = readQuestion(run, options);
		const { value, attempts } = await send(transport, question);
		if (value.text.trim() === '') addHint(context, `The answer to item ${itemIndex} has no text.`);
		const output = askOutput(value, question.model, attempts);
		return [{ json: { ...incomingJson(run, options.keepInput ?? true), ...output } }];
	},
};
