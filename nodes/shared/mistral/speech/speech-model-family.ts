// The Voxtral family (generation) of a speech model, aliases resolved through the model list.
import { type VoxtralFamily, voxtralFamily } from '../model-family';
import { listModels } from '../models';
import type { HttpClient } from '../../http/client';
import type { WireModel } from '../wire';

/** The lookup only refines the request, so speech must not wait long for it. */
const LOOKUP_MS = 8_000;

/** Model lists by execution, pending or done; a failed lookup is removed. */
const lookups = new WeakMap<object, Promise<WireModel[]>>();

/**
 * The family of `model`. An alias (`…-latest`) is resolved by the model list, requested once per execution
 * and given up after `maxWaitMs`; without the list, and for other ids, the id decides.
 */
export async function speechFamily(
	client: HttpClient,
	execution: object,
	model: string,
	maxWaitMs = LOOKUP_MS,
): Promise<VoxtralFamily> {
	const id = model.trim();
	const byId = voxtralFamily(id);
	if (byId === 3 || !id.endsWith('-latest')) return byId;
	const timeoutMs = Math.min(LOOKUP_MS, maxWaitMs);
	const list = sharedLookup(execution, async () => await listModels(client, timeoutMs));
	const budget = client.budget.narrowedTo(timeoutMs);
	const models = await budget.race(list, client.operation).catch(() => undefined);
	return voxtralFamily(models?.find((entry) => entry.id === id)?.name ?? id);
}

/** Repeats a lookup that failed for another item, since it may have failed by the timeout of that item. */
async function sharedLookup(
	execution: object,
	lookUp: () => Promise<WireModel[]>,
): Promise<WireModel[]> {
	const pending = lookups.get(execution);
	if (pending) return await pending.catch(async () => await startLookup(execution, lookUp));
	return await startLookup(execution, lookUp);
}

async function startLookup(
	execution: object,
	lookUp: () => Promise<WireModel[]>,
): Promise<WireModel[]> {
	const known = lookups.get(execution);
	if (known) return await known;
	const lookup = lookUp();
	lookups.set(execution, lookup);
	lookup.catch(() => {
		if (lookups.get(execution) === lookup) lookups.delete(execution);
	});
	return await lookup;
}
