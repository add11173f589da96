// Passes the answer on while it is written, where the workflow's trigger streams.
import type { IExecuteFunctions } from 'n8n-workflow';

export class AnswerStream {
	/** Whether anybody listens. Older n8n has no streaming. */
	readonly wanted: boolean;

	private round: number | undefined;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
		enabled: boolean,
	) {
		this.wanted = enabled && context.isStreaming?.() === true;
	}

	/** A failure is told by n8n itself, unless the workflow goes on after it. */
	async during<T>(work: () => Promise<T>): Promise<T> {
		if (!this.wanted) return await work();
		this.context.sendChunk('begin', this.itemIndex);
		let goesOn = this.context.continueOnFail();
		try {
			const value = await work();
			goesOn = true;
			return value;
		} finally {
			if (goesOn) this.context.sendChunk('end', this.itemIndex);
		}
	}

	/** What follows the answer, where anybody listens. */
	close(piece: string): void {
		if (this.wanted && piece) this.context.sendChunk('item', this.itemIndex, piece);
	}

	/** `round` tells what is said before a tool call from what is said after it. */
	text(piece: string, round: number): void {
		const apart = this.round !== undefined && this.round !== round;
		this.round = round;
		this.context.sendChunk('item', this.itemIndex, apart ? `\n\n${piece}` : piece);
	}
}
