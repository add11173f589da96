// Runs a list search of the editor: an HTTP client, a time limit, and an error message instead of an empty list.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { asFailure, type Failure, toListError } from '../errors/failure';
import { Budget } from '../http/budget';
import { HttpClient } from '../http/client';

/** Time limit of a list search. */
const LIST_MS = 15_000;

/** @throws NodeApiError | NodeOperationError, shown by the editor in place of the list */
export async function listing(
	context: ILoadOptionsFunctions,
	load: (client: HttpClient) => Promise<INodeListSearchResult>,
): Promise<INodeListSearchResult> {
	const budget = Budget.until(undefined).narrowedTo(LIST_MS, { isRaisable: false });
	const client = new HttpClient(context, 'list', 0, { budget });
	try {
		return await load(client);
	} catch (thrown) {
		const failure = client.redactKey(asFailure(thrown, 'list'));
		throw toListError(context.getNode(), listAdvice(failure));
	}
}

/** Replaces the advice of a timeout: the list can be reopened, or the id typed in. */
function listAdvice(failure: Failure): Failure {
	if (!/\.(timed-out|body-stalled)$/.test(failure.facts.stage)) return failure;
	return failure.with({
		message: `Mistral did not send the list within ${LIST_MS / 1000} seconds`,
		hint: 'Open the list again in a while, or switch the field from "From List" to "By ID" and type the ID. See status.mistral.ai if it stays like this.',
	});
}
