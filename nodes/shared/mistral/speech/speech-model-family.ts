// The Voxtral family (generation) of a speech model, aliases resolved through the model list.
import { type VoxtralFamily, voxtralFamily } from '../model-family';
import { listModels } from '../models';
import type { HttpClient } from '../../http/client';
import type { WireModel } from '../wire';

/** The lookup only refines the request, so speech must not wait long for it. */
const LOOKUP_MS = 8_000;

/** With a server that is down, so many items of an execution ask for the list. */
const MAX_FAILURES = 3;

/** The list of models that all items of an execution share. A look-up that failed is made anew by the next item. */
class ModelList {
	private lookup: Promise<WireModel[]> | undefined;

	private failures = 0;

	async get(lookUp: () => Promise<WireModel[]>): Promise<WireModel[]> {
		if (this.failures >= MAX_FAILURES) return [];
		this.lookup ??= lookUp().catch((thrown: unknown) => {
			this.lookup = undefined;
			this.failures += 1;
			throw thrown;
		});
		return await this.lookup;
	}
}

const lists = new WeakMap<object, ModelList>();

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
	const list = lists.get(execution) ?? new ModelList();
	lists.set(execution, list);
	const timeoutMs = Math.min(LOOKUP_MS, maxWaitMs);
	// Other items wait for it as well: the Timeout of this one must not end it.
	const shared = client.forExecution();
	const models = list.get(async () => await listModels(shared, timeoutMs));
	const { budget, operation } = client;
	const found = await budget
		.narrowedTo(timeoutMs)
		.race(models, operation)
		.catch(() => undefined);
	return voxtralFamily(found?.find((entry) => entry.id === id)?.name ?? id);
}
