// Language identification by script and function words, accurate enough to choose a voice.

/** Languages that are alone, or nearly alone, in using a script or letter; the first match counts. */
const LANGUAGE_BY_SCRIPT: ReadonlyArray<readonly [RegExp, string]> = [
	[/[\p{sc=Hiragana}\p{sc=Katakana}]/gu, 'ja'],
	[/\p{sc=Hangul}/gu, 'ko'],
	[/\p{sc=Han}/gu, 'zh'],
	[/[іїєґ]/giu, 'uk'],
	[/\p{sc=Cyrillic}/gu, 'ru'],
	[/[پچژگ]/gu, 'fa'],
	[/\p{sc=Arabic}/gu, 'ar'],
	[/\p{sc=Devanagari}/gu, 'hi'],
	[/\p{sc=Bengali}/gu, 'bn'],
	[/\p{sc=Tamil}/gu, 'ta'],
	[/\p{sc=Telugu}/gu, 'te'],
	[/\p{sc=Thai}/gu, 'th'],
	[/\p{sc=Hebrew}/gu, 'he'],
	[/\p{sc=Greek}/gu, 'el'],
];

/** The most frequent function words of languages in Latin script. */
const FUNCTION_WORDS: Readonly<Record<string, string>> = {
	en: 'the and is of to in that it you for with are was this have not be on at your from we they will can what or',
	fr: 'le la les des est et une un que qui pour dans pas vous je sur avec ce il elle du au sont nous votre mais très ou où',
	de: 'der die das und ist nicht ein eine ich sie mit den dem zu auf für es im von wird sind auch wir wie aber oder bei',
	es: 'el la los las de que y en un una es por con para no se su lo está son más pero como muy al del hoy usted',
	it: 'il lo la gli le di che è e un una per non con sono del della nel anche più ma come si questo oggi alla',
	pt: 'o a os as de que e é um uma em não para com por do da se mais são você está muito mas como no na hoje',
	nl: 'de het een en is van ik je dat niet in op zijn met voor te maar aan er ook wij bij dit naar wat kan u',
	pl: 'i w nie się na jest to że do z jak o ale tak co po czy dla od są dzisiaj już tego może przez',
	sv: 'och att det är en som på inte för med jag av ett har till den om du var vi kan men så idag',
	da: 'og at det er en som på ikke for med jeg af et har til den om du var vi kan men så i dag mig dig sig nu hvad noget meget blev bliver efter ud op mere',
	no: 'og at det er en som på ikke for med jeg av et har til den om du var vi kan men så i dag meg deg seg nå hva noe mye ble blir etter ut opp mer',
	fi: 'ja on ei se että hän mutta olen ovat oli kun myös niin tämä mitä voi kuin sen tai ole',
	tr: 've bir bu da de için çok ile ne gibi daha var ben mi değil olan en ama şu bugün',
	ro: 'și în este nu la cu un o de pe să că mai care din pentru sunt a ce am dar astăzi',
	cs: 'a je se v na že to není s z do jak ale co pro by jsem jsou si tak už dnes',
	hu: 'a az és hogy nem is egy van de ez meg csak mint ha volt már ma lesz én',
	id: 'yang dan di itu dengan untuk tidak ini dari dalam akan pada juga saya adalah ke bisa hari',
	vi: 'là và của có không được một cho trong với này các người những đã khi tôi hôm nay',
};

const FUNCTION_WORD_SETS: ReadonlyArray<readonly [string, ReadonlySet<string>]> = Object.entries(
	FUNCTION_WORDS,
).map(([language, words]) => [language, new Set(words.split(' '))]);

const SAMPLE_CHARACTERS = 4000;

/** ISO 639-1 code, or undefined when the text is too short or too mixed to identify. */
export function guessLanguage(text: string): string | undefined {
	const sample = text.slice(0, SAMPLE_CHARACTERS);
	const letters = sample.match(/\p{L}/gu)?.length ?? 0;
	for (const [pattern, language] of LANGUAGE_BY_SCRIPT) {
		const matches = sample.match(pattern)?.length ?? 0;
		// A few distinctive letters identify these languages; others need a good share of the letters.
		const isEnough = ['uk', 'fa', 'ja'].includes(language)
			? matches / letters > 0.02
			: matches / letters > 0.3;
		if (isEnough) return language;
	}
	return guessByFunctionWords(sample);
}

function guessByFunctionWords(sample: string): string | undefined {
	const words = sample.toLowerCase().match(/\p{L}+/gu) ?? [];
	const scores = FUNCTION_WORD_SETS.map(([language, functionWords]) => ({
		language,
		hits: words.filter((word) => functionWords.has(word)).length,
	})).sort((one, other) => other.hits - one.hits);
	const [best, second] = scores;
	if (!best || !second || best.hits < 2 || best.hits < words.length * 0.08) return undefined;
	return best.hits >= second.hits * 1.25 ? best.language : undefined;
}

/** ISO 639 code of a locale or language name: `fr-FR`, `fr_fr`, `French` and `français` give `fr`; undefined for others. */
export function languageCode(written: string | undefined): string | undefined {
	const name = (written ?? '').trim().toLowerCase();
	const code = /^([a-z]{2,3})(?:[-_][a-z0-9]+)*$/.exec(name)?.[1];
	return code !== undefined || name === '' ? code : codeOfName(name);
}

const NAMED_LANGUAGES =
	'ar bn cs da de el en es fa fi fr he hi hu id it ja ko ms nl no pl pt ro ru sv ta te th tr uk ur vi zh'.split(
		' ',
	);

/** Created at the first lookup of a name: at load time it would slow down n8n's start. */
let codesByName: ReadonlyMap<string, string> | undefined;

function codeOfName(name: string): string | undefined {
	codesByName ??= new Map(
		NAMED_LANGUAGES.flatMap((code) =>
			[code, 'en'].map((inLanguage): [string, string] => {
				const names = new Intl.DisplayNames([inLanguage], { type: 'language' });
				return [(names.of(code) ?? code).toLowerCase(), code];
			}),
		),
	);
	return codesByName.get(name);
}
