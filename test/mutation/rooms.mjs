// The rooms that mutation testing judges: pure ones and the transport.

const mistral = (/** @type {string[]} */ ...names) =>
	names.map((name) => `nodes/shared/mistral/${name}.ts`);

/** @type {Readonly<Record<string, readonly string[]>>} */
export const rooms = {
	transport: [
		...mistral('transport', 'attempt', 'retry', 'errors', 'sse', 'body', 'conceal', 'network'),
		...mistral('address'),
	],
	run: ['nodes/shared/run/*.ts'],
	speech: ['nodes/shared/speech/*.ts'],
	audio: ['nodes/shared/audio/*.ts', '!nodes/shared/audio/binary.ts'],
};
