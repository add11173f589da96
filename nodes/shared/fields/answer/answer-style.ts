// Fields of the answering model: model, instructions, language, persona and length of the answer.
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';
import { modelField } from '../model';

const DEFAULT_INSTRUCTIONS =
	'You are a friendly voice assistant. Answer in the language of the question, in two or three short sentences, the way you would say them aloud: no markdown, no lists, no links. Search the web for anything recent, local or factual, and say so when you do not know.';

export const chatModelField: INodeProperties = modelField({
	defaultModel: 'mistral-small-latest',
	searchListMethod: 'searchChatModels',
	description: 'The model that thinks and answers',
});

export const instructionsField: INodeProperties = {
	displayName: 'Instructions',
	name: 'instructions',
	type: 'string',
	typeOptions: { rows: 4 },
	default: DEFAULT_INSTRUCTIONS,
	description: 'Who the agent is and how it answers',
};

/** Languages of Voxtral TTS; an expression may return any other code or name. */
const LANGUAGES: INodePropertyOptions[] = [
	{ name: 'Arabic', value: 'ar' },
	{ name: 'As Asked', value: 'asAsked' },
	{ name: 'Dutch', value: 'nl' },
	{ name: 'English', value: 'en' },
	{ name: 'French', value: 'fr' },
	{ name: 'German', value: 'de' },
	{ name: 'Hindi', value: 'hi' },
	{ name: 'Italian', value: 'it' },
	{ name: 'Portuguese', value: 'pt' },
	{ name: 'Spanish', value: 'es' },
];

export const answerLanguageOption: INodeProperties = {
	displayName: 'Answer Language',
	name: 'language',
	type: 'options',
	default: 'asAsked',
	options: LANGUAGES,
	description: 'The language of the answer; as an expression also any other language code or name',
};

export const personaOption: INodeProperties = {
	displayName: 'Persona',
	name: 'persona',
	type: 'string',
	default: '',
	placeholder: 'e.g. a patient librarian with dry humour',
	description: 'The character that speaks',
};

export const speechSecondsOption: INodeProperties = {
	displayName: 'Seconds of Speech',
	name: 'speechSeconds',
	type: 'number',
	default: 20,
	typeOptions: { minValue: 2, maxValue: 600, numberPrecision: 0 },
	description: 'About how long the answer should take when read aloud',
};

export const tellDateOption: INodeProperties = {
	displayName: "Tell Today's Date",
	name: 'tellDate',
	type: 'boolean',
	default: true,
	description: 'Whether a new conversation begins with the date in the time zone of the workflow',
};
