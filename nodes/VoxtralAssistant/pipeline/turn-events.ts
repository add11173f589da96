// The event stream of a turn to the caller of a streaming trigger; its events are documented in docs/streaming.md.
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';
import type { Source } from '../../shared/mistral/conversations/answer';
import type { AudioChunk } from '../../shared/synthesis/live-audio';
import type { Failure } from '../../shared/errors/failure';
import { isStreaming, listensToAudio, TriggerStream } from '../../shared/execution/trigger-stream';
import type { Heard } from './stt';
import type { TurnTimings } from './turn-timings';

/** No stream, the answer's text alone (chat windows), or all events with audio (programs). */
export type StreamMode = 'none' | 'text' | 'audio';

export function streamModeOf(context: IExecuteFunctions, isEnabled: boolean): StreamMode {
	if (!isEnabled || !isStreaming(context)) return 'none';
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

	/** Runs `turn` between the begin and the end of the stream. */
	async during<T>(turn: () => Promise<T>): Promise<T> {
		if (this.mode !== 'none') this.stream.begin();
		return await this.stream.endAfter(turn);
	}

	transcript({ text, language }: Heard): void {
		this.send({ type: 'transcript', text, ...(language ? { language } : {}) });
	}

	text(delta: string): void {
		if (this.mode === 'text') this.stream.send(delta);
		this.send({ type: 'text', delta });
	}

	sources(sources: readonly Source[]): void {
		const list = sources.map((source) => ({ ...source }));
		if (list.length > 0) this.send({ type: 'sources', sources: list });
	}

	audio(chunk: AudioChunk): void {
		this.send({ ...chunk });
	}

	/** A stage has failed and the turn continues without it. */
	failure({ facts: { stage, message, hint } }: Failure): void {
		this.send({ type: 'error', stage, message, ...(hint ? { description: hint } : {}) });
	}

	done(facts: { readonly timings: TurnTimings } & IDataObject): void {
		this.send({ type: 'done', ...facts });
	}

	/** Back-pressure: resolves once n8n has accepted everything sent so far. */
	async drained(): Promise<void> {
		await this.stream.drained();
	}

	private send(event: IDataObject): void {
		if (this.mode === 'audio') this.stream.send(event);
	}
}
