// A canary API key, unlike anything else in tests and package, and the traces by which a leak of it is found.
export const CANARY = 'Zq7canary0Xv93LmT5bKw1RgHd8sPyNe';

/** The key itself, and its base64 forms for each alignment. */
export const CANARY_TRACES: readonly string[] = [
	CANARY,
	...[0, 1, 2].map((before) =>
		Buffer.from(`${'.'.repeat(before)}${CANARY}`)
			.toString('base64')
			.slice(4, 36),
	),
];
