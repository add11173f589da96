// GET /v1/models: both Voxtral generations and some chat models, each alias as a separate entry.
import { invalidModel, plainError } from './errors.mts';
import { param, type Exchange, type Route } from './exchange.mts';

const noCapabilities = {
	completion_chat: false,
	function_calling: false,
	reasoning: false,
	completion_fim: false,
	fine_tuning: false,
	vision: false,
	ocr: false,
	classification: false,
	moderation: false,
	audio: false,
	audio_transcription: false,
	audio_transcription_realtime: false,
	audio_speech: false,
	unified_resources: false,
};
export type Capability = keyof typeof noCapabilities;

/** Generation 3 has other rules; models without audio have none. */
export interface Model {
	name: string;
	aliases: string[];
	generation: 2 | 3 | undefined;
	capabilities: Capability[];
	contextTokens: number;
	description: string;
}

const chat: Capability[] = ['completion_chat', 'function_calling'];

export const models: Model[] = [
	{
		name: 'voxtral-mini-2602',
		aliases: ['voxtral-mini-latest'],
		generation: 2,
		capabilities: ['audio_transcription'],
		contextTokens: 16_384,
		description: 'Speech to text, 13 languages',
	},
	{
		name: 'voxtral-small-2507',
		aliases: ['voxtral-small-latest'],
		generation: 2,
		capabilities: [...chat, 'audio', 'audio_transcription'],
		contextTokens: 32_768,
		description: 'Chat that listens',
	},
	{
		name: 'voxtral-mini-transcribe-3-0',
		aliases: ['voxtral-mini-transcribe-3', 'voxtral-mini-transcribe-latest'],
		generation: 3,
		capabilities: ['audio_transcription'],
		contextTokens: 65_536,
		description: 'Speech to text, 50 languages',
	},
	{
		name: 'voxtral-small-transcribe-3-0',
		aliases: ['voxtral-small-transcribe-3', 'voxtral-small-transcribe-latest'],
		generation: 3,
		capabilities: ['audio_transcription'],
		contextTokens: 65_536,
		description: 'Larger speech to text, 50 languages',
	},
	{
		name: 'voxtral-mini-transcribe-realtime-2602',
		aliases: ['voxtral-mini-transcribe-realtime-latest'],
		generation: 2,
		capabilities: ['audio_transcription_realtime'],
		contextTokens: 16_384,
		description: 'Live speech to text',
	},
	{
		name: 'voxtral-mini-transcribe-realtime-3-0',
		aliases: ['voxtral-mini-transcribe-realtime-3'],
		generation: 3,
		capabilities: ['audio_transcription_realtime'],
		contextTokens: 65_536,
		description: 'Live speech to text with turn detection',
	},
	{
		name: 'voxtral-mini-tts-2603',
		aliases: ['voxtral-mini-tts-latest'],
		generation: 2,
		capabilities: ['audio_speech'],
		contextTokens: 4096,
		description: 'Text to speech, 9 languages',
	},
	{
		name: 'voxtral-mini-tts-3-0',
		aliases: ['voxtral-mini-tts-3'],
		generation: 3,
		capabilities: ['audio_speech'],
		contextTokens: 4096,
		description: 'Text to speech with emotion tags, 35 languages',
	},
	{
		name: 'mistral-small-2603',
		aliases: ['mistral-small-latest'],
		generation: undefined,
		capabilities: [...chat, 'reasoning', 'vision'],
		contextTokens: 262_144,
		description: 'Small chat model',
	},
	{
		name: 'mistral-medium-3-5',
		aliases: ['mistral-medium-latest'],
		generation: undefined,
		capabilities: [...chat, 'reasoning', 'vision'],
		contextTokens: 262_144,
		description: 'Medium chat model',
	},
	{
		name: 'mistral-large-4',
		aliases: ['mistral-large-latest'],
		generation: undefined,
		capabilities: [...chat, 'reasoning', 'vision'],
		contextTokens: 262_144,
		description: 'Large chat model',
	},
	{
		name: 'mistral-embed-2312',
		aliases: ['mistral-embed'],
		generation: undefined,
		capabilities: [],
		contextTokens: 8192,
		description: 'Text vectors',
	},
	{
		name: 'mistral-ocr-2512',
		aliases: ['mistral-ocr-latest'],
		generation: undefined,
		capabilities: ['ocr', 'vision'],
		contextTokens: 16_384,
		description: 'Reads documents',
	},
];

export function findModel(id: string): Model | undefined {
	return models.find((model) => model.name === id || model.aliases.includes(id));
}

/** Throws the API's error for a model that is unknown or lacks the capability. */
export function modelFor(id: string, capability: Capability): Model {
	const model = findModel(id);
	if (!model?.capabilities.includes(capability)) throw invalidModel(id);
	return model;
}

function card(id: string, model: Model) {
	return {
		id,
		object: 'model',
		created: 1_790_000_000,
		owned_by: 'mistralai',
		capabilities: {
			...noCapabilities,
			...Object.fromEntries(model.capabilities.map((name) => [name, true])),
		},
		name: model.name,
		description: model.description,
		max_context_length: model.contextTokens,
		aliases: [model.name, ...model.aliases].filter((name) => name !== id),
		deprecation: null,
		deprecation_replacement_model: null,
		default_model_temperature: 0.3,
		type: 'base',
	};
}

export const modelRoutes: Route[] = [
	{
		method: 'GET',
		path: '/v1/models',
		handle: ({ query }: Exchange) => {
			const wanted = query.get('model');
			const cards = models.flatMap((model) =>
				[model.name, ...model.aliases].map((id) => card(id, model)),
			);
			return {
				json: { object: 'list', data: cards.filter(({ id }) => wanted === null || id === wanted) },
			};
		},
	},
	{
		method: 'GET',
		path: '/v1/models/:id',
		handle: (exchange) => {
			const id = param(exchange, 'id');
			const model = findModel(id);
			if (!model) throw plainError(404, `Model '${id}' not found.`, 'invalid_model', '1500');
			return { json: card(id, model) };
		},
	},
];
