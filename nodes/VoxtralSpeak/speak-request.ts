// What the person asked for, read once and made consistent: which words, which voice, which requests, which file.
import type { IDataObject } from 'n8n-workflow';
import { speechFamily } from '../shared/mistral/speech/speech-model-family';
import { type VoxtralFamily, voxtralFamily } from '../shared/mistral/model-family';
import type { SpeechRequest } from '../shared/mistral/speech/speech';
import { Failure } from '../shared/errors/failure';
import { readJsonOption } from '../shared/fields/additional-body-fields';
import type { ItemRun } from '../shared/execution/operation';
import {
	type DeliveryPreset,
	deliveryPreset,
	type Destination,
	type FormatChoice,
} from '../shared/audio/delivery-preset';
import {
	type Directions,
	directionValue,
	directionWarnings,
	removeSpeechTags,
	tagTrust,
} from '../shared/text/directions';
import { hintsFor } from '../shared/text/pronunciation';
import { type PreparedText, prepareText } from '../shared/synthesis/text-preparation';
import type { SpokenWords } from '../shared/synthesis/speech-output';
import { readOptions, type SpeakOptions } from './speak.options';
import { readVoice } from '../shared/fields/speech/voice-reader';

export interface SpeakRequest {
	readonly options: SpeakOptions;
	readonly delivery: DeliveryPreset;
	/** One for each piece of the text. */
	readonly requests: ReadonlyArray<Omit<SpeechRequest, 'format'>>;
	/** For each piece, from when it may be sent. */
	readonly pieceTimeoutMs: number;
	readonly words: SpokenWords;
	/** What the person should know. */
	readonly hints: readonly string[];
}

/** @throws Failure naming the parameter that is missing or wrong */
export async function readSpeakRequest(run: ItemRun, operation: string): Promise<SpeakRequest> {
	const { context, itemIndex } = run;
	const options = readOptions(context.getNodeParameter('options', itemIndex, {}) as IDataObject);
	// What is looked up before speaking counts, so that a short text never takes longer than Timeout.
	const budget = run.client.budget.narrowedTo(options.timeoutMs);
	const written = readText(run, operation);
	const model = String(
		context.getNodeParameter('model', itemIndex, '', { extractValue: true }),
	).trim();
	const directions = {
		emotion: directionValue(options.emotion),
		pace: directionValue(options.pace),
	};
	const item = context.getInputData()[itemIndex]?.json ?? {};
	const family = await familyOf(run, model, written, options, directions);
	const script = prepareText({
		...options,
		written,
		family,
		directions,
		earlierLanguage: item.language,
		isTrusted: tagTrust({ template: templateOf(run), item }),
	});
	if (script.pieces.length === 0) throw nothingToSay(written, operation);
	const additionalFields = readJsonOption(options.additionalFields, {
		stage: `${operation}.wrong-body-fields`,
		reserved: ['input', 'response_format', 'stream'],
		insteadOfReserved: 'Text, Format and Destination of this node decide about it.',
	}) as IDataObject;
	const { label, voice } = await readVoice(run, operation, script.language, options.voices);
	const destination = context.getNodeParameter('destination', itemIndex, 'file') as Destination;
	const format = context.getNodeParameter('format', itemIndex, 'mp3') as FormatChoice;
	return {
		options,
		delivery: deliveryPreset(destination, format, script.pieces.length),
		requests: script.pieces.map((text) => {
			const phonemeHints =
				family === 3 ? hintsFor(removeSpeechTags(text), options.words) : undefined;
			return {
				text,
				model,
				voice,
				additionalFields,
				...(family === 3 && options.expressiveness
					? { expressiveness: options.expressiveness }
					: {}),
				...(phonemeHints ? { phonemeHints } : {}),
			};
		}),
		pieceTimeoutMs: budget.remainingMs,
		words: {
			spokenText: script.spokenText,
			pieces: script.pieces.length,
			language: script.language,
			voice: label,
			model,
			destination,
		},
		hints: warnings(family, options, directions, script),
	};
}

function readText({ context, itemIndex }: ItemRun, operation: string): string {
	const text: unknown = context.getNodeParameter('text', itemIndex, '') ?? '';
	if (typeof text !== 'object') return String(text);
	throw new Failure({
		stage: `${operation}.not-text`,
		message: 'Text is a list or an object, not a text',
		hint: 'Let the expression in Text end in the field with the words, for example {{ $json.output.answer }}.',
	});
}

/** Looked up only where it matters: for what family 3 alone can do. */
async function familyOf(
	{ context, client }: ItemRun,
	model: string,
	written: string,
	{ expressiveness, words, timeoutMs }: SpeakOptions,
	{ emotion, pace }: Directions,
): Promise<VoxtralFamily> {
	const hasTags = removeSpeechTags(written) !== written;
	const matters = Boolean(emotion || pace || expressiveness) || words.length > 0 || hasTags;
	// Most of the time has to be left for speaking.
	return matters ? await speechFamily(client, context, model, timeoutMs / 4) : voxtralFamily(model);
}

/** The Text parameter as it stands in the node; in an expression `{{ … }}` is still there. */
function templateOf({ context }: ItemRun): string {
	const template = context.getNode().parameters.text;
	return typeof template === 'string' ? template : '=';
}

function nothingToSay(written: string, operation: string): Failure {
	return new Failure({
		stage: `${operation}.no-text`,
		message: written.trim() === '' ? 'Text is empty' : 'Text has nothing in it that can be spoken',
		hint: 'Put a sentence or an expression into Text; by default it takes "speech", "output" or "text" of the incoming item.',
	});
}

function warnings(
	family: VoxtralFamily,
	{ expressiveness, words }: SpeakOptions,
	directions: Directions,
	{ tagsRemoved }: PreparedText,
): string[] {
	if (family === 3) {
		const removed =
			'Speech tags such as [emotion=…] that may have come from a caller were removed from Text. See "Tags in Text" in the options.';
		return [...directionWarnings(directions), ...(tagsRemoved > 0 ? [removed] : [])];
	}
	const unused = [
		directions.emotion && 'Emotion',
		directions.pace && 'Pace',
		expressiveness && 'Expressiveness',
		words.length > 0 && 'Pronunciation',
		tagsRemoved > 0 && 'speech tags in Text',
	].filter((name) => typeof name === 'string' && name !== '');
	if (unused.length === 0) return [];
	return [
		`The chosen Model cannot honour ${unused.join(', ')}: left out. Voxtral TTS 3 can (voxtral-mini-tts-3-0).`,
	];
}
