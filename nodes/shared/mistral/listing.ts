// What every live list in the editor shares: a transport, and a failure that says why instead of an empty list.
import type { ILoadOptionsFunctions, INodeListSearchResult } from 'n8n-workflow';
import { asFailure, toListError } from '../run/failure';
import { Transport } from './transport';

/** @throws NodeApiError | NodeOperationError, shown by the editor in place of the list */
export async function listing(
	context: ILoadOptionsFunctions,
	load: (transport: Transport) => Promise<INodeListSearchResult>,
): Promise<INodeListSearchResult> {
	const transport = new Transport(context, 'list', 0);
	try {
		return await load(transport);
	} catch (thrown) {
		throw toListError(context.getNode(), transport.withoutKey(asFailure(thrown, 'list')));
	}
}
