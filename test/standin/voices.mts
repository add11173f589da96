// The voices endpoints: both list versions, create, read, update, delete, sample.
import { anyObject, demand, list, number, orNull, shape, text } from './checks.mts';
import { sniffContainer } from './audio-sniff.mts';
import { invalid, invalidArguments, plainError, unknownVoice } from './errors.mts';
import { param, wholeNumber, type Answer, type Exchange, type Route } from './exchange.mts';
import { ffmpeg } from './ffmpeg.mts';
import { newUuid, now } from './ids.mts';
import type { Speaker } from './speech-engine.mts';
import type { Voice } from './voice-presets.mts';

export function findVoice(voices: Map<string, Voice>, id: string): Voice | undefined {
	return voices.get(id) ?? [...voices.values()].find((voice) => voice.slug === id);
}

/** How the speech engine imitates a voice: the same person sounds the same; the mood changes the pitch only. */
export function speakerOf(voice: Voice): Speaker {
	const person = voice.slug?.replace(/_[a-z]+$/, '') ?? voice.id;
	const mood = voice.tags[0] ?? 'neutral';
	return {
		gender: voice.gender ?? 'neutral',
		languages: voice.languages,
		variant: checksum(person) % 5,
		pitch: mood === 'neutral' ? 50 : 40 + (checksum(mood) % 25),
	};
}

export const checksum = (name: string) =>
	[...name].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 9973, 7);

function shown({ generation: _, sample: __, ...voice }: Voice) {
	return voice;
}

function voiceOf(exchange: Exchange): Voice {
	const id = param(exchange, 'id');
	const voice = findVoice(exchange.world.voices, id);
	if (!voice) throw unknownVoice(id);
	return voice;
}

function ownVoiceOf(exchange: Exchange): Voice {
	const voice = voiceOf(exchange);
	if (voice.type === 'preset') throw plainError(403, 'Preset voices cannot be changed');
	return voice;
}

function typeFilter(query: URLSearchParams): (voice: Voice) => boolean {
	const type = query.get('type') ?? 'all';
	if (!['all', 'custom', 'preset'].includes(type)) {
		throw invalid(['query', 'type'], "Input should be 'all', 'custom' or 'preset'", type);
	}
	return (voice) => type === 'all' || voice.type === type;
}

function listFirstVersion({ query, world }: Exchange): Answer {
	if (world.quirks.voicesV1Missing) throw plainError(404, 'Not Found');
	const limit = wholeNumber(query, 'limit', 10, { min: 1, max: 100 });
	const offset = wholeNumber(query, 'offset', 0, { min: 0, max: 1_000_000 });
	const found = [...world.voices.values()].filter(typeFilter(query));
	return {
		json: {
			items: found.slice(offset, offset + limit).map(shown),
			total: found.length,
			page: Math.floor(offset / limit) + 1,
			page_size: limit,
			total_pages: Math.ceil(found.length / limit),
		},
	};
}

function listSecondVersion({ query, world }: Exchange): Answer {
	if (world.quirks.voicesV2Missing) throw plainError(404, 'Not Found');
	const size = wholeNumber(query, 'page_size', 10, { min: 1, max: 100 });
	const token = query.get('page_token');
	const start = token === null ? 0 : Number(Buffer.from(token, 'base64url').toString());
	if (!Number.isInteger(start) || start < 0) {
		throw invalid(['query', 'page_token'], 'Invalid page token', token);
	}
	const genders = query.getAll('gender');
	const languages = query.getAll('language').map((name) => name.toLowerCase().replace('-', '_'));
	const wanted = query.get('query')?.toLowerCase();
	const found = [...world.voices.values()]
		.filter(typeFilter(query))
		.filter(({ gender }) => genders.length === 0 || genders.includes(gender ?? ''))
		.filter(
			(voice) =>
				languages.length === 0 ||
				voice.languages.some((name) => languages.some((prefix) => name.startsWith(prefix))),
		)
		.filter(
			({ name, slug, description }) =>
				wanted === undefined ||
				[name, slug, description].some((part) => part?.toLowerCase().includes(wanted)),
		);
	const next = start + size < found.length ? start + size : undefined;
	return {
		json: {
			data: found.slice(start, start + size).map(shown),
			next_page_token: next === undefined ? null : Buffer.from(String(next)).toString('base64url'),
		},
	};
}

const changeable = {
	name: orNull(text({ min: 1 })),
	languages: orNull(list(text({ min: 2 }))),
	gender: orNull(text()),
	age: orNull(number({ whole: true, min: 0 })),
	tags: orNull(list(text())),
	description: orNull(text({ max: 500 })),
};

