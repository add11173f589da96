// Options of text to speech: emotion, pace, expressiveness, pronunciation, tags, voices, file name, concurrency.
import type { INodeProperties } from 'n8n-workflow';
import { voiceLocator } from './voice';

const FAMILY_3 = 'Voxtral TTS 3 only';

export const emotionOption: INodeProperties = {
	displayName: 'Emotion',
	name: 'emotion',
	type: 'string',
	default: '',
	placeholder: 'e.g. happy',
	description: `How the voice feels: happy, calm and others (${FAMILY_3}); other voices carry their mood in their name. Mistral passes over words it does not know.`,
};

export const paceOption: INodeProperties = {
	displayName: 'Pace',
	name: 'pace',
	type: 'string',
	default: '',
	placeholder: 'e.g. slow',
	description: `How fast the voice speaks: slow and others (${FAMILY_3}). Mistral passes over words it does not know.`,
};

export const expressivenessOption: INodeProperties = {
	displayName: 'Expressiveness',
	name: 'expressiveness',
	type: 'number',
	default: 3,
	typeOptions: { minValue: 1, maxValue: 5, numberPrecision: 1 },
	description: `From 1 to 5 (${FAMILY_3}). Higher is livelier, but less like the voice and less even.`,
};

export const pronunciationOption: INodeProperties = {
	displayName: 'Pronunciation',
	name: 'pronunciation',
	type: 'fixedCollection',
	placeholder: 'Add Word',
	typeOptions: { multipleValues: true, sortable: true },
	default: {},
	description: `How names and rare words are said (${FAMILY_3})`,
	options: [
		{
			displayName: 'Words',
			name: 'words',
			values: [
				{
					displayName: 'Sounds',
					name: 'sounds',
					type: 'string',
					default: '',
					placeholder: 'e.g. t ə m ɑ t oʊ',
					description: 'Sounds of the International Phonetic Alphabet with spaces between them',
				},
				{
					displayName: 'Word',
					name: 'word',
					type: 'string',
					default: '',
					placeholder: 'e.g. tomato',
					description: 'The word as it stands in the text, in upper or lower case',
				},
			],
		},
	],
};

export const tagsOption: INodeProperties = {
	displayName: 'Tags in Text',
	name: 'tags',
	type: 'options',
	default: 'trusted',
	options: [
		{
			name: 'Obey All',
			value: 'all',
			description: 'Also tags that a caller wrote or said',
		},
		{
			name: 'Obey Those of the Answer or This Node',
			value: 'trusted',
			description:
				"Tags typed into Text or written by the AI agent; tags from a caller's own words are removed",
		},
		{ name: 'Remove All', value: 'none' },
	],
	description: `What happens to directions such as [emotion=happy] and [pace=slow] inside the text (${FAMILY_3}; for other models they are always removed)`,
};

export const fileNameOption: INodeProperties = {
	displayName: 'File Name',
	name: 'fileName',
	type: 'string',
	default: '',
	placeholder: 'e.g. answer',
	description: 'Name of the audio file; the extension is added to fit the format',
};

/** 16 chunks of text then take two rounds of requests: an eighth of the time of one after the other. */
export const DEFAULT_PIECES_AT_ONCE = 8;

/** `what`: the chunks of text that are synthesized in parallel. */
export const piecesAtOnceOption = (what: string): INodeProperties => ({
	displayName: 'Pieces at Once',
	name: 'piecesAtOnce',
	type: 'number',
	default: DEFAULT_PIECES_AT_ONCE,
	typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
	description: `How many ${what} are spoken at the same time, those of all items together; lower it when Mistral limits your account`,
});

export const voicePerLanguageOption: INodeProperties = {
	displayName: 'Voice per Language',
	name: 'voicePerLanguage',
	type: 'fixedCollection',
	placeholder: 'Add Language',
	typeOptions: { multipleValues: true, sortable: true },
	default: {},
	description:
		'Who speaks when the text is in a language of this list; otherwise the Voice above does',
	options: [
		{
			displayName: 'Voices',
			name: 'voices',
			values: [
				{
					displayName: 'Language',
					name: 'language',
					type: 'string',
					default: '',
					placeholder: 'e.g. fr',
					description: 'Code or English name of the language',
				},
				voiceLocator({ description: 'Who speaks this language' }),
			],
		},
	],
};
