// The one error type of the package, and its two ways to n8n: a thrown node error, or an item on the error branch.
import {
	type INode,
	type INodeExecutionData,
	type JsonObject,
	NodeApiError,
	NodeOperationError,
} from 'n8n-workflow';

export interface FailureFacts {
	/** Where and why, as `<operation>.<reason>`, for example `transcribe.no-audio`. Stable: workflows may branch on it. */
	readonly stage: string;
	/** What happened, one sentence. */
	readonly message: string;
	/** What the person can do about it. */
	readonly hint?: string;
	/** HTTP status, when a server answered. */
	readonly status?: number;
	/** Mistral's own code, or the network's. */
	readonly code?: string;
	/** Mistral's correlation id, for a support request. */
	readonly requestId?: string;
	/** Requests sent for this item, this operation. */
	readonly attempts?: number;
	/** Whatever was received before it broke, for example the first half of an answer. */
	readonly partial?: string;
	/**
	 * An error event of a stream as the server sent it. Inside the HTTP client only, which puts it into
	 * the hint, redacted.
	 */
	readonly errorEvent?: string;
}

/** Anything that stops one item. Thrown inside the package only; n8n sees {@link toNodeError}. */
export class Failure extends Error {
	constructor(readonly facts: FailureFacts) {
		super(facts.message);
		this.name = 'Failure';
	}

	with(more: Partial<FailureFacts>): Failure {
		return new Failure({ ...this.facts, ...more });
	}
}

/** Whatever was thrown, as a {@link Failure}: n8n's own complaints keep their text. */
export function asFailure(thrown: unknown, operation: string): Failure {
	if (thrown instanceof Failure) return thrown;
	const { message, description } = readThrown(thrown);
	return new Failure({
		stage: `${operation}.unexpected`,
		message: message.replace(/\s*\[item \d+\]$/, ''),
		...(description ? { hint: description } : {}),
	});
}

function readThrown(thrown: unknown): { message: string; description?: string } {
	if (!(thrown instanceof Error)) return { message: String(thrown) };
	const description = (thrown as { description?: unknown }).description;
	return {
		message: thrown.message,
		...(typeof description === 'string' ? { description } : {}),
	};
}

/** The error n8n shows: message, advice, item, and nothing of the request that could hold a secret. */
export function toNodeError(
	node: INode,
	failure: Failure,
	itemIndex: number,
): NodeApiError | NodeOperationError {
	return nodeError(node, failure, `${failure.message} [item ${itemIndex}]`, { itemIndex });
}

/** The same for a list in the editor, where there are no items. */
export function toListError(node: INode, failure: Failure): NodeApiError | NodeOperationError {
	return nodeError(node, failure, failure.message, {});
}

function nodeError(
	node: INode,
	failure: Failure,
	message: string,
	place: { itemIndex?: number },
): NodeApiError | NodeOperationError {
	const { hint, status, stage, attempts } = failure.facts;
	const shared = { ...place, message, ...(hint ? { description: hint } : {}) };
	// Without a status there was no answer: a NodeApiError would replace the sentence by n8n's own
	// ("The service refused the connection") and lose item and advice.
	const error =
		status === undefined
			? new NodeOperationError(node, message, shared)
			: new NodeApiError(node, { message } as JsonObject, { ...shared, httpCode: String(status) });
	error.context.stage = stage;
	if (attempts !== undefined) error.context.attempts = attempts;
	return error;
}

/**
 * The item that stands for a failed one under "continue on fail". The keys are the ones n8n's
 * engine recognises as an error item (`error`, `details`), so it reaches the error branch.
 */
export function failedItem(failure: Failure, itemIndex: number): INodeExecutionData {
	const { stage, hint, status, code, requestId, attempts, partial } = failure.facts;
	const details = { stage, hint, status, code, requestId, attempts, partial };
	const json = {
		error: failure.message,
		details: JSON.parse(JSON.stringify(details)) as JsonObject,
	};
	// n8n 1.x sends two fields down the line "Error" only where it finds a message; it is not enumerable, so that nothing else shows it.
	Object.defineProperty(json, 'message', { value: failure.message });
	return { json, pairedItem: { item: itemIndex } };
}
