// What ends a request before its time: a stopped execution, or whoever sent it.
import type { TransportContext } from './request';

export function cancelSignal(context: TransportContext): AbortSignal | undefined {
	return 'getExecutionCancelSignal' in context ? context.getExecutionCancelSignal?.() : undefined;
}

/** n8n ends a request with the signal of the context that sends it: the same context, with a signal of one's own. */
export function endedBy(context: TransportContext, signal: AbortSignal): TransportContext {
	return Object.create(context, {
		getExecutionCancelSignal: { value: () => signal },
	}) as TransportContext;
}
