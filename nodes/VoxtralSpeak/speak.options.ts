// The options of the operation Speak, and their reader.
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	attemptsOption,
	concurrencyOption,
	keepInputOption,
	timeoutOption,
} from '../shared/fields/options';
import {
	DEFAULT_PIECES_AT_ONCE,
	emotionOption,
	expressivenessOption,
	fileNameOption,
	paceOption,
	piecesAtOnceOption,
	pronunciationOption,
	tagsOption,
	voicePerLanguageOption,
} from '../shared/fields/speech/speech';
import type { LanguageVoice } from '../shared/fields/speech/voice-reader';
import { DEFAULT_PIECE_CHARACTERS } from '../shared/synthesis/text-preparation';
import type { TagRule } from '../shared/text/directions';
import type { Pronunciation } from '../shared/text/pronunciation';

const DEFAULT_TIMEOUT_SECONDS = 120;
const MAX_PAUSE_MS = 5000;

/** Alphabetically by label. */
export const speakOptions: INodeProperties[] = [
	{
		displayName: 'Add Link',
		name: 'addLink',
		type: 'boolean',
		default: false,
		description:
			'Whether to add audioUrl, a link to the audio that works for one day without signing in. Used as a tool of an AI agent, the node always adds it where n8n can make one.',
	},
	{
		displayName: 'Additional Body Fields',
		name: 'additionalFields',
		type: 'json',
		default: '{}',
		description:
			'Fields that are sent to Mistral as they are, for settings this node does not know yet',
	},
	{
		displayName: 'Clean Text for Speech',
		name: 'cleanText',
		type: 'boolean',
		default: true,
		description: 'Whether formatting, links and emoji are turned into plain sentences first',
	},
	emotionOption,
	expressivenessOption,
	fileNameOption,
	concurrencyOption,
	keepInputOption,
	{
		displayName: 'Language of the Text',
		name: 'language',
		type: 'string',
		default: '',
		placeholder: 'e.g. fr',
		description:
			'Decides how numbers and signs are read and which voice of Voice per Language speaks. Left empty, it is recognised from the text, then taken from the field language of the incoming item.',
	},
	paceOption,
	{
		displayName: 'Pause Between Pieces',
		name: 'pauseMs',
		type: 'number',
		default: 120,
		typeOptions: { minValue: 0, maxValue: MAX_PAUSE_MS, numberPrecision: 0 },
		description:
			'Milliseconds of silence added where two pieces of a long text meet. Left out, pauses are made natural: 80 to 250 milliseconds, with the silence the voice brings along counted in where the format allows it.',
	},
	{
		displayName: 'Piece Length',
		name: 'pieceCharacters',
		type: 'number',
		default: DEFAULT_PIECE_CHARACTERS,
		typeOptions: { minValue: 50, maxValue: 5000, numberPrecision: 0 },
		description:
			'Long texts are cut between sentences into pieces of about this many characters, spoken at the same time and joined',
	},
	piecesAtOnceOption('pieces'),
	pronunciationOption,
	{
		displayName: 'Stream Audio',
		name: 'stream',
		type: 'boolean',
		default: true,
		description:
			'Whether audio leaves while it is made when the trigger answers with "Streaming". Chat triggers show text only, so nothing is streamed to them.',
	},
	tagsOption,
	{
		displayName: 'Text Instead of an Error',
		name: 'textOnFailure',
		type: 'boolean',
		default: false,
		description:
			'Whether the item goes on with its text and without audio when speaking fails, so that people still get their answer',
	},
	{
		...timeoutOption(DEFAULT_TIMEOUT_SECONDS),
		description:
			'Seconds until speaking is given up, all tries included. A long text is spoken in pieces and each has this much time, so that its length alone never ends it; waiting for the characters a minute of your account does not count.',
	},
	attemptsOption,
	voicePerLanguageOption,
];

interface StoredOptions {
	addLink?: boolean;
	additionalFields?: string | IDataObject;
	cleanText?: boolean;
	emotion?: string;
	expressiveness?: number;
	fileName?: string;
	keepInput?: boolean;
	language?: string;
	pace?: string;
	pauseMs?: number;
	pieceCharacters?: number;
	piecesAtOnce?: number;
	pronunciation?: { words?: Pronunciation[] };
	stream?: boolean;
	tags?: TagRule;
	textOnFailure?: boolean;
	timeoutSeconds?: number;
	voicePerLanguage?: { voices?: LanguageVoice[] };
}

const pauseOf = (ms: unknown): number | undefined =>
	ms === undefined ? undefined : Math.min(MAX_PAUSE_MS, Math.max(0, Number(ms) || 0));

/** The options the user added, and defaults for the others. */
export function readOptions(stored: IDataObject) {
	const options = stored as StoredOptions;
	return {
		...options,
		addLink: options.addLink ?? false,
		cleanText: options.cleanText ?? true,
		keepInput: options.keepInput ?? true,
		pauseMs: pauseOf(options.pauseMs),
		pieceCharacters: Number(options.pieceCharacters ?? DEFAULT_PIECE_CHARACTERS),
		piecesAtOnce: Number(options.piecesAtOnce ?? DEFAULT_PIECES_AT_ONCE),
		words: options.pronunciation?.words ?? [],
		stream: options.stream ?? true,
		tags: options.tags ?? 'trusted',
		textOnFailure: options.textOnFailure ?? false,
		timeoutMs: (Number(options.timeoutSeconds) || DEFAULT_TIMEOUT_SECONDS) * 1000,
		voices: options.voicePerLanguage?.voices ?? [],
	};
}

export type SpeakOptions = ReturnType<typeof readOptions>;
