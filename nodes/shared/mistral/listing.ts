// What every live list in the editor shares: a transport, and a failure that says why instead of an empty list.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { asFailure, toListError } from '../run/failure';
import { Transport } from './transport';

/** @throws NodeApiError | NodeOperationError, shown by the editor in place of the list */
export async function listing(
	context: ILoadOptionsFunctions,
	load: (transport: Transport) => Promise<INodeListSearchResult>,
): Promise<INodeListSearchResult> {
	try {
		return await load(new Transport(context, 'list', 0));
	} catch (thrown) {
		throw toListError(context.getNode(), asFailure(thrown, 'list'));
	}
}
