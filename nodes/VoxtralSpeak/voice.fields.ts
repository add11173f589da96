// Fields shared by the voice operations, and their readers.
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { voiceLocator } from '../shared/fields/speech/voice';
import { readSavedVoice } from '../shared/fields/speech/voice-reader';
import { omitUndefined } from '../shared/http/response/json';
import type { WireVoiceUpdate } from '../shared/mistral/wire';
import type { ItemRun } from '../shared/execution/operation';

export const anyVoiceField: INodeProperties = voiceLocator({
	description: 'Which voice',
	searchListMethod: 'searchVoiceIds',
});

export const ownVoiceField: INodeProperties = voiceLocator({
	description: 'Which voice of your account; those of Mistral cannot be changed',
	searchListMethod: 'searchOwnVoices',
});

export const genderOptions = [
	{ name: 'Female', value: 'female' },
	{ name: 'Male', value: 'male' },
	{ name: 'Neutral', value: 'neutral' },
];

/** Details of a voice, alphabetical by label. */
export const detailFields: INodeProperties[] = [
	{
		displayName: 'Age',
		name: 'age',
		type: 'number',
		default: 30,
		typeOptions: { minValue: 0, maxValue: 120, numberPrecision: 0 },
		description: 'How old the voice sounds, in years',
	},
	{
		displayName: 'Description',
		name: 'description',
		type: 'string',
		default: '',
		description: 'What the voice is for, up to 500 characters',
	},
	{
		displayName: 'Gender',
		name: 'gender',
		type: 'options',
		default: 'neutral',
		options: genderOptions,
		description: 'How the voice sounds',
	},
	{
		displayName: 'Languages',
		name: 'languages',
		type: 'string',
		default: '',
		placeholder: 'e.g. fr, en_gb',
		description: 'Codes of the languages the voice speaks, with commas between them',
	},
	{
		displayName: 'Tags',
		name: 'tags',
		type: 'string',
		default: '',
		placeholder: 'e.g. calm, support',
		description: 'Words to find the voice by, with commas between them',
	},
];

/** Id or slug in the field Voice. @throws Failure when it is empty */
export const readVoiceId = (run: ItemRun, operation: string): string =>
	readSavedVoice(run, operation, 'Pick a voice in the Voice field with "From List".');

/** The details the user added, as the API expects them. */
export function readDetails({
	age,
	description,
	gender,
	languages,
	tags,
}: IDataObject): WireVoiceUpdate {
	const words = (value: unknown) =>
		(Array.isArray(value) ? value.map(String) : String(value).split(','))
			.map((word) => word.trim())
			.filter((word) => word !== '');
	return omitUndefined({
		age: age === undefined ? undefined : Number(age),
		description: description === undefined ? undefined : String(description),
		gender: gender === undefined || gender === '' ? undefined : String(gender),
		languages: languages === undefined ? undefined : words(languages),
		tags: tags === undefined ? undefined : words(tags),
	});
}
