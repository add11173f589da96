// What every live list in the editor shares: a transport, and a failure that says why instead of an empty list.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { asFailure, toListError } from '../errors/failure';
import type { Failure } from '../errors/failure';
import { Transport } from '../http/client';

/** Nobody looks at a list that is being loaded for longer than this. */
const LIST_MS = 15_000;

/** @throws NodeApiError | NodeOperationError, shown by the editor in place of the list */
export async function listing(
	context: ILoadOptionsFunctions,
	load: (transport: Transport) => Promise<INodeListSearchResult>,
): Promise<INodeListSearchResult> {
	const transport = new Transport(context, 'list', 0);
	transport.limitTo(LIST_MS, false);
	try {
		return await load(transport);
	} catch (thrown) {
		const failure = transport.withoutKey(asFailure(thrown, 'list'));
		throw toListError(context.getNode(), listAdvice(failure));
	}
}

/** Nothing is run again here, and there is another way to choose. */
function listAdvice(failure: Failure): Failure {
	if (!/\.(timed-out|body-stalled)$/.test(failure.facts.stage)) return failure;
	return failure.with({
		message: `Mistral did not send the list within ${LIST_MS / 1000} seconds`,
		hint: 'Open the list again in a while, or switch the field from "From List" to "By ID" and type the ID. See status.mistral.ai if it stays like this.',
	});
}
