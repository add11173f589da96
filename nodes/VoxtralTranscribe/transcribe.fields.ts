// Fields of the operation Transcribe: recording, model, options.
import type { INodeProperties } from 'n8n-workflow';
import { modelField } from '../shared/fields/model';
import {
	attemptsOption,
	concurrencyOption,
	keepInputOption,
	optionsField,
	timeoutOption,
} from '../shared/fields/options';
import { recordingFields } from '../shared/fields/transcription/recording';
import {
	additionalFieldsOption,
	diarizeOption,
	languageOption,
	speakerNamesOption,
	temperatureOption,
	timestampDetailOption,
	timestampsOption,
	vocabularyOption,
	voiceSamplesOption,
} from '../shared/fields/transcription/transcription';

/** Long enough to upload and transcribe a three-hour recording. */
export const DEFAULT_TIMEOUT_SECONDS = 1800;

export const DEFAULT_SUBTITLE_FIELD = 'subtitles';

export const transcribeFields: INodeProperties[] = [
	...recordingFields,
	modelField({
		defaultModel: 'voxtral-mini-latest',
		searchListMethod: 'searchTranscriptionModels',
		description: 'The model that listens',
	}),
	optionsField([
		additionalFieldsOption,
		diarizeOption,
		concurrencyOption,
		keepInputOption,
		languageOption,
		{
			displayName: 'Put Subtitles in Field',
			name: 'subtitleField',
			type: 'string',
			default: DEFAULT_SUBTITLE_FIELD,
			description: 'The name of the output field for the subtitle file',
		},
		{
			displayName: 'Simplify',
			name: 'simplify',
			type: 'boolean',
			default: false,
			description: 'Whether to return a simplified version of the response instead of the raw data',
		},
		speakerNamesOption,
		{
			displayName: 'Stream Live Text',
			name: 'streamText',
			type: 'boolean',
			default: false,
			description:
				'Whether to send the text on while it is being understood, where a chat or webhook trigger is set to streaming',
		},
		{
			displayName: 'Subtitle File',
			name: 'subtitleFile',
			type: 'options',
			default: 'srt',
			options: [
				{
					name: 'None',
					value: 'none',
					description: 'No file; the texts srt and vtt are on the item where there are timestamps',
				},
				{
					name: 'SRT',
					value: 'srt',
					description: 'For video players and editors',
				},
				{
					name: 'WebVTT',
					value: 'vtt',
					description: 'For web pages',
				},
			],
			description: 'A file of subtitles to put on the item; switches timestamps on',
		},
		temperatureOption,
		timeoutOption(DEFAULT_TIMEOUT_SECONDS),
		timestampDetailOption,
		timestampsOption,
		attemptsOption,
		{
			displayName: 'Typed Message',
			name: 'typedMessage',
			type: 'string',
			default: '={{ $json.message?.text ?? $json.chatInput ?? $json.text ?? "" }}',
			description:
				'The text to pass on when the item has no audio, so that typed and spoken messages go the same way',
		},
		{
			displayName: 'Upload First',
			name: 'uploadFirst',
			type: 'boolean',
			default: false,
			description:
				'Whether to store the recording at Mistral, transcribe it there and delete it afterwards, for very large recordings up to 512 MB',
		},
		vocabularyOption,
		voiceSamplesOption,
	]),
];
