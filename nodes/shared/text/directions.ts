// Directions to the voice inside the text (`[emotion=happy]`, `[pace=slow]`): who may give them, and how long they hold.
import { closeRemovalGaps, REMOVAL_PLACEHOLDER } from './markdown/removal-placeholder';

const SPEECH_TAG = /\[(?:emotion|pace)=[^[\]\r\n]{1,60}\]/gi;

/** Removes `[emotion=…]` and `[pace=…]`; the words around them stay one space apart. */
export function removeSpeechTags(text: string): string {
	return closeRemovalGaps(
		replaceSpeechTags(text.replaceAll(REMOVAL_PLACEHOLDER, ''), () => REMOVAL_PLACEHOLDER),
	);
}

/** Calls `replacement` for every speech tag in `text`, in order. */
export function replaceSpeechTags(text: string, replacement: (tag: string) => string): string {
	return text.replace(SPEECH_TAG, replacement);
}

/** Whose tags are obeyed: those of the answer and of this node, everybody's, or nobody's. */
export type TagRule = 'trusted' | 'all' | 'none';

export interface TextSource {
	/** The Text parameter as it is written in the node, expressions not filled in. */
	readonly template: string;
	readonly item: Readonly<Record<string, unknown>>;
}

/** Fields of the incoming item that an AI node wrote. */
const ANSWER_FIELDS = ['speech', 'output'];

/**
 * Is this tag the author's or the answer's own? It is when the Text parameter or an answer field
 * holds it and no other field of the item does: a caller's question stays on the item (`text`,
 * `chatInput`), as do the web pages behind the answer, so a tag that came in with them is found
 * there even when the answer repeats it.
 */
export function tagTrust({ template, item }: TextSource): (tag: string) => boolean {
	const isFixed = !template.startsWith('=');
	const answers = ANSWER_FIELDS.map((name) => item[name]).filter(
		(value) => typeof value === 'string',
	);
	const own = [template, ...answers].join('\n').toLowerCase();
	// Items can be large and tags are rare: the rest is only written out when there is one to look for.
	let foreign: string | undefined;
	return (tag) => {
		if (isFixed) return true;
		const wanted = tag.toLowerCase();
		foreign ??= writeOthers(item);
		return own.includes(wanted) && !foreign.includes(JSON.stringify(wanted).slice(1, -1));
	};
}

function writeOthers(item: TextSource['item']): string {
	const others = Object.entries(item).filter(([name]) => !ANSWER_FIELDS.includes(name));
	return JSON.stringify(Object.fromEntries(others)).toLowerCase();
}

/** Tags inside tags deeper than this are no writing of anybody who means well. */
const NESTED_TAGS = 8;

/** The text without the tags that are not `obeyed`, also those that only appear once others are gone. */
export function keepTags(text: string, obeyed: (tag: string) => boolean): string {
	let current = text.replaceAll(REMOVAL_PLACEHOLDER, '');
	for (let depth = 0; depth < NESTED_TAGS; depth++) {
		const next = closeRemovalGaps(
			replaceSpeechTags(current, (tag) => (obeyed(tag) ? tag : REMOVAL_PLACEHOLDER)),
		);
		if (next === current) return current;
		current = next;
	}
	// Going on would take time with the square of the depth: without its bracket nothing is a tag any more.
	return current.replace(/\[+(?=(?:emotion|pace)=)/gi, '');
}

export interface Directions {
	readonly emotion?: string;
	readonly pace?: string;
}

type Kind = keyof Directions;
const KINDS: readonly Kind[] = ['emotion', 'pace'];

const kindOf = (tag: string): Kind => (/^\[pace/i.test(tag) ? 'pace' : 'emotion');

/**
 * Every piece is spoken by a request of its own, and a tag holds to the end of its request only: so
 * each piece begins with the directions in force where it was cut. `start` holds until the text says otherwise.
 */
export function carryDirections(pieces: readonly string[], start: Directions): string[] {
	const inForce: { -readonly [K in Kind]?: string } = {};
	for (const kind of KINDS) if (start[kind]) inForce[kind] = `[${kind}=${start[kind]}]`;
	return pieces.map((piece) => {
		const opening = /^(?:\s*\[[^[\]]*\])*/.exec(piece)?.[0] ?? '';
		const openingKinds = new Set<Kind>();
		replaceSpeechTags(opening, (tag) => (openingKinds.add(kindOf(tag)), tag));
		const prefix = KINDS.filter((kind) => !openingKinds.has(kind)).map(
			(kind) => inForce[kind] ?? '',
		);
		replaceSpeechTags(piece, (tag) => (inForce[kindOf(tag)] = tag));
		return `${prefix.join('')}${openingKinds.size > 0 || prefix.join('') === '' ? '' : ' '}${piece}`;
	});
}

/** A value typed by hand, fit to stand in a tag: `Very  happy]` as `very happy`. */
export function directionValue(value: string | undefined): string {
	return (value ?? '')
		.replace(/[^\p{L}\p{M}\p{N} _-]/gu, '')
		.replace(/\s+/g, ' ')
		.trim()
		.toLowerCase()
		.slice(0, 40);
}

/** Spellings that Mistral's pages show; there are more (34 emotions), which cannot be checked here. */
const SHOWN: Readonly<Record<Kind, readonly string[]>> = {
	emotion: ['happy', 'calm'],
	pace: ['slow'],
};

/** What the person should know about a value that cannot be checked: Mistral passes over unknown ones in silence. */
export function directionWarnings(directions: Directions): string[] {
	return KINDS.flatMap((kind) => {
		const value = directions[kind];
		if (!value || SHOWN[kind].includes(value)) return [];
		const label = kind === 'emotion' ? 'Emotion' : 'Pace';
		return [
			`${label} "${value}" may be unknown to Mistral, which passes over unknown words in silence. Sure to work: ${SHOWN[kind].join(', ')}.`,
		];
	});
}
