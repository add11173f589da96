// Reads the streaming response of an n8n webhook chunk by chunk.
import type { TurnEvent } from './assistant-run.mts';

export interface Chunk {
	type: string;
	content?: string;
	/** When the client received it. */
	atMs: number;
}

/** Parses the response: one JSON chunk a line. */
export async function* chunksOf(response: Response): AsyncGenerator<Chunk> {
	let rest = '';
	const decoder = new TextDecoder();
	for await (const bytes of response.body ?? []) {
		const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
		rest = lines.pop() ?? '';
		const atMs = performance.now();
		for (const line of lines)
			if (line.trim()) yield { ...(JSON.parse(line) as Omit<Chunk, 'atMs'>), atMs };
	}
}

export const readChunks = async (response: Response): Promise<Chunk[]> => {
	const chunks: Chunk[] = [];
	for await (const chunk of chunksOf(response)) chunks.push(chunk);
	return chunks;
};

export const itemsIn = (chunks: readonly Chunk[]): Chunk[] =>
	chunks.filter(({ type }) => type === 'item');

/** The text streamed by a node that streams text. */
export const textIn = (chunks: readonly Chunk[]): string =>
	itemsIn(chunks)
		.map(({ content = '' }) => content)
		.join('');

/** The events streamed by a node that streams JSON, such as Voxtral Assistant. */
export const turnEventsIn = (chunks: readonly Chunk[]): (TurnEvent & Pick<Chunk, 'atMs'>)[] =>
	itemsIn(chunks).map(({ content = '', atMs }) => ({
		...(JSON.parse(content) as TurnEvent),
		atMs,
	}));
