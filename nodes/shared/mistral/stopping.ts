// What ends requests before their time: a stopped execution, or the end of what they belong to.
import type { TransportContext } from './request';

export function cancelSignal(context: TransportContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal?.() : undefined;
}

/** n8n ends a request with the signal of the context that sends it: the same context, with one that is also ours. */
export function stoppedBy(
	context: TransportContext,
	signal: AbortSignal | undefined,
): TransportContext {
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	}) as TransportContext;
}
