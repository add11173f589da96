// What reaches the caller of a streaming trigger while the workflow runs.
import type { IDataObject, IExecuteFunctions } from 'n8n-workflow';

/** Does the trigger stream? Older n8n cannot. */
export function isStreaming(context: IExecuteFunctions): boolean {
	return context.isStreaming?.() === true;
}

/** Does the caller understand audio? A chat window would show it as text. */
export function listensToAudio(context: IExecuteFunctions): boolean {
	if (!isStreaming(context) || String(context.getMode()) === 'chat') return false;
	const earlier = context.getParentNodes(context.getNode().name);
	return !earlier.some(({ type }) => /chatTrigger$/i.test(type));
}

/** The stream of one item: its chunks are sent one after the other. Only for a trigger that streams. */
export class TriggerStream {
	private last: Promise<unknown> = Promise.resolve();

	private begun = false;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
	) {}

	begin(): void {
		if (this.begun) return;
		this.begun = true;
		// At once: n8n's own chunks go the same way.
		this.last = this.pass('begin');
	}

	/** Text, or an object that n8n writes as JSON. */
	send(content: string | IDataObject): void {
		this.begin();
		this.last = this.last.then(async () => await this.pass('item', content));
	}

	/** Resolves once everything sent so far has left. */
	async drained(): Promise<void> {
		await this.last;
	}

	/** The end of what was begun, once everything has left. */
	async end(): Promise<void> {
		if (this.begun) this.last = this.last.then(async () => await this.pass('end'));
		await this.last;
	}

	/**
	 * Ends what was begun once `work` is done. After a failure n8n itself ends the stream, unless the
	 * workflow goes on.
	 */
	async endAfter<T>(
		work: () => Promise<T>,
		goesOnAfterFailure = this.context.continueOnFail(),
	): Promise<T> {
		let goesOn = goesOnAfterFailure;
		try {
			const value = await work();
			goesOn = true;
			return value;
		} finally {
			await (goesOn ? this.end() : this.drained());
		}
	}

	/** A caller who has gone must not cost the workflow what follows. */
	private async pass(
		type: 'begin' | 'item' | 'end',
		content?: string | IDataObject,
	): Promise<void> {
		try {
			await (this.context.sendChunk(type, this.itemIndex, content) as unknown as Promise<void>);
		} catch {
			// The caller has gone.
		}
	}
}
