// What n8n around this node offers: a streaming caller, links to files, hints to the person building the workflow.
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';
import { addHint } from '../shared/run/failure';
import type { AudioChunk } from './live';

const LINK_LASTS = '1 day';

/** Is somebody listening who understands audio? Chat windows would show it as endless letters. */
export function listensToAudio(context: IExecuteFunctions): boolean {
	if (context.isStreaming?.() !== true || String(context.getMode()) === 'chat') return false;
	const earlier = context.getParentNodes(context.getNode().name);
	return !earlier.some(({ type }) => /chatTrigger$/i.test(type));
}

/** Chunks of one item, on their way one after the other. */
export class ChunkSender {
	private last: Promise<unknown>;

	constructor(
		private readonly context: IExecuteFunctions,
		private readonly itemIndex: number,
	) {
		this.last = this.pass('begin');
	}

	send(chunk: AudioChunk): void {
		this.last = this.last.then(async () => await this.pass('item', chunk));
	}

	/** Resolves once everything has left. */
	async end(): Promise<void> {
		await this.last.then(async () => await this.pass('end'));
	}

	/** A caller who has gone must not cost the workflow its audio. */
	private async pass(type: 'begin' | 'item' | 'end', chunk?: AudioChunk): Promise<void> {
		try {
			await (this.context.sendChunk(
				type,
				this.itemIndex,
				chunk && { ...chunk },
			) as unknown as Promise<void>);
		} catch {
			// Nobody listens any more.
		}
	}
}

export function isAgentTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}

/** A link to the stored file, or undefined where n8n cannot make one (files kept in memory, n8n before 1.95). */
export function linkTo(context: IExecuteFunctions, binary: IBinaryData): string | undefined {
	if (!binary.id) return undefined;
	try {
		return context.helpers.createBinarySignedUrl?.(binary, LINK_LASTS);
	} catch {
		return undefined;
	}
}

const hinted = new WeakMap<IExecuteFunctions, Set<string>>();

/** Once an execution, however many items it concerns. */
export function hintOnce(context: IExecuteFunctions, message: string): void {
	const said = hinted.get(context) ?? new Set<string>();
	hinted.set(context, said);
	if (said.has(message)) return;
	said.add(message);
	addHint(context, message);
}
