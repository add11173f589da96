// What the caller of a streaming trigger gets while the turn is under way; the chunks are documented in docs/streaming.md.
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Source } from '../../shared/mistral/conversations/answer';
import type { AudioChunk } from '../../shared/synthesis/live-audio';
import type { Failure } from '../../shared/errors/failure';
import { isStreaming, listensToAudio, TriggerStream } from '../../shared/execution/trigger-stream';
import type { Heard } from './stt';
import type { TurnTimings } from './turn-timings';

/** Nobody, a chat window (the words of the answer and nothing else), or a program that hears too. */
export type StreamMode = 'none' | 'text' | 'audio';

export function streamModeOf(context: IExecuteFunctions, wanted: boolean): StreamMode {
	if (!wanted || !isStreaming(context)) return 'none';
	return listensToAudio(context) ? 'audio' : 'text';
}

export class TurnEventStream {
	private readonly stream: TriggerStream;

	constructor(
		context: IExecuteFunctions,
		itemIndex: number,
		readonly mode: StreamMode,
	) {
		this.stream = new TriggerStream(context, itemIndex);
	}

	/** Begins the stream, and ends it with the turn. */
	async during<T>(turn: () => Promise<T>): Promise<T> {
		if (this.mode !== 'none') this.stream.begin();
		return await this.stream.endAfter(turn);
	}

	transcript({ text, language }: Heard): void {
		this.chunk({ type: 'transcript', text, ...(language ? { language } : {}) });
	}

	text(delta: string): void {
		if (this.mode === 'text') this.stream.send(delta);
		this.chunk({ type: 'text', delta });
	}

	sources(sources: readonly Source[]): void {
		const list = sources.map((source) => ({ ...source }));
		if (list.length > 0) this.chunk({ type: 'sources', sources: list });
	}

	audio(chunk: AudioChunk): void {
		this.chunk({ ...chunk });
	}

	/** A stage failed and the turn goes on without it. */
	failure({ facts: { stage, message, hint } }: Failure): void {
		this.chunk({ type: 'error', stage, message, ...(hint ? { description: hint } : {}) });
	}

	done(facts: { readonly timings: TurnTimings } & IDataObject): void {
		this.chunk({ type: 'done', ...facts });
	}

	/** Resolves once everything sent so far has left n8n's node. */
	async drained(): Promise<void> {
		await this.stream.drained();
	}

	private chunk(content: IDataObject): void {
		if (this.mode === 'audio') this.stream.send(content);
	}
}
