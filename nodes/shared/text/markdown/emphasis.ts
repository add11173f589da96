// Removes emphasis delimiters (`*`, `_`, `~~`, `==`); arithmetic, identifiers and footnote asterisks stay.

interface DelimiterRun {
	positions: number[];
}

const WORD = /[\p{L}\p{N}\p{M}]/u;
const DIGIT = /\p{N}/u;
/** Scripts written without spaces, where emphasis delimiters stand inside what looks like one word. */
const UNSPACED =
	/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** Removes matching delimiter runs, and an unmatched `**` next to a word, as in a chunk of a longer text. */
export function removeEmphasis(text: string): string {
	const characters = [...text];
	const delimiterStacks = new Map<string, DelimiterRun[]>();
	let index = 0;
	while (index < characters.length) {
		const delimiter = characters[index] ?? '';
		if (delimiter !== '*' && delimiter !== '_' && delimiter !== '~' && delimiter !== '=') {
			index++;
			continue;
		}
		const start = index;
		while (characters[index] === delimiter) index++;
		const length = index - start;
		if ((delimiter === '~' || delimiter === '=') && length !== 2) continue;
		processDelimiterRun(characters, delimiterStacks, delimiter, start, length);
	}
	for (const delimiter of ['*', '~']) {
		for (const { positions } of delimiterStacks.get(delimiter) ?? []) {
			if (positions.length >= 2) erase(characters, positions);
		}
	}
	return characters.join('');
}

function processDelimiterRun(
	characters: string[],
	delimiterStacks: Map<string, DelimiterRun[]>,
	delimiter: string,
	start: number,
	length: number,
): void {
	const before = characters[start - 1] ?? ' ';
	const after = characters[start + length] ?? ' ';
	const stack = delimiterStacks.get(delimiter) ?? [];
	delimiterStacks.set(delimiter, stack);
	const positions = Array.from({ length }, (_, offset) => start + offset);
	const spaceBefore = /\s/u.test(before);
	const spaceAfter = /\s/u.test(after);
	if (spaceBefore && spaceAfter) {
		const isAtEdge = start === 0 || start + length === characters.length;
		if (delimiter === '*' && length >= 2 && isAtEdge) erase(characters, positions);
		return;
	}
	const wordBefore = WORD.test(before);
	const wordAfter = WORD.test(after);
	if (delimiter === '=' && wordBefore && wordAfter) return;
	if (delimiter === '*' && isOperator(characters, start, length, stack.length > 0)) return;

	const canClose = !spaceBefore && !(delimiter === '_' && wordAfter);
	if (canClose) {
		while (positions.length > 0 && stack.length > 0) {
			const openingRun = stack[stack.length - 1] as DelimiterRun; // the loop checked that there is one
			const pairs = Math.min(openingRun.positions.length, positions.length);
			erase(characters, openingRun.positions.splice(openingRun.positions.length - pairs));
			erase(characters, positions.splice(0, pairs));
			if (openingRun.positions.length === 0) stack.pop();
		}
	}
	if (positions.length === 0) return;
	const canOpen = !spaceAfter && !(delimiter === '_' && wordBefore);
	if (canOpen) stack.push({ positions });
	else if ((delimiter === '*' || delimiter === '~') && length >= 2) erase(characters, positions);
}

/** An operator between two operands is no emphasis: `3*4`, `2*(x+1)`, `x**2`, `a*b*c`. */
function isOperator(
	characters: readonly string[],
	start: number,
	length: number,
	isInsideEmphasis: boolean,
): boolean {
	const before = characters[start - 1] ?? ' ';
	const after = characters[start + length] ?? ' ';
	const operandBefore = WORD.test(before) || before === ')' || before === ']';
	const operandAfter = WORD.test(after) || after === '(' || after === '[';
	if (!operandBefore || !operandAfter || length > 2) return false;
	if (DIGIT.test(before) && DIGIT.test(after)) return true;
	if (UNSPACED.test(before) || UNSPACED.test(after)) return false;
	if (isInsideEmphasis) return false;
	if (length === 1) return true;
	const isShort =
		!WORD.test(characters[start - 2] ?? ' ') || !WORD.test(characters[start + 3] ?? ' ');
	return DIGIT.test(before) || DIGIT.test(after) || isShort;
}

function erase(characters: string[], positions: readonly number[]): void {
	for (const position of positions) characters[position] = '';
}
