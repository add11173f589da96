// Which generation a speech model is, also behind an alias that moves from one to the next.
import { type VoxtralFamily, voxtralFamily } from '../model-family';
import { listModels } from '../models';
import type { HttpClient } from '../../http/client';
import type { WireModel } from '../wire';

/** It only makes the request fit better: speaking must not wait long for it. */
const LOOKUP_MS = 8_000;

/** Look-ups of an execution, under way or done; a failed one is forgotten. */
const lookups = new WeakMap<object, Promise<WireModel[]>>();

/**
 * What stands behind `…-latest` is looked up once an execution; where the list cannot be had, the id
 * alone decides. Other ids say it themselves.
 */
export async function speechFamily(
	client: HttpClient,
	execution: object,
	model: string,
	patienceMs = LOOKUP_MS,
): Promise<VoxtralFamily> {
	const id = model.trim();
	const byId = voxtralFamily(id);
	if (byId === 3 || !id.endsWith('-latest')) return byId;
	const timeoutMs = Math.min(LOOKUP_MS, patienceMs);
	const list = shared(execution, async () => await listModels(client, timeoutMs));
	const budget = client.budget.narrowedTo(timeoutMs);
	const models = await budget.race(list, client.operation).catch(() => undefined);
	return voxtralFamily(models?.find((entry) => entry.id === id)?.name ?? id);
}

/** The look-up of another item may have failed for its own reasons, such as its Timeout: then one more is made. */
async function shared(execution: object, lookUp: () => Promise<WireModel[]>): Promise<WireModel[]> {
	const others = lookups.get(execution);
	if (others) return await others.catch(async () => await started(execution, lookUp));
	return await started(execution, lookUp);
}

async function started(
	execution: object,
	lookUp: () => Promise<WireModel[]>,
): Promise<WireModel[]> {
	const known = lookups.get(execution);
	if (known) return await known;
	const mine = lookUp();
	lookups.set(execution, mine);
	mine.catch(() => {
		if (lookups.get(execution) === mine) lookups.delete(execution);
	});
	return await mine;
}
