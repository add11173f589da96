// GET /v1/models: the models of the account.
import type { HttpClient } from '../http/client';
import { METADATA_REQUEST } from '../http/request';
import { asRecord, type JsonRecord, recordsOf } from '../http/response/json';
import type { WireModel } from './wire';

/** All models of the account; an alias such as `voxtral-mini-latest` is an entry of its own. */
export async function listModels(
	client: HttpClient,
	timeoutMs: number = METADATA_REQUEST.timeoutMs,
): Promise<WireModel[]> {
	const { value } = await client.json(
		{ method: 'GET', path: '/v1/models', repeatable: true, ...METADATA_REQUEST, timeoutMs },
		(body) => {
			const data = asRecord(body)?.data;
			return Array.isArray(data) ? recordsOf(data).filter(isModel) : undefined;
		},
	);
	return value;
}

const isModel = (entry: JsonRecord): entry is WireModel & JsonRecord =>
	typeof entry.id === 'string';
