// Text to speech: the item's text becomes one audio file, rightly named and labelled.
import type { INodeProperties } from 'n8n-workflow';
import type { SpeechFormat } from '../shared/audio/formats';
import { storeAudio } from '../shared/audio/binary';
import { outputDataField } from '../shared/fields/binary';
import { modelField } from '../shared/fields/model';
import { concurrencyOption, keepInputOption, timeoutOption } from '../shared/fields/options';
import { voiceField } from '../shared/fields/voice';
import { voxtralFamily } from '../shared/mistral/family';
import type { SpeechRequest } from '../shared/mistral/speech';
import { speak as send } from '../shared/mistral/speech';
import { Failure } from '../shared/run/failure';
import type { ItemRun, Operation } from '../shared/run/operation';
import { incomingJson } from '../shared/run/operation';
import { toSpeakable } from '../shared/speech/speakable';
import { speakOutput } from './speak.output';

const DEFAULT_TIMEOUT_SECONDS = 120;

const fields: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '={{ $json.speech ?? $json.output ?? $json.text }}',
		required: true,
		description: 'What is said; by default the answer of Mistral Agent or another AI node',
	},
	voiceField,
	modelField({
		defaultModel: 'voxtral-mini-tts-latest',
		searchListMethod: 'searchSpeechModels',
		description: 'The model that speaks',
	}),
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		default: 'mp3',
		options: [
			{ name: 'FLAC', value: 'flac', description: 'Lossless and compressed, for archives' },
			{ name: 'MP3', value: 'mp3', description: 'Plays everywhere' },
			{ name: 'Opus (OGG)', value: 'opus', description: 'Voice notes of Telegram and WhatsApp' },
			{ name: 'WAV', value: 'wav', description: 'Uncompressed, for editing and telephony' },
		],
		description: 'What kind of audio file to make',
	},
	outputDataField,
	{
		displayName: 'Options',
		name: 'options',
		type: 'collection',
		placeholder: 'Add option',
		default: {},
		options: [
			{
				displayName: 'Clean Text for Speech',
				name: 'cleanText',
				type: 'boolean',
				default: true,
				description: 'Whether formatting, links and emoji are turned into plain sentences first',
			},
			{
				displayName: 'File Name',
				name: 'fileName',
				type: 'string',
				default: '',
				placeholder: 'e.g. answer',
				description: 'Name of the audio file; the extension is added to fit the format',
			},
			concurrencyOption,
			keepInputOption,
			timeoutOption(DEFAULT_TIMEOUT_SECONDS),
		],
	},
];

interface SpeakOptions {
	cleanText?: boolean;
	fileName?: string;
	keepInput?: boolean;
	timeoutSeconds?: number;
}

function readRequest({ context, itemIndex }: ItemRun, options: SpeakOptions): SpeechRequest {
	const located = (name: string) =>
		context.getNodeParameter(name, itemIndex, '', { extractValue: true }) as string;
	const written = String(context.getNodeParameter('text', itemIndex, '') ?? '');
	// Only family 3 obeys [emotion=…] and [pace=…]; older voices would read them aloud.
	const keepTags = voxtralFamily(located('model')) === 3;
	const text = (options.cleanText ?? true) ? toSpeakable(written, { keepTags }) : written.trim();
	if (text === '') throw nothingToSay(written);
	return {
		text,
		model: located('model'),
		voice: located('voice'),
		format: context.getNodeParameter('format', itemIndex) as SpeechFormat,
		timeoutMs: (options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000,
	};
}

function nothingToSay(written: string): Failure {
	return new Failure({
		stage: `${speak.value}.no-text`,
		message: written.trim() === '' ? 'Text is empty' : 'Text has nothing in it that can be spoken',
		hint: 'Put a sentence or an expression into Text; by default it takes "speech", "output" or "text" of the incoming item.',
	});
}

export const speak: Operation = {
	value: 'speak',
	name: 'Speak',
	action: 'Speak a text',
	description: 'Turn text into speech',
	fields,
	async execute(run) {
		const { context, itemIndex, transport } = run;
		const options = context.getNodeParameter('options', itemIndex, {}) as SpeakOptions;
		const request = readRequest(run, options);
		const { value: audio, attempts } = await send(transport, speak.value, request);
		const stored = await storeAudio(context, audio, request.format, options.fileName, speak.value);
		const field = context.getNodeParameter('binaryPropertyOutput', itemIndex) as string;
		const output = speakOutput(request, stored, attempts);
		return [
			{
				json: { ...incomingJson(run, options.keepInput ?? true), ...output },
				binary: { [field.trim() || 'data']: stored.binary },
			},
		];
	},
};
