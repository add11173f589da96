// GET /v1/models: the models of the account.
import { BRIEF } from '../http/request';
import { asRecord, recordsOf } from '../http/response/json';
import { Transport } from '../http/client';
import type { WireModel } from './wire';

/** GET /v1/models, as documented: every alias is an entry of its own. */
export async function listModels(
	transport: Transport,
	deadlineMs: number = BRIEF.deadlineMs,
): Promise<WireModel[]> {
	const { value } = await transport.json(
		{ method: 'GET', path: '/v1/models', repeatable: true, ...BRIEF, deadlineMs },
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
