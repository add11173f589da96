// One run of an operation with a fault in its way, and what came of it in a form that can be compared.
import type { IDataObject, StructuredChunk } from 'n8n-workflow';
import type { Engine, NodeRun, RunOptions } from '../engine.mts';

/** A caller of its own: faults strike by its key, so that many can be tried side by side. */
export interface Lane {
	readonly key: string;
	readonly engine: Engine;
	/** Straight to the stand-in. */
	call(method: string, path: string, body?: object | FormData): Promise<IDataObject>;
}

/** What there is in the account already; nobody changes it. */
export interface Account {
	readonly agentId: string;
	readonly voiceId: string;
	readonly fileId: string;
	readonly pictureId: string;
	/** With a question and an answer in it. */
	readonly conversationId: string;
}

/** What came of it, in a form that can be compared. */
export type Outcome =
	| {
			readonly value: unknown;
			/** What the person is told although it worked. */
			readonly hints: readonly string[];
			readonly shown: unknown;
	  }
	| { readonly failed: FailedOutcome; readonly shown: unknown };

export interface FailedOutcome {
	readonly stage: string;
	readonly message: string;
	readonly hint: string;
	readonly attempts: number | undefined;
	readonly item: number | undefined;
}

/** One run made ready: what it needs is there, and it is known where its request will go. */
export interface Ready {
	readonly path: string | RegExp;
	run(timeoutSeconds: number): Promise<Outcome>;
}

/** Another one each time, whatever went wrong. */
const CHANGING =
	/^(id|agentId|conversationIds?|\w*_id|\w*_at|createdAt|slug|usage|attempts|files|timings)$/;
const lasting = (value: unknown): unknown =>
	JSON.parse(
		JSON.stringify(value, (key, inner: unknown) => (CHANGING.test(key) ? undefined : inner)) ??
			'null',
	);

/** What a listening caller got, however it was cut: words, sound, and what else was told. */
function streamed(chunks: readonly StructuredChunk[]) {
	const told = { text: '', audio: [] as Buffer[], others: [] as unknown[] };
	for (const { content = '' } of chunks) {
		const chunk = jsonOf(content);
		if (!chunk) told.text += content;
		else if (chunk.type === 'audio') told.audio.push(Buffer.from(String(chunk.data), 'base64'));
		else if (chunk.delta !== undefined) told.text += String(chunk.delta);
		else told.others.push(chunk);
	}
	return { ...told, audio: Buffer.concat(told.audio).toString('base64') };
}

function jsonOf(content: string): IDataObject | undefined {
	try {
		const value: unknown = JSON.parse(content);
		return typeof value === 'object' && value !== null ? (value as IDataObject) : undefined;
	} catch {
		return undefined;
	}
}

export async function runNode(
	{ engine }: Lane,
	node: NodeRun,
	more: Omit<RunOptions, 'nodes'> = {},
): Promise<Outcome> {
	const result = await engine.run({
		...more,
		nodes: [{ ...node, onError: 'continueRegularOutput' }],
	});
	const [item] = result.items;
	const details = item?.json.details as Record<string, unknown> | undefined;
	const shown = { ...result, run: result.run.data.resultData.runData };
	if (item && details && 'error' in item.json) {
		return {
			shown,
			failed: {
				stage: String(details.stage),
				message: String(item.json.error),
				hint: String(details.hint ?? ''),
				attempts: details.attempts as number | undefined,
				item: (item.pairedItem as { item: number }).item,
			},
		};
	}
	const audio = item?.binary?.data
		? (await engine.bytes(item)).toString('base64')
		: Object.keys(item?.binary ?? {});
	const value = lasting([
		result.error?.message,
		result.items.map(({ json }) => json),
		audio,
		streamed(result.chunks),
	]);
	return { value, hints: result.hints.map(({ message }) => message), shown };
}

export async function runList(
	{ engine }: Lane,
	type: string,
	method: string,
	filter?: string,
): Promise<Outcome> {
	try {
		const shown = await engine.list(type, method, filter);
		// The first ones only: other runs add to the account meanwhile.
		return { value: lasting(shown.results.slice(0, 20).map(({ name }) => name)), hints: [], shown };
	} catch (thrown) {
		const error = thrown as Error & { description?: string; context?: Record<string, unknown> };
		return {
			shown: error,
			failed: {
				stage: String(error.context?.stage),
				message: error.message,
				hint: error.description ?? '',
				attempts: error.context?.attempts as number | undefined,
				item: 0,
			},
		};
	}
}
