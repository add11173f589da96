// Options of a transcription: language, vocabulary, timestamps, speakers, voice samples.
import type { INodeProperties } from 'n8n-workflow';

export const additionalFieldsOption: INodeProperties = {
	displayName: 'Additional Body Fields',
	name: 'additionalFields',
	type: 'json',
	default: '{}',
	placeholder: 'e.g. {"temperature": 0}',
	description:
		'JSON object of further form fields for Mistral or your own server, for what this node has no option for yet; lists are sent as repeated fields',
};

export const diarizeOption: INodeProperties = {
	displayName: 'Identify Speakers',
	name: 'diarize',
	type: 'boolean',
	default: false,
	description:
		'Whether to tell who speaks when; adds the speaker to each segment, the seconds of each speaker, and a transcript in turns',
};

export const languageOption: INodeProperties = {
	displayName: 'Language',
	name: 'language',
	type: 'string',
	default: '',
	placeholder: 'e.g. de',
	description: 'The language spoken, as a code such as en or de-DE; empty means it is detected',
};

export const speakerNamesOption: INodeProperties = {
	displayName: 'Speaker Names',
	name: 'speakerNames',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Name' },
	default: {},
	placeholder: 'Add Name',
	description: 'What to call the speakers that Mistral numbers in the order in which they begin',
	options: [
		{
			displayName: 'Speaker',
			name: 'speakers',
			values: [
				{
					displayName: 'Speaker',
					name: 'label',
					type: 'string',
					default: '',
					placeholder: 'e.g. speaker_1',
					description: 'The label Mistral gives, or just its number',
				},
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. Anna',
					description: 'The name to write in its place',
				},
			],
		},
	],
};

export const temperatureOption: INodeProperties = {
	displayName: 'Temperature',
	name: 'temperature',
	type: 'number',
	default: 0,
	typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
	description: 'How freely unclear words are guessed, from 0 (always alike) to 1',
};

export const timestampDetailOption: INodeProperties = {
	displayName: 'Timestamp Detail',
	name: 'timestampDetail',
	type: 'options',
	default: 'segment',
	options: [
		{
			name: 'Segments',
			value: 'segment',
			description: 'A phrase or sentence each',
		},
		{
			name: 'Words',
			value: 'word',
			description: 'A word each; only models of the Voxtral 2 family, such as voxtral-mini-latest',
		},
	],
	description: 'What is timed; choosing Words switches timestamps on',
};

export const timestampsOption: INodeProperties = {
	displayName: 'Timestamps',
	name: 'timestamps',
	type: 'boolean',
	default: false,
	description:
		'Whether to return segments with start and end times in seconds, and subtitles made from them',
};

export const vocabularyOption: INodeProperties = {
	displayName: 'Vocabulary',
	name: 'vocabulary',
	type: 'string',
	typeOptions: { rows: 3 },
	default: '',
	placeholder: 'e.g. Voxtral, Anna Kowalski, n8n',
	description:
		'Names and terms to be spelt right, one a line or separated by commas, or an expression that gives a list; 100 at most',
};

export const voiceSamplesOption: INodeProperties = {
	displayName: 'Voice Samples (Preview)',
	name: 'voiceSamples',
	type: 'fixedCollection',
	typeOptions: { multipleValues: true, multipleValueButtonText: 'Add Voice' },
	default: {},
	placeholder: 'Add Voice',
	description:
		'Up to 8 clips of 3 to 15 seconds by which the models of the Voxtral 3 family recognise who speaks; how Mistral wants them is not settled yet, so this may change',
	options: [
		{
			displayName: 'Voice',
			name: 'voices',
			values: [
				{
					displayName: 'Name',
					name: 'name',
					type: 'string',
					default: '',
					placeholder: 'e.g. Anna',
					description: 'Who is heard in the clip',
				},
				{
					displayName: 'Input Data Field Name',
					name: 'field',
					type: 'string',
					default: '',
					placeholder: 'e.g. anna',
					description: 'The input field with the clip, or an expression that gives a file',
				},
			],
		},
	],
};
