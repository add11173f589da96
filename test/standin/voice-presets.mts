// Mistral's preset voices, with their known identifiers.
import { fixedUuid } from './ids.mts';

export interface Voice {
	id: string;
	name: string;
	slug: string | null;
	languages: string[];
	gender: 'female' | 'male' | 'neutral' | null;
	age: number | null;
	tags: string[];
	color: string | null;
	description: string | null;
	retention_notice: number;
	created_at: string;
	user_id: string | null;
	trimmed_seconds: number | null;
	type: 'preset' | 'custom';
	/** Not sent: voices of the third generation fail on models of the second. */
	generation: 2 | 3;
	/** Not sent: the uploaded clip of a custom voice. */
	sample?: Buffer;
}

const knownIds: Record<string, string> = {
	gb_jane_neutral: '82c99ee6-f932-423f-a4a3-d403c8914b8d',
	en_paul_neutral: 'c69964a6-ab8b-4f8a-9465-ec0925096ec8',
	gb_oliver_cheerful: '5ad5d44e-6b4e-4a57-a8a8-4cae088034ed',
	fr_marie_neutral: '5a271406-039d-46fe-835b-fbbb00eaf08d',
	gb_jane_confident: 'cbe96cf0-85ec-4a10-accb-0b35c93b6dfd',
};

/** Prefix of the slug, first name, language, gender, age, moods. */
const people = [
	[
		'en_paul',
		'Paul',
		'en_us',
		'male',
		35,
		'neutral happy cheerful excited confident sad frustrated angry',
	],
	[
		'gb_jane',
		'Jane',
		'en_gb',
		'female',
		30,
		'neutral confident curious confused sarcasm sad shameful jealousy frustrated',
	],
	[
		'gb_oliver',
		'Oliver',
		'en_gb',
		'male',
		40,
		'neutral cheerful excited confident curious sad angry',
	],
	['fr_marie', 'Marie', 'fr_fr', 'female', 30, 'neutral happy excited curious sad angry'],
] as const;

const numbered = [
	['voice_478', 'en_us', 'female'],
	['voice_447', 'en_gb', 'male'],
	['voice_484', 'en_us', 'male'],
	['voice_485', 'en_us', 'female'],
	['voice_483', 'es_es', 'female'],
	['voice_482', 'it_it', 'female'],
	['voice_481', 'de_de', 'male'],
	['voice_480', 'pt_br', 'male'],
	['voice_479', 'ar', 'male'],
	['voice_592', 'fr_fr', 'male'],
] as const;

export function presetVoices(): Voice[] {
	const second = people.flatMap(([prefix, person, language, gender, age, moods]) =>
		moods.split(' ').map((mood): Voice => {
			const slug = `${prefix}_${mood}`;
			const shownMood = mood.charAt(0).toUpperCase() + mood.slice(1);
			return preset(slug, `${person} - ${shownMood}`, language, gender, age, [mood], 2);
		}),
	);
	const third = numbered.map(([slug, language, gender]) =>
		preset(slug, `Voice ${slug.slice(6)}`, language, gender, null, [], 3),
	);
	return [...second, ...third];
}

function preset(
	slug: string,
	name: string,
	language: string,
	gender: 'female' | 'male',
	age: number | null,
	tags: string[],
	generation: 2 | 3,
): Voice {
	return {
		id: knownIds[slug] ?? fixedUuid(slug),
		name,
		slug,
		languages: [language],
		gender,
		age,
		tags,
		color: null,
		description: null,
		retention_notice: 30,
		created_at: generation === 2 ? '2026-03-20T10:00:00Z' : '2026-10-20T10:00:00Z',
		user_id: null,
		trimmed_seconds: null,
		type: 'preset',
		generation,
	};
}
