// Fields of the operation Speak: text, voice, model, destination, format.
import type { INodeProperties } from 'n8n-workflow';
import { inputDataField, outputDataField } from '../shared/fields/binary';
import { consentField } from '../shared/fields/speech/consent';
import { destinationField } from '../shared/fields/speech/destination';
import { modelField } from '../shared/fields/model';
import { optionsField } from '../shared/fields/options';
import { voiceField } from '../shared/fields/speech/voice';
import { speakOptions } from './speak.options';

const fromRecording = { show: { voiceSource: ['recording'] } };

export const speakFields: INodeProperties[] = [
	{
		displayName: 'Text',
		name: 'text',
		type: 'string',
		typeOptions: { rows: 3 },
		default: '={{ $json.speech ?? $json.output ?? $json.text }}',
		required: true,
		description:
			'What is said, of any length; by default the answer of Mistral Agent or another AI node',
	},
	{
		displayName: 'Voice From',
		name: 'voiceSource',
		type: 'options',
		default: 'saved',
		options: [
			{
				name: 'Recording',
				value: 'recording',
				description: 'Imitate the voice of a short recording, this once',
			},
			{ name: 'Saved Voice', value: 'saved', description: 'One of Mistral or of your own account' },
		],
		description: 'Where the voice comes from',
	},
	{ ...voiceField, displayOptions: { show: { voiceSource: ['saved'] } } },
	{
		...inputDataField,
		hint: 'The name of the input field containing the recording of the voice',
		description: 'The field that holds an MP3 or WAV of 3 to 25 seconds in which one person speaks',
		displayOptions: fromRecording,
	},
	{ ...consentField, displayOptions: fromRecording },
	modelField({
		defaultModel: 'voxtral-mini-tts-latest',
		searchListMethod: 'searchSpeechModels',
		description: 'The model that speaks',
	}),
	destinationField('The Format chosen below'),
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		default: 'mp3',
		options: [
			{
				name: 'FLAC',
				value: 'flac',
				description: 'Lossless and compressed, for archives; long texts become WAV',
			},
			{ name: 'MP3', value: 'mp3', description: 'Plays everywhere' },
			{ name: 'Opus (OGG)', value: 'opus', description: 'Voice notes of Telegram and WhatsApp' },
			{
				name: 'PCM, 16-Bit Integer',
				value: 'pcm16',
				description:
					'Bare samples without a header, little-endian, 24 kHz, mono; players need WAV instead',
			},
			{
				name: 'PCM, 32-Bit Float',
				value: 'pcm',
				description:
					'Bare samples as Mistral sends them, little-endian, 24 kHz, mono; players need WAV instead',
			},
			{
				name: 'WAV',
				value: 'wav',
				description: 'Uncompressed: 16-bit samples with a header, for editing and telephony',
			},
		],
		description: 'What kind of audio file to make',
		displayOptions: { show: { destination: ['file'] } },
	},
	outputDataField,
	optionsField(speakOptions),
];
