// A key that looks like nothing else in any test or in the package, and what it would leave behind.
export const CANARY = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';

/** The key itself, and what it looks like packed as base64, by how many bytes stand before it. */
export const CANARY_TRACES: readonly string[] = [
	CANARY,
	...[0, 1, 2].map((before) =>
		Buffer.from(`${'.'.repeat(before)}${CANARY}`)
			.toString('base64')
			.slice(4, 36),
	),
];
