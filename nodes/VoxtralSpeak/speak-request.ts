// Reads the parameters of Speak into synthesis requests: prepared text, voice, model family, audio preset, warnings.
import type { IDataObject } from 'n8n-workflow';
import { speechFamily } from '../shared/mistral/speech/speech-model-family';
import { type VoxtralFamily, voxtralFamily } from '../shared/mistral/model-family';
import type { SpeechRequest } from '../shared/mistral/speech/speech';
import { Failure } from '../shared/errors/failure';
import { readJsonOption } from '../shared/fields/additional-body-fields';
import type { ItemRun } from '../shared/execution/operation';
import { readLocator } from '../shared/execution/parameters';
import { omitUndefined } from '../shared/http/response/json';
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
	readonly preset: DeliveryPreset;
	/** One per chunk of the text. */
	readonly requests: ReadonlyArray<Omit<SpeechRequest, 'format'>>;
	/** Time limit of one chunk, counted from when the rate limiter admits it. */
	readonly pieceTimeoutMs: number;
	readonly words: SpokenWords;
	/** Warnings about settings without effect. */
	readonly hints: readonly string[];
}

/** @throws Failure naming the parameter that is missing or wrong */
export async function readSpeakRequest(run: ItemRun, operation: string): Promise<SpeakRequest> {
	const { context, itemIndex } = run;
	const options = readOptions(context.getNodeParameter('options', itemIndex, {}) as IDataObject);
	// The model lookup counts towards the time limit, so that a short text never takes longer than Timeout.
	const budget = run.client.budget.narrowedTo(options.timeoutMs);
	const written = readWrittenText(run, operation);
	const model = readLocator(run, 'model');
	const directions = {
		emotion: directionValue(options.emotion),
		pace: directionValue(options.pace),
	};
	const item = context.getInputData()[itemIndex]?.json ?? {};
	const family = await familyOf(run, model, written, options, directions);
	const prepared = prepareText({
		...options,
		written,
		family,
		directions,
		earlierLanguage: item.language,
		isTrusted: tagTrust({ template: templateOf(run), item }),
	});
	if (prepared.pieces.length === 0) throw nothingToSay(written, operation);
	const additionalFields = readJsonOption(options.additionalFields, {
		stage: `${operation}.wrong-body-fields`,
		reserved: ['input', 'response_format', 'stream'],
		insteadOfReserved: 'Text, Format and Destination of this node decide about it.',
	}) as IDataObject;
	const { label, voice } = await readVoice(run, operation, prepared.language, options.voices);
	const destination = context.getNodeParameter('destination', itemIndex, 'file') as Destination;
	const format = context.getNodeParameter('format', itemIndex, 'mp3') as FormatChoice;
	return {
		options,
		preset: deliveryPreset(destination, format, prepared.pieces.length),
		requests: prepared.pieces.map((text) => {
			const request = { text, model, voice, additionalFields };
			if (family !== 3) return request;
			const expressiveness = options.expressiveness || undefined;
			const phonemeHints = hintsFor(removeSpeechTags(text), options.words);
			return { ...request, ...omitUndefined({ expressiveness, phonemeHints }) };
		}),
		pieceTimeoutMs: budget.remainingMs,
		words: {
			spokenText: prepared.spokenText,
			pieces: prepared.pieces.length,
			language: prepared.language,
			voice: label,
			model,
			destination,
		},
		hints: warnings(family, options, directions, prepared),
	};
}

function readWrittenText({ context, itemIndex }: ItemRun, operation: string): string {
	const text: unknown = context.getNodeParameter('text', itemIndex, '') ?? '';
	if (typeof text !== 'object') return String(text);
	throw new Failure({
		stage: `${operation}.not-text`,
		message: 'Text is a list or an object, not a text',
		hint: 'Let the expression in Text end in the field with the words, for example {{ $json.output.answer }}.',
	});
}

/** Resolves an alias through the model list only when the text or options use features of family 3. */
async function familyOf(
	{ context, client }: ItemRun,
	model: string,
	written: string,
	{ expressiveness, words, timeoutMs }: SpeakOptions,
	{ emotion, pace }: Directions,
): Promise<VoxtralFamily> {
	const hasTags = removeSpeechTags(written) !== written;
	const usesFamily3 = Boolean(emotion || pace || expressiveness) || words.length > 0 || hasTags;
	if (!usesFamily3) return voxtralFamily(model);
	// At most a quarter of the time limit, so that enough is left for synthesis.
	return await speechFamily(client, context, model, timeoutMs / 4);
}

/** The Text parameter before n8n evaluates its expression, with `{{ … }}`. */
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
