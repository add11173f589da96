// Speech to text: the item's recording goes up, its words are added to the item.
import type { INodeProperties } from 'n8n-workflow';
import { readAudioInput } from '../shared/audio/binary';
import { inputDataField } from '../shared/fields/binary';
import { modelField } from '../shared/fields/model';
import { concurrencyOption, keepInputOption, timeoutOption } from '../shared/fields/options';
import { planTranscription, transcribe as send, twoLetterLanguage } from '../shared/mistral/transcriptions';
import { addHint } from '../shared/run/failure';
import type { ItemRun, Operation } from '../shared/run/operation';
import { incomingJson } from '../shared/run/operation';
import { transcribeOutput } from './transcribe.output';

const DEFAULT_TIMEOUT_SECONDS = 900;

const fields: INodeProperties[] = [
	inputDataField,
	modelField({
		defaultModel: 'voxtral-mini-latest',
		searchListMethod: 'searchTranscriptionModels',
		description: 'The model that listens',
	}),
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Identify Speakers',
				name: 'diarize',
				type: 'boolean',
				default: false,
				description: 'Whether to tell who speaks when; each segment then names its speaker',
			},
			concurrencyOption,
			keepInputOption,
			{
				displayName: 'Language',
				name: 'language',
				type: 'string',
				default: '',
				placeholder: 'e.g. de',
				description: 'The language spoken, as a code such as en or de-DE; empty means it is detected',
			},
			timeoutOption(DEFAULT_TIMEOUT_SECONDS),
			{
				displayName: 'Timestamps',
				name: 'timestamps',
				type: 'boolean',
				default: false,
				description: 'Whether to return segments with start and end times in seconds',
			},
		],
	},
];

interface TranscribeOptions {
	diarize?: boolean;
	keepInput?: boolean;
	language?: string;
	timeoutSeconds?: number;
	timestamps?: boolean;
}

function readParameters({ context, itemIndex }: ItemRun) {
	const options = context.getNodeParameter('options', itemIndex, {}) as TranscribeOptions;
	const language = twoLetterLanguage(options.language ?? '', transcribe.value);
	return {
		fieldName: context.getNodeParameter('binaryPropertyName', itemIndex) as string,
		keepInput: options.keepInput ?? true,
		request: {
			model: context.getNodeParameter('model', itemIndex, '', { extractValue: true }) as string,
			...(language ? { language } : {}),
			diarize: options.diarize ?? false,
			timestamps: options.timestamps ?? false,
			timeoutMs: (options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
		},
	};
}

export const transcribe: Operation = {
	value: 'transcribe',
	name: 'Transcribe',
	action: 'Transcribe a recording',
	description: 'Turn speech into text',
	fields,
	async execute(run) {
		const { context, itemIndex, transport } = run;
		const { fieldName, keepInput, request } = readParameters(run);
		const audio = await readAudioInput(context, itemIndex, fieldName, transcribe.value);
		const plan = planTranscription(request);
		const { value, attempts } = await send(transport, { ...request, audio }, plan);
		if (plan.notice) addHint(context, plan.notice);
		if (value.text.trim() === '') addHint(context, `No words were heard in item ${itemIndex}.`);
		const output = transcribeOutput(value, request.model, attempts);
		return [{ json: { ...incomingJson(run, keepInput), ...output } }];
	},
};
