// Fields that several voice operations have.
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { voiceLocator } from '../shared/fields/speech/voice';
import type { WireVoiceUpdate } from '../shared/mistral/wire';
import { Failure } from '../shared/errors/failure';
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

/** What is known about a voice, alphabetically by label. */
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

/** The chosen voice's id or slug. @throws Failure when none was chosen */
export function chosenVoice({ context, itemIndex }: ItemRun, operation: string): string {
	const value = context.getNodeParameter('voice', itemIndex, '', { extractValue: true });
	const voice = String(value ?? '').trim();
	if (voice !== '') return voice;
	throw new Failure({
		stage: `${operation}.no-voice`,
		message: 'Voice is empty',
		hint: 'Pick a voice in the Voice field with "From List".',
	});
}

/** Only what was set, as Mistral takes it. */
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
	return {
		...(age === undefined ? {} : { age: Number(age) }),
		...(description === undefined ? {} : { description: String(description) }),
		...(gender === undefined || gender === '' ? {} : { gender: String(gender) }),
		...(languages === undefined ? {} : { languages: words(languages) }),
		...(tags === undefined ? {} : { tags: words(tags) }),
	};
}
