// Takes emphasis marks (`*`, `_`, `~~`, `==`) out of text and leaves sums, code names and footnote stars alone.

interface Opener {
	positions: number[];
}

const WORD = /[\p{L}\p{N}\p{M}]/u;
const DIGIT = /\p{N}/u;
/** Scripts written without spaces, where emphasis stands inside what looks like one word. */
const UNSPACED =
	/[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u;

/** Matching pairs of marks go, so does a lone `**` stuck to a word (a piece cut from a longer text). */
export function removeEmphasis(text: string): string {
	const characters = [...text];
	const openers = new Map<string, Opener[]>();
	let index = 0;
	while (index < characters.length) {
		const mark = characters[index] ?? '';
		if (mark !== '*' && mark !== '_' && mark !== '~' && mark !== '=') {
			index++;
			continue;
		}
		const start = index;
		while (characters[index] === mark) index++;
		const length = index - start;
		if ((mark === '~' || mark === '=') && length !== 2) continue;
		handleRun(characters, openers, mark, start, length);
	}
	for (const mark of ['*', '~']) {
		for (const { positions } of openers.get(mark) ?? []) {
			if (positions.length >= 2) erase(characters, positions);
		}
	}
	return characters.join('');
}

function handleRun(
	characters: string[],
	openers: Map<string, Opener[]>,
	mark: string,
	start: number,
	length: number,
): void {
	const before = characters[start - 1] ?? ' ';
	const after = characters[start + length] ?? ' ';
	const stack = openers.get(mark) ?? [];
	openers.set(mark, stack);
	const positions = Array.from({ length }, (_, offset) => start + offset);
	const spaceBefore = /\s/u.test(before);
	const spaceAfter = /\s/u.test(after);
	if (spaceBefore && spaceAfter) {
		const isAtEdge = start === 0 || start + length === characters.length;
		if (mark === '*' && length >= 2 && isAtEdge) erase(characters, positions);
		return;
	}
	const wordBefore = WORD.test(before);
	const wordAfter = WORD.test(after);
	if (mark === '=' && wordBefore && wordAfter) return;
	if (mark === '*' && isOperator(characters, start, length, stack.length > 0)) return;

	const canClose = !spaceBefore && !(mark === '_' && wordAfter);
	if (canClose) {
		while (positions.length > 0 && stack.length > 0) {
			const opener = stack[stack.length - 1] as Opener; // the loop checked that there is one
			const pairs = Math.min(opener.positions.length, positions.length);
			erase(characters, opener.positions.splice(opener.positions.length - pairs));
			erase(characters, positions.splice(0, pairs));
			if (opener.positions.length === 0) stack.pop();
		}
	}
	if (positions.length === 0) return;
	const canOpen = !spaceAfter && !(mark === '_' && wordBefore);
	if (canOpen) stack.push({ positions });
	else if ((mark === '*' || mark === '~') && length >= 2) erase(characters, positions);
}

/** `3*4`, `2*(x+1)`, `x**2`, `a*b*c`: a sign between two operands, not emphasis. */
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
