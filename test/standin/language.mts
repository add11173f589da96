// Detects the language of a short text: by its script, else by its stop words.

const scripts: [RegExp, string][] = [
	[/[\u3040-\u30ff]/u, 'ja'],
	[/\p{Script=Hangul}/u, 'ko'],
	[/\p{Script=Han}/u, 'zh'],
	[/\p{Script=Arabic}/u, 'ar'],
	[/\p{Script=Devanagari}/u, 'hi'],
	[/\p{Script=Bengali}/u, 'bn'],
	[/\p{Script=Tamil}/u, 'ta'],
	[/\p{Script=Greek}/u, 'el'],
	[/\p{Script=Georgian}/u, 'ka'],
	[/\p{Script=Armenian}/u, 'hy'],
	[/[іїєґ]/iu, 'uk'],
	[/\p{Script=Cyrillic}/u, 'ru'],
];

const littleWords: Record<string, string> = {
	en: 'the is are was what which how who where when why and of to in it this that you i do does can will today please not with for have my your',
	fr: 'le la les un une des est sont quel quelle quels comment où quand pourquoi et de du au à il elle je tu vous nous ne pas dans pour avec ce cette fait aujourd’hui sur que qui',
	de: 'der die das ein eine ist sind was welche wie wer wo wann warum und von zu im in es ich du wir nicht mit für auf den dem heute wird das bitte auch',
	es: 'el la los las un una es son qué cuál cómo dónde cuándo por y de del al en él ella yo tú no con para que hace hoy está se mi su',
	it: 'il lo la gli le un una è sono che quale come dove quando perché e di del al in lui lei io non con per questo oggi fa tempo mi ha',
	pt: 'o a os as um uma é são que qual como onde quando por e de do da em ele ela eu você não com para isto hoje está se meu',
	nl: 'de het een is zijn wat welke hoe wie waar wanneer waarom en van naar in ik je wij niet met voor op vandaag wordt dit dat',
	pl: 'jest są co jak gdzie kiedy dlaczego i w na z do nie się to ja ty dziś że czy',
	sv: 'är och det som en ett på av för inte med vad hur var när jag du vi idag att',
	tr: 've bir bu ne nasıl nerede için ile değil bugün mi mı var ben sen çok',
};

const wordSets = Object.entries(littleWords).map(
	([language, words]) => [language, new Set(words.split(' '))] as const,
);

/** ISO 639-1 code; English by default. */
export function languageOf(text: string): string {
	for (const [script, language] of scripts) if (script.test(text)) return language;
	const words = text.toLowerCase().match(/[\p{L}’]+/gu) ?? [];
	let best = { language: 'en', hits: 0 };
	for (const [language, known] of wordSets) {
		const hits = words.filter((word) => known.has(word)).length;
		if (hits > best.hits) best = { language, hits };
	}
	if (best.hits > 0) return best.language;
	if (/[äöß]/i.test(text)) return 'de';
	if (/[ñ¿¡]/i.test(text)) return 'es';
	return /[éèêçà]/i.test(text) ? 'fr' : 'en';
}