const createBody = shape({
	...changeable,
	'name*': text({ min: 1 }),
	'sample_audio*': text({ min: 1 }),
	sample_filename: orNull(text()),
	slug: orNull(text({ min: 1 })),
	color: orNull(text()),
	retention_notice: orNull(number({ whole: true, min: 0 })),
	user_id: orNull(text()),
	metadata: orNull(anyObject),
});

/** Reference clips are the base64 of an MP3 or WAV file; URLs are rejected. */
export function decodeClip(encoded: string, field: string): Buffer {
	if (!/^[A-Za-z0-9+/\s]+={0,2}\s*$/.test(encoded)) {
		throw invalid([field], 'Input should be a base64-encoded MP3 or WAV file', null);
	}
	const clip = Buffer.from(encoded, 'base64');
	const container = sniffContainer(clip);
	if (container !== 'mp3' && container !== 'wav') {
		throw invalidArguments(`${field} could not be decoded: an MP3 or WAV file is needed`);
	}
	return clip;
}

async function create(exchange: Exchange): Promise<Answer> {
	const { world, json } = exchange;
	const body = demand(json, createBody, world.quirks.lenientUnknownKeys);
	const sample = decodeClip(String(body['sample_audio']), 'sample_audio');
	const strings = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);
	const slug = typeof body['slug'] === 'string' ? body['slug'] : null;
	if (slug !== null && findVoice(world.voices, slug))
		throw plainError(409, `Voice slug '${slug}' is taken.`);
	const voice: Voice = {
		id: newUuid(),
		name: String(body['name']),
		slug,
		languages: strings(body['languages']),
		gender: genderOf(body['gender']),
		age: typeof body['age'] === 'number' ? body['age'] : null,
		tags: strings(body['tags']),
		color: typeof body['color'] === 'string' ? body['color'] : null,
		description: typeof body['description'] === 'string' ? body['description'] : null,
		retention_notice: typeof body['retention_notice'] === 'number' ? body['retention_notice'] : 30,
		created_at: now(),
		user_id: '00000000-0000-4000-8000-00000000a001',
		trimmed_seconds: null,
		type: 'custom',
		generation: 2,
		sample,
	};
	world.voices.set(voice.id, voice);
	return { json: shown(voice) };
}

function genderOf(value: unknown): Voice['gender'] {
	return value === 'female' || value === 'male' || value === 'neutral' ? value : null;
}

function update(exchange: Exchange): Answer {
	const voice = ownVoiceOf(exchange);
	const body = demand(exchange.json, shape(changeable), exchange.world.quirks.lenientUnknownKeys);
	const given = Object.entries(body).filter(
		([name, value]) => name in changeable && value !== null,
	);
	Object.assign(voice, Object.fromEntries(given));
	return { json: shown(voice) };
}

function remove(exchange: Exchange): Answer {
	const voice = ownVoiceOf(exchange);
	exchange.world.voices.delete(voice.id);
	return { json: shown(voice) };
}

async function sample(exchange: Exchange): Promise<Answer> {
	const voice = voiceOf(exchange);
	const contentType = 'audio/wav';
	if (voice.sample) {
		const wav = sniffContainer(voice.sample) === 'wav';
		const bytes = wav
			? voice.sample
			: (await ffmpeg(['-i', 'pipe:0', '-f', 'wav', '-bitexact', 'pipe:1'], voice.sample)).stdout;
		return { bytes, contentType };
	}
	const name = voice.name.split(' ')[0] ?? voice.name;
	const text = voice.languages.some((language) => language.startsWith('fr'))
		? `Bonjour, je suis ${name}.`
		: `Hello, this is ${name} speaking.`;
	return { bytes: await exchange.world.speech.encode(text, speakerOf(voice), 'wav'), contentType };
}

export const voiceRoutes: Route[] = [
	{ method: 'GET', path: '/v1/audio/voices', handle: listFirstVersion },
	{ method: 'GET', path: '/v2/audio/voices', handle: listSecondVersion },
	{ method: 'POST', path: '/v1/audio/voices', body: 'json', handle: create },
	{
		method: 'GET',
		path: '/v1/audio/voices/:id',
		handle: (exchange) => ({ json: shown(voiceOf(exchange)) }),
	},
	{ method: 'PATCH', path: '/v1/audio/voices/:id', body: 'json', handle: update },
	{ method: 'DELETE', path: '/v1/audio/voices/:id', handle: remove },
	{ method: 'GET', path: '/v1/audio/voices/:id/sample', handle: sample },
];
