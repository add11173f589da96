// Runs one operation with an injected fault and returns its outcome in comparable form.
import type { IDataObject, StructuredChunk } from 'n8n-workflow';
import type { Engine, NodeRun, RunOptions } from '../engine.mts';

/** A caller with its own API key. Faults are injected by key, so that many runs can be tested concurrently. */
export interface IsolatedCaller {
	readonly key: string;
	readonly engine: Engine;
	/** Calls the stand-in directly. */
	call(method: string, path: string, body?: object | FormData): Promise<IDataObject>;
}

/** Resources in the account, read only. */
export interface Account {
	readonly agentId: string;
	readonly voiceId: string;
	readonly fileId: string;
	readonly pictureId: string;
	/** A conversation with one question and one answer. */
	readonly conversationId: string;
}

/** The result of a run in comparable form. */
export type Outcome =
	| {
			readonly value: unknown;
			/** Hints of a run that succeeded. */
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

/** A prepared run: its resources exist, and the path of its request is known. */
export interface Ready {
	readonly path: string | RegExp;
	run(timeoutSeconds: number): Promise<Outcome>;
}

/** Fields whose value differs in every run. */
const CHANGING =
	/^(id|agentId|conversationIds?|\w*_id|\w*_at|createdAt|slug|usage|attempts|files|timings)$/;
const withoutVolatile = (value: unknown): unknown =>
	JSON.parse(
		JSON.stringify(value, (key, inner: unknown) => (CHANGING.test(key) ? undefined : inner)) ??
			'null',
	);

/** What a streaming caller received, independent of chunk sizes: text, audio and other events. */
function streamed(chunks: readonly StructuredChunk[]) {
	const received = { text: '', audio: [] as Buffer[], others: [] as unknown[] };
	for (const { content = '' } of chunks) {
		const chunk = jsonOf(content);
		if (!chunk) received.text += content;
		else if (chunk.type === 'audio') received.audio.push(Buffer.from(String(chunk.data), 'base64'));
		else if (chunk.delta !== undefined) received.text += String(chunk.delta);
		else received.others.push(chunk);
	}
	return { ...received, audio: Buffer.concat(received.audio).toString('base64') };
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
	{ engine }: IsolatedCaller,
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
	const value = withoutVolatile([
		result.error?.message,
		result.items.map(({ json }) => json),
		audio,
		streamed(result.chunks),
	]);
	return { value, hints: result.hints.map(({ message }) => message), shown };
}

export async function runList(
	{ engine }: IsolatedCaller,
	type: string,
	method: string,
	filter?: string,
): Promise<Outcome> {
	try {
		const shown = await engine.list(type, method, filter);
		// The first results only: concurrent runs add to the account.
		return {
			value: withoutVolatile(shown.results.slice(0, 20).map(({ name }) => name)),
			hints: [],
			shown,
		};
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
