// LaTeX formulas become plain symbols and words; amounts of money such as `$5` are no formulas.

const SYMBOLS: Readonly<Record<string, string>> = {
	times: '×',
	cdot: '·',
	div: '÷',
	pm: '±',
	le: '≤',
	leq: '≤',
	ge: '≥',
	geq: '≥',
	ne: '≠',
	neq: '≠',
	approx: '≈',
	to: '→',
	rightarrow: '→',
	Rightarrow: '→',
	infty: '∞',
	degree: '°',
	circ: '°',
	left: '',
	right: '',
	big: '',
	Big: '',
	displaystyle: '',
	quad: ' ',
	qquad: ' ',
	ldots: '…',
	dots: '…',
	cdots: '…',
};

/** Replaces `$$…$$`, `\[…\]`, `\(…\)` and `$…$` by the formula as plain text. */
export function formulasToPlainText(text: string): string {
	let plain = text;
	if (plain.includes('\\')) {
		plain = plain
			.replace(
				/\\\[((?:[^\\]|\\(?![[\]])){1,1000})\\\]/g,
				(_, inner: string) => ` ${formulaToPlainText(inner)} `,
			)
			.replace(/\\\(((?:[^\\]|\\(?![()])){1,1000})\\\)/g, (_, inner: string) =>
				formulaToPlainText(inner),
			);
	}
	if (!plain.includes('$')) return plain;
	return plain
		.replace(/\$\$([^$]{1,1000})\$\$/g, (_, inner: string) => formulaToPlainText(inner))
		.replace(
			/(?<![\\$\p{L}\p{N}])\$(?![\s$])([^$\n]{1,200})(?<!\s)\$(?![\p{L}\p{N}$])/gu,
			(whole: string, inner: string) => (isFormula(inner) ? formulaToPlainText(inner) : whole),
		);
}

function isFormula(inner: string): boolean {
	if (/\\[a-zA-Z]/.test(inner)) return true;
	if (/^\d/.test(inner)) return /[\^_]/.test(inner);
	return (
		/^[a-zA-Z]$/.test(inner) ||
		(/[\^_=<>+]/.test(inner) && !/[a-zA-Z]{4,} [a-zA-Z]{2,}/.test(inner))
	);
}

function formulaToPlainText(inner: string): string {
	let plain = inner;
	// Each round resolves one level of nesting; of deeper levels only the braces are removed below.
	for (let round = 0; round < 4 && plain.includes('\\'); round++) {
		plain = plain
			.replace(
				/\\[dt]?frac\s?\{([^{}]*)\}\s?\{([^{}]*)\}/g,
				(_, over: string, under: string) => `${inParentheses(over)}/${inParentheses(under)}`,
			)
			.replace(/\\sqrt\s?\{([^{}]*)\}/g, (_, root: string) => `√${inParentheses(root)}`)
			.replace(
				/\\(?:text|mathrm|mathbf|mathit|operatorname|boxed|mathbb|textbf)\s?\{([^{}]*)\}/g,
				'$1',
			);
	}
	return plain
		.replace(/\\\\/g, ' ')
		.replace(/\^\s?\{?\\circ\}?/g, '°')
		.replace(/\\([a-zA-Z]{1,30}) ?/g, (_, name: string) =>
			Object.hasOwn(SYMBOLS, name) ? `${SYMBOLS[name] ?? ''} ` : `${name} `,
		)
		.replace(/\\[,;:! ]/g, ' ')
		.replace(/\\([%$&#_{}|])/g, '$1')
		.replace(/[{}]/g, '')
		.trim();
}

function inParentheses(part: string): string {
	return /^[\p{L}\p{N}.,]*$/u.test(part) ? part : `(${part})`;
}
