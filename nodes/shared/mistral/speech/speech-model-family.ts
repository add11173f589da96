// Which generation a speech model is, also behind an alias that moves from one to the next.
import { type VoxtralFamily, voxtralFamily } from '../model-family';
import { listModels } from '../models';
import type { HttpClient } from '../../http/client';
import type { WireModel } from '../wire';

/** It only makes the request fit better: speaking must not wait long for it. */
const LOOKUP_MS = 8_000;

const lists = new WeakMap<object, Promise<WireModel[]>>();

/**
 * What stands behind `…-latest` is looked up once an execution; when the list cannot be had, the id
 * alone decides. Other ids say it themselves.
 */
export async function speechFamily(
	client: HttpClient,
	execution: object,
	model: string,
	patienceMs = LOOKUP_MS,
): Promise<VoxtralFamily> {
	const byId = voxtralFamily(model);
	if (byId === 3 || !/-latest$/.test(model.trim())) return byId;
	const list = lists.get(execution) ?? listModels(client, Math.min(LOOKUP_MS, patienceMs));
	lists.set(execution, list);
	try {
		const entry = (await list).find(({ id }) => id === model.trim());
		return voxtralFamily(entry?.name ?? model);
	} catch {
		return byId;
	}
}
