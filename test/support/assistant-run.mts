// One run of Voxtral Assistant and what its caller got, for the tests of the node.
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { Engine, NodeRun, RunResult } from './engine.mts';

/** A chunk as a listening caller reads it: the JSON inside n8n's own. */
export interface TalkChunk {
	type: string;
	text?: string;
	delta?: string;
	stage?: string;
	message?: string;
	seq?: number;
	piece?: number;
	format?: string;
	data?: string;
	sources?: unknown[];
	timings?: Record<string, number>;
}

export interface TalkRun extends RunResult {
	/** Of the first item. */
	readonly json: Record<string, any>;
	readonly item: INodeExecutionData | undefined;
	readonly heard: TalkChunk[];
	/** Joined data of the audio chunks, of one piece or all. */
	audio(piece?: number): Buffer;
}

export interface TalkOptions {
	readonly items: readonly INodeExecutionData[];
	readonly parameters?: INodeParameters;
	readonly streaming?: boolean;
	readonly onError?: NodeRun['onError'];
	readonly onStart?: (cancel: () => void) => void;
}

export async function talk(
	engine: Engine,
	{ items, parameters, streaming, onError, onStart }: TalkOptions,
): Promise<TalkRun> {
	const result = await engine.run({
		nodes: [
			{
				type: 'voxtralAssistant',
				...(parameters ? { parameters } : {}),
				...(onError ? { onError } : {}),
			},
		],
		items,
		...(streaming ? { streaming } : {}),
		...(onStart ? { onStart } : {}),
	});
	const heard = result.chunks.flatMap(({ type, content }) =>
		type === 'item' ? [JSON.parse(String(content)) as TalkChunk] : [],
	);
	return {
		...result,
		json: result.items[0]?.json ?? {},
		item: result.items[0],
		heard,
		audio: (piece) =>
			Buffer.concat(
				heard
					.filter(
						(chunk) => chunk.type === 'audio' && (piece === undefined || chunk.piece === piece),
					)
					.map(({ data }) => Buffer.from(data ?? '', 'base64')),
			),
	};
}

/** What the stand-in understands when it is sent the audio of an item: which texts it was made of, in order. */
export async function understood(engine: Engine, item: INodeExecutionData | undefined) {
	const bytes = await engine.bytes(item);
	const fileName = item?.binary?.data?.fileName ?? 'audio';
	const { items } = await engine.run({
		nodes: [{ type: 'voxtralTranscribe' }],
		items: [await engine.item({}, { bytes, fileName })],
	});
	return String(items[0]?.json.text ?? '');
}
