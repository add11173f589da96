// GET /v1/models: the models of the account.
import { METADATA_REQUEST } from '../http/request';
import { asRecord, recordsOf } from '../http/response/json';
import { HttpClient } from '../http/client';
import type { WireModel } from './wire';

/** GET /v1/models, as documented: every alias is an entry of its own. */
export async function listModels(
	client: HttpClient,
	timeoutMs: number = METADATA_REQUEST.timeoutMs,
): Promise<WireModel[]> {
	const { value } = await client.json(
		{ method: 'GET', path: '/v1/models', repeatable: true, ...METADATA_REQUEST, timeoutMs },
		(body) => {
			const data = asRecord(body)?.data;
			if (!Array.isArray(data)) return undefined;
			return recordsOf(data).filter(
				(entry): entry is WireModel & Record<string, unknown> => typeof entry.id === 'string',
			);
		},
	);
	return value;
}
