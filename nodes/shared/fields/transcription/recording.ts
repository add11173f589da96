// Fields of the recording to transcribe: from a binary field, a URL, or a file stored at Mistral.
import type { INodeProperties } from 'n8n-workflow';
import { inputDataField } from '../binary';
import { pickFromListOrById } from '../locator';

export const recordingFields: INodeProperties[] = [
	{
		displayName: 'Recording From',
		name: 'source',
		type: 'options',
		default: 'binary',
		options: [
			{
				name: 'Binary File',
				value: 'binary',
				description: 'A file that an earlier node delivered, such as a voice message',
			},
			{
				name: 'Mistral File',
				value: 'file',
				description: 'A file that is stored in your Mistral account already',
			},
			{
				name: 'URL',
				value: 'url',
				description: 'A web address that Mistral can open without signing in',
			},
		],
		description: 'Where the recording comes from',
	},
	{
		...inputDataField,
		description:
			'The field that holds the recording, or an expression that gives a file. When the item has exactly one file, or one audio file, that one is used whatever its field is called.',
		displayOptions: { show: { source: ['binary'] } },
	},
	{
		displayName: 'URL',
		name: 'url',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. https://example.com/interview.mp3',
		description: 'The web address of the audio file itself, not of a page that plays it',
		displayOptions: { show: { source: ['url'] } },
	},
	{
		displayName: 'File',
		name: 'fileId',
		type: 'resourceLocator',
		default: { mode: 'list', value: '' },
		required: true,
		description: 'An audio file in your Mistral account',
		displayOptions: { show: { source: ['file'] } },
		...pickFromListOrById({
			searchListMethod: 'searchAudioFiles',
			exampleId: '9b1f7c1e-0000-4000-8000-000000000001',
		}),
	},
];
