// The options of the operation Talk, and their reader.
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import {
	answerLanguageOption,
	personaOption,
	speechSecondsOption,
	tellDateOption,
} from '../shared/fields/answer/answer-style';
import {
	maxTokensOption,
	reasoningEffortOption,
	temperatureOption,
} from '../shared/fields/answer/completion';
import {
	attemptsOption,
	concurrencyOption,
	keepInputOption,
	optionsField,
	timeoutOption,
} from '../shared/fields/options';
import {
	DEFAULT_PIECES_AT_ONCE,
	fileNameOption,
	piecesAtOnceOption,
	voicePerLanguageOption,
} from '../shared/fields/speech/speech';
import { languageOption, vocabularyOption } from '../shared/fields/transcription/transcription';
import type { AnswerOptions } from '../shared/conversation/answer-settings';
import type { LanguageVoice } from '../shared/fields/speech/voice-reader';

export const DEFAULT_TIMEOUT_SECONDS = 180;
const DEFAULT_LISTENING_MODEL = 'voxtral-mini-latest';
const DEFAULT_SPEAKING_MODEL = 'voxtral-mini-tts-latest';

/** `auto`: WAV, which starts soonest, with a live audio stream; otherwise MP3, which plays everywhere. */
export type TalkFormat = 'auto' | 'mp3' | 'opus' | 'pcm' | 'pcm16' | 'wav';

export const talkOptions: INodeProperties = optionsField([
	answerLanguageOption,
	{
		displayName: 'Enable Streaming',
		name: 'stream',
		type: 'boolean',
		default: true,
		description:
			'Whether words and audio leave while they are made when the trigger answers with "Streaming". Chat windows get the words only.',
	},
	fileNameOption,
	{
		displayName: 'Format',
		name: 'format',
		type: 'options',
		default: 'auto',
		options: [
			{
				name: 'Automatic',
				value: 'auto',
				description: 'WAV where a streaming webhook listens, MP3 otherwise',
			},
			{
				name: 'MP3',
				value: 'mp3',
				description: 'Plays everywhere, begins about two seconds later',
			},
			{
				name: 'Opus (OGG)',
				value: 'opus',
				description: 'As voice notes have it, begins about two seconds later',
			},
			{
				name: 'PCM, 16-Bit Integer',
				value: 'pcm16',
				description: 'Bare samples, little-endian, 24 kHz, mono',
			},
			{
				name: 'PCM, 32-Bit Float',
				value: 'pcm',
				description: 'Bare samples, little-endian, 24 kHz, mono',
			},
			{ name: 'WAV', value: 'wav', description: 'Uncompressed' },
		],
		description: 'What kind of audio file to make when Destination is File',
	},
	concurrencyOption,
	keepInputOption,
	{ ...languageOption, name: 'spokenLanguage' },
	{
		displayName: 'Listening Model',
		name: 'listeningModel',
		type: 'string',
		default: DEFAULT_LISTENING_MODEL,
		description: 'ID of the model that understands speech',
	},
	maxTokensOption,
	personaOption,
	piecesAtOnceOption('pieces of answers'),
	reasoningEffortOption,
	{
		displayName: 'Say While Searching',
		name: 'filler',
		type: 'string',
		default: 'One moment, I am looking that up.',
		description:
			'What a listening caller hears when a web search begins before the answer does. It is no part of the answer or its file.',
	},
	speechSecondsOption,
	{
		displayName: 'Speaking Model',
		name: 'speakingModel',
		type: 'string',
		default: DEFAULT_SPEAKING_MODEL,
		description: 'ID of the model that speaks',
	},
	tellDateOption,
	temperatureOption,
	{
		...timeoutOption(DEFAULT_TIMEOUT_SECONDS),
		description: 'Seconds until a turn is given up, from the recording to the last word',
	},
	attemptsOption,
	vocabularyOption,
	voicePerLanguageOption,
]);

interface StoredOptions extends AnswerOptions {
	filler?: unknown;
	fileName?: string;
	format?: TalkFormat;
	keepInput?: boolean;
	listeningModel?: string;
	piecesAtOnce?: number;
	speakingModel?: string;
	spokenLanguage?: unknown;
	stream?: boolean;
	vocabulary?: unknown;
	voicePerLanguage?: { voices?: LanguageVoice[] };
}

/** The options the user added, and defaults for the others. */
export function readOptions(stored: IDataObject) {
	const options = stored as StoredOptions;
	return {
		...options,
		filler: String(options.filler ?? '').trim(),
		format: options.format ?? 'auto',
		keepInput: options.keepInput ?? true,
		listeningModel: options.listeningModel?.trim() || DEFAULT_LISTENING_MODEL,
		piecesAtOnce: Number(options.piecesAtOnce ?? DEFAULT_PIECES_AT_ONCE),
		speakingModel: options.speakingModel?.trim() || DEFAULT_SPEAKING_MODEL,
		stream: options.stream ?? true,
		voices: options.voicePerLanguage?.voices ?? [],
	};
}

export type TalkOptions = ReturnType<typeof readOptions>;
