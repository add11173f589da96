// LaTeX marks in an answer: the marks go, the formula stays as plain signs and words; prices are no formulas.

const SIGNS: Readonly<Record<string, string>> = {
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

/** Replaces `$$…$$`, `\[…\]`, `\(…\)` and `$…$` by the formula in plain characters. */
export function formulasToPlainText(text: string): string {
	let plain = text;
	if (plain.includes('\\')) {
		plain = plain
			.replace(
				/\\\[((?:[^\\]|\\(?![[\]])){1,1000})\\\]/g,
				(_, inner: string) => ` ${plainFormula(inner)} `,
			)
			.replace(/\\\(((?:[^\\]|\\(?![()])){1,1000})\\\)/g, (_, inner: string) =>
				plainFormula(inner),
			);
	}
	if (!plain.includes('$')) return plain;
	return plain
		.replace(/\$\$([^$]{1,1000})\$\$/g, (_, inner: string) => plainFormula(inner))
		.replace(
			/(?<![\\$\p{L}\p{N}])\$(?![\s$])([^$\n]{1,200})(?<!\s)\$(?![\p{L}\p{N}$])/gu,
			(whole: string, inner: string) => (isFormula(inner) ? plainFormula(inner) : whole),
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

function plainFormula(inner: string): string {
	let plain = inner;
	// Each round opens one level of nesting; deeper ones are left to the removal of braces below.
	for (let round = 0; round < 4 && plain.includes('\\'); round++) {
		plain = plain
			.replace(
				/\\[dt]?frac\s?\{([^{}]*)\}\s?\{([^{}]*)\}/g,
				(_, over: string, under: string) => `${grouped(over)}/${grouped(under)}`,
			)
			.replace(/\\sqrt\s?\{([^{}]*)\}/g, (_, root: string) => `√${grouped(root)}`)
			.replace(
				/\\(?:text|mathrm|mathbf|mathit|operatorname|boxed|mathbb|textbf)\s?\{([^{}]*)\}/g,
				'$1',
			);
	}
	return plain
		.replace(/\\\\/g, ' ')
		.replace(/\^\s?\{?\\circ\}?/g, '°')
		.replace(/\\([a-zA-Z]{1,30}) ?/g, (_, name: string) =>
			Object.hasOwn(SIGNS, name) ? `${SIGNS[name] ?? ''} ` : `${name} `,
		)
		.replace(/\\[,;:! ]/g, ' ')
		.replace(/\\([%$&#_{}|])/g, '$1')
		.replace(/[{}]/g, '')
		.trim();
}

function grouped(part: string): string {
	return /^[\p{L}\p{N}.,]*$/u.test(part) ? part : `(${part})`;
}
