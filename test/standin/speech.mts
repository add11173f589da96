// POST /v1/audio/speech: JSON with base64, or a stream of deltas, in five formats.
import {
	anyObject,
	demand,
	flag,
	isObject,
	list,
	number,
	oneOf,
	orNull,
	shape,
	text,
	type Check,
} from './checks.mts';
import { invalid, invalidArguments, plainError, unknownVoice, ValidationError } from './errors.mts';
import type { Answer, Exchange, Route } from './exchange.mts';
import { waitUntil } from './latency.mts';
import { modelFor } from './models.mts';
import { phonemes } from './phonemes.mts';
import { speechLimits } from './rate-limits.mts';
import {
	pcm16,
	speechFormats,
	wavHeader,
	type Speaker,
	type Speech,
	type SpeechFormat,
} from './speech-engine.mts';
import { typed, type ServerEvent } from './sse.mts';
import { checksum, decodeClip, findVoice, speakerOf } from './voices.mts';

const defaultModel = 'voxtral-mini-tts-latest';

const secondGeneration: Record<string, Check> = {
	'input*': text({ min: 1 }),
	model: orNull(text({ min: 1 })),
	voice_id: orNull(text()),
	ref_audio: orNull(text({ min: 1 })),
	response_format: orNull(oneOf(...speechFormats)),
	stream: orNull(flag),
	metadata: orNull(anyObject),
	prompt_cache_key: orNull(text()),
};

const thirdGeneration: Record<string, Check> = {
	...secondGeneration,
	expressiveness: orNull(number({ min: 1, max: 5 })),
	phoneme_hints: orNull(anyObject),
	// Documented, but without effect in the API.
	instruction: orNull(text()),
};

async function handle(exchange: Exchange): Promise<Answer> {
	const { world, signal, receivedAtMs } = exchange;
	const { quirks, profile } = world;
	const modelId = isObject(exchange.json) ? exchange.json['model'] : undefined;
	const model = modelFor(typeof modelId === 'string' ? modelId : defaultModel, 'audio_speech');
	const fields = model.generation === 3 ? thirdGeneration : secondGeneration;
	const body = demand(
		exchange.json,
		shape(quirks.voiceAlias ? { ...fields, voice: orNull(text()) } : fields),
		quirks.lenientUnknownKeys,
	);
	const input = String(body['input']);
	if (input.length > quirks.maxInputCharacters) {
		throw invalidArguments(`input is too long: ${input.length} characters`);
	}
	checkPhonemes(body['phoneme_hints'], input);
	const third = model.generation === 3;
	const { text: said, pace } = third ? readTags(input) : { text: input, pace: 1 };
	const speaker: Speaker = { ...findSpeaker(body, exchange, third), pace };
	const format = (body['response_format'] ?? 'mp3') as SpeechFormat;
	const headers = speechLimits(input.length);
	const speech = await world.speech.speak(said, speaker);
	const file = await world.speech.encode(said, speaker, format);
	world.speech.spoken.remember(said, file, speech.samples);
	const readyAtMs = (seconds: number) =>
		receivedAtMs + profile.firstAudioMs + seconds * profile.realTimeFactor * 1000;
	if (body['stream'] !== true) {
		await waitUntil(readyAtMs(speech.seconds), signal);
		return { json: { audio_data: file.toString('base64') }, headers };
	}
	await waitUntil(readyAtMs(0), signal);
	return { events: streamed(cut(file, speech, format), speech, said, readyAtMs, signal), headers };
}

function findSpeaker(body: Record<string, unknown>, { world }: Exchange, third: boolean): Speaker {
	const reference = body['ref_audio'];
	if (typeof reference === 'string') {
		const clip = decodeClip(reference, 'ref_audio');
		const variant = checksum(clip.toString('latin1', 0, 4000)) % 5;
		return { gender: 'neutral', languages: [], variant, pitch: 30 + variant * 10 };
	}
	const id = body['voice_id'] ?? body['voice'];
	if (typeof id !== 'string' || id === '') {
		throw invalidArguments('Either ref_audio or voice must be provided.');
	}
	const voice = findVoice(world.voices, id);
	if (!voice) throw unknownVoice(id);
	if (voice.generation === 3 && !third) {
		throw plainError(400, `${id} is not supported for speech v1`, 'invalid_request_error');
	}
	return speakerOf(voice);
}

