// Runs Voxtral Assistant in n8n's engine and collects its output item and its streamed turn events.
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import type { Engine, NodeRun, RunResult } from './engine.mts';

/** A turn event as a streaming caller reads it: the JSON inside a chunk of n8n. */
export interface TurnEvent {
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

/** The item of a turn that was answered; the fields that tests compute with have their types. */
export interface AssistantJson {
	[field: string]: unknown;
	attempts: number;
	pieces: number;
	timings: Record<'heardMs' | 'firstTokenMs' | 'firstAudioMs' | 'doneMs', number>;
	/** Why the answer was not spoken, or not to its end. */
	speechProblem?: { stage: string; message: string };
}

export interface AssistantRun extends RunResult {
	/** The JSON of the first output item. */
	readonly json: AssistantJson;
	readonly item: INodeExecutionData | undefined;
	readonly events: TurnEvent[];
	/** Joined data of the audio events, of one piece or all. */
	audio(piece?: number): Buffer;
}

export interface AssistantRunOptions {
	readonly items: readonly INodeExecutionData[];
	readonly parameters?: INodeParameters;
	readonly streaming?: boolean;
	readonly onError?: NodeRun['onError'];
	readonly onStart?: (cancel: () => void) => void;
}

export async function runAssistant(
	engine: Engine,
	{ items, parameters, streaming, onError, onStart }: AssistantRunOptions,
): Promise<AssistantRun> {
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
		type === 'item' ? [JSON.parse(String(content)) as TurnEvent] : [],
	);
	return {
		...result,
		json: (result.items[0]?.json ?? {}) as AssistantJson,
		item: result.items[0],
		events: heard,
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

/** Transcribes the audio of an item with the stand-in, which knows the texts its speech was made of. */
export async function transcriptOf(engine: Engine, item: INodeExecutionData | undefined) {
	const bytes = await engine.bytes(item);
	const fileName = item?.binary?.data?.fileName ?? 'audio';
	const { items } = await engine.run({
		nodes: [{ type: 'voxtralTranscribe' }],
		items: [await engine.item({}, { bytes, fileName })],
	});
	return String(items[0]?.json.text ?? '');
}
