// n8n's streaming answer, read as it arrives.
import type { TalkChunk } from './assistant-run.mts';

export interface Chunk {
	type: string;
	content?: string;
	/** When the client had it. */
	atMs: number;
}

/** One chunk a line. */
export async function* chunksOf(response: Response): AsyncGenerator<Chunk> {
	let rest = '';
	const decoder = new TextDecoder();
	for await (const bytes of response.body ?? []) {
		const lines = (rest + decoder.decode(bytes as Uint8Array, { stream: true })).split('\n');
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

/** Of a node that answers in words. */
export const wordsOf = (chunks: readonly Chunk[]): string =>
	itemsIn(chunks)
		.map(({ content = '' }) => content)
		.join('');

/** Of a node that answers in JSON, such as Voxtral Assistant. */
export const toldIn = (chunks: readonly Chunk[]): (TalkChunk & Pick<Chunk, 'atMs'>)[] =>
	itemsIn(chunks).map(({ content = '', atMs }) => ({
		...(JSON.parse(content) as TalkChunk),
		atMs,
	}));