function checkPhonemes(hints: unknown, input: string): void {
	if (!isObject(hints)) return;
	const check = list(text({ min: 1 }), { min: 1 });
	for (const [word, sounds] of Object.entries(hints)) {
		const loc = ['body', 'phoneme_hints', word];
		const problems = check(sounds, loc);
		if (problems.length > 0) throw new ValidationError(problems);
		const unknown = (sounds as string[]).find((sound) => !phonemes.includes(sound));
		if (unknown !== undefined) {
			throw invalid(
				['phoneme_hints', word],
				`Unknown phoneme '${unknown}'. Accepted phonemes: ${phonemes.join(' ')}`,
				unknown,
			);
		}
		if (!input.toLowerCase().includes(word.toLowerCase())) {
			throw invalid(['phoneme_hints', word], 'The word does not occur in input', word);
		}
	}
}

const tag = /\[(emotion|pace)=([^\]\s]+)\]/gi;

/** Speech tags are never spoken, known or not; a slow or fast pace applies to the whole text. */
function readTags(input: string): { text: string; pace: number } {
	const paces = [...input.matchAll(tag)].filter(([, kind]) => kind?.toLowerCase() === 'pace');
	const value = paces[0]?.[2]?.toLowerCase();
	const pace = value === 'slow' ? 0.75 : value === 'fast' ? 1.3 : 1;
	return { text: input.replace(tag, ' ').replace(/\s+/g, ' ').trim(), pace };
}

interface Delta {
	bytes: Buffer;
	/** End of the chunk in seconds of speech. */
	endSeconds: number;
}

/** Raw samples are sent in five chunks of 400 ms, then of 2 s; compressed files in chunks of any size. */
function cut(file: Buffer, speech: Speech, format: SpeechFormat): Delta[] {
	if (format !== 'pcm' && format !== 'wav') return cutCompressed(file, speech, format);
	const samples = format === 'pcm' ? file : pcm16(speech.samples);
	const bytesPerSecond = format === 'pcm' ? 96_000 : 48_000;
	const deltas: Delta[] = [];
	let at = 0;
	while (at < samples.length) {
		const size = bytesPerSecond * (deltas.length < 5 ? 0.4 : 2);
		const bytes = samples.subarray(at, at + size);
		at += bytes.length;
		const first = format === 'wav' && deltas.length === 0;
		deltas.push({
			bytes: first ? Buffer.concat([wavHeader(), bytes]) : bytes,
			endSeconds: at / bytesPerSecond,
		});
	}
	return deltas;
}

function cutCompressed(file: Buffer, { seconds }: Speech, format: SpeechFormat): Delta[] {
	const deltas: Delta[] = [];
	let at = 0;
	while (at < file.length) {
		// An MP3 stream opens with its ID3 tag alone; odd sizes keep clients from relying on chunk boundaries.
		const size = format === 'mp3' && at === 0 ? 45 : 4099;
		const bytes = file.subarray(at, at + size);
		at += bytes.length;
		deltas.push({ bytes, endSeconds: (at / file.length) * seconds });
	}
	return deltas;
}

async function* streamed(
	deltas: Delta[],
	speech: Speech,
	said: string,
	readyAtMs: (seconds: number) => number,
	signal: AbortSignal,
): AsyncGenerator<ServerEvent> {
	let startSeconds = 0;
	for (const { bytes, endSeconds } of deltas) {
		await waitUntil(readyAtMs(startSeconds), signal);
		yield typed('speech.audio.delta', { audio_data: bytes.toString('base64') });
		startSeconds = endSeconds;
	}
	const promptTokens = 20 + Math.ceil(said.length / 4);
	const completionTokens = speech.samples.length;
	yield typed('speech.audio.done', {
		usage: {
			prompt_audio_seconds: null,
			prompt_tokens: promptTokens,
			total_tokens: promptTokens + completionTokens,
			completion_tokens: completionTokens,
			request_count: null,
			prompt_tokens_details: null,
			completion_tokens_details: null,
			service_tier: null,
		},
	});
}

export const speechRoutes: Route[] = [
	{ method: 'POST', path: '/v1/audio/speech', body: 'json', metered: true, handle },
];
