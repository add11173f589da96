// SSML-like direction tags of Voxtral TTS 3 (`[emotion=happy]`, `[pace=slow]`): which are trusted, and how chunks carry them.
import { closeRemovalGaps, REMOVAL_PLACEHOLDER } from './markdown/removal-placeholder';

const SPEECH_TAG = /\[(?:emotion|pace)=[^[\]\r\n]{1,60}\]/gi;

/** Removes the direction tags; the words around them stay one space apart. */
export function removeSpeechTags(text: string): string {
	return closeRemovalGaps(
		replaceSpeechTags(text.replaceAll(REMOVAL_PLACEHOLDER, ''), () => REMOVAL_PLACEHOLDER),
	);
}

/** Replaces every direction tag in `text`, in order. */
export function replaceSpeechTags(text: string, replacement: (tag: string) => string): string {
	return text.replace(SPEECH_TAG, replacement);
}

/** Which tags are obeyed: those of the answer and of this node's parameters (`trusted`), all, or none. */
export type TagRule = 'trusted' | 'all' | 'none';

export interface TextSource {
	/** The Text parameter as written in the node, its expressions not resolved. */
	readonly template: string;
	readonly item: Readonly<Record<string, unknown>>;
}

/** Fields of the incoming item that hold the answer of an AI node. */
const ANSWER_FIELDS = ['speech', 'output'];

/**
 * Guards against tag injection: a tag is trusted when the Text parameter or an answer field holds it and no
 * other field of the item does. The caller's question (`text`, `chatInput`) and the web pages behind the answer
 * stay on the item, so an injected tag is found there even when the answer repeats it.
 */
export function tagTrust({ template, item }: TextSource): (tag: string) => boolean {
	const isFixed = !template.startsWith('=');
	const answers = ANSWER_FIELDS.map((name) => item[name]).filter(
		(value) => typeof value === 'string',
	);
	const own = [template, ...answers].join('\n').toLowerCase();
	// Items can be large and tags are rare: the other fields are serialized at the first tag.
	let foreign: string | undefined;
	return (tag) => {
		if (isFixed) return true;
		const wanted = tag.toLowerCase();
		foreign ??= serializeOtherFields(item);
		return own.includes(wanted) && !foreign.includes(JSON.stringify(wanted).slice(1, -1));
	};
}

function serializeOtherFields(item: TextSource['item']): string {
	const others = Object.entries(item).filter(([name]) => !ANSWER_FIELDS.includes(name));
	return JSON.stringify(Object.fromEntries(others)).toLowerCase();
}

/** Tags nested deeper than this only occur in attacks. */
const MAX_TAG_NESTING = 8;

/** Removes the tags that are not obeyed, also those that only appear once inner tags are removed. */
export function keepTags(text: string, isObeyed: (tag: string) => boolean): string {
	let current = text.replaceAll(REMOVAL_PLACEHOLDER, '');
	for (let depth = 0; depth < MAX_TAG_NESTING; depth++) {
		const next = closeRemovalGaps(
			replaceSpeechTags(current, (tag) => (isObeyed(tag) ? tag : REMOVAL_PLACEHOLDER)),
		);
		if (next === current) return current;
		current = next;
	}
	// More rounds would take quadratic time; without its opening bracket no tag is left.
	return current.replace(/\[+(?=(?:emotion|pace)=)/gi, '');
}

export interface Directions {
	readonly emotion?: string;
	readonly pace?: string;
}

type DirectionKind = keyof Directions;
const DIRECTION_KINDS: readonly DirectionKind[] = ['emotion', 'pace'];

const kindOf = (tag: string): DirectionKind => (/^\[pace/i.test(tag) ? 'pace' : 'emotion');

/**
 * A tag applies to the rest of its speech request, and every chunk is a request of its own, so each chunk is
 * prefixed with the directions in force where it was cut. `start` applies until the text changes it.
 */
export function carryDirections(chunks: readonly string[], start: Directions): string[] {
	const inForce: { -readonly [K in DirectionKind]?: string } = {};
	for (const kind of DIRECTION_KINDS) if (start[kind]) inForce[kind] = `[${kind}=${start[kind]}]`;
	return chunks.map((chunk) => {
		const opening = /^(?:\s*\[[^[\]]*\])*/.exec(chunk)?.[0] ?? '';
		const openingKinds = new Set<DirectionKind>();
		replaceSpeechTags(opening, (tag) => (openingKinds.add(kindOf(tag)), tag));
		const prefix = DIRECTION_KINDS.filter((kind) => !openingKinds.has(kind)).map(
			(kind) => inForce[kind] ?? '',
		);
		replaceSpeechTags(chunk, (tag) => (inForce[kindOf(tag)] = tag));
		return `${prefix.join('')}${openingKinds.size > 0 || prefix.join('') === '' ? '' : ' '}${chunk}`;
	});
}

/** Sanitizes a typed value for use in a tag: `Very  happy]` becomes `very happy`. */
export function directionValue(value: string | undefined): string {
	return (value ?? '')
		.replace(/[^\p{L}\p{M}\p{N} _-]/gu, '')
		.replace(/\s+/g, ' ')
		.trim()
		.toLowerCase()
		.slice(0, 40);
}

/** Values shown in Mistral's documentation; it supports more (34 emotions) without listing them. */
const DOCUMENTED_VALUES: Readonly<Record<DirectionKind, readonly string[]>> = {
	emotion: ['happy', 'calm'],
	pace: ['slow'],
};

/** Warnings about undocumented values: Mistral silently ignores unknown ones. */
export function directionWarnings(directions: Directions): string[] {
	return DIRECTION_KINDS.flatMap((kind) => {
		const value = directions[kind];
		if (!value || DOCUMENTED_VALUES[kind].includes(value)) return [];
		const label = kind === 'emotion' ? 'Emotion' : 'Pace';
		return [
			`${label} "${value}" may be unknown to Mistral, which passes over unknown words in silence. Sure to work: ${DOCUMENTED_VALUES[kind].join(', ')}.`,
		];
	});
}
