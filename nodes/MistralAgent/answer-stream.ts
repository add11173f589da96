// Streams the answer to the trigger's caller while it is generated.
import type { IExecuteFunctions } from 'n8n-workflow';
import type { AnswerListener } from '../shared/conversation/converse';
import type { ToolLoopResult } from '../shared/mistral/tools/tool-loop';
import { TriggerStream } from '../shared/execution/trigger-stream';

export class AnswerStream implements AnswerListener {
	private readonly stream: TriggerStream;

	private round: number | undefined;

	/** `closing`: text to append to the answer, such as the list of sources. */
	constructor(
		context: IExecuteFunctions,
		itemIndex: number,
		private readonly closing: (turn: Pick<ToolLoopResult, 'sources'>) => string,
	) {
		this.stream = new TriggerStream(context, itemIndex);
	}

	async during<T>(work: () => Promise<T>): Promise<T> {
		this.stream.begin();
		return await this.stream.endAfter(work);
	}

	text(piece: string, round: number): void {
		const isNewParagraph = this.round !== undefined && this.round !== round;
		this.round = round;
		this.stream.send(isNewParagraph ? `\n\n${piece}` : piece);
	}

	answered(turn: Pick<ToolLoopResult, 'sources'>): void {
		const closing = this.closing(turn);
		if (closing) this.stream.send(closing);
	}
}
