// Takes every input item through one operation: several at once, order kept, each paired, each failing alone.
import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { DEFAULT_RETRY, RetryBudget } from '../http/retry';
import { Budget } from '../http/budget';
import { HttpClient } from '../http/client';
import { cancelSignal } from '../http/n8n-request';
import { asFailure, failedItem, type Failure, toNodeError } from '../errors/failure';
import type { Operation } from './operation';

/** Items in flight when the node does not say otherwise. */
export const DEFAULT_CONCURRENCY = 4;

/**
 * Runs `operation` for all items, as many at a time as the option "Items at Once" says. Output order is input order whatever
 * finishes first. Under "continue on fail" a failed item becomes an error item; otherwise a
 * failure stops further items from starting, and that of the first item is thrown once those in
 * flight have ended.
 *
 * @throws NodeApiError | NodeOperationError with the item's index
 */
export async function runItems(
	context: IExecuteFunctions,
	operation: Operation,
): Promise<INodeExecutionData[]> {
	const items = context.getInputData();
	const concurrency = context.getNodeParameter('options.concurrency', 0, DEFAULT_CONCURRENCY);
	const attempts = Number(context.getNodeParameter('options.attempts', 0, DEFAULT_RETRY.attempts));
	const policy = { ...DEFAULT_RETRY, attempts: Math.max(1, Math.floor(attempts) || 1) };
	const results: INodeExecutionData[][] = new Array(items.length);
	const retryBudget = new RetryBudget();
	let next = 0;
	const failures: { itemIndex: number; failure: Failure }[] = [];

	const worker = async () => {
		while (next < items.length && failures.length === 0) {
			const itemIndex = next++;
			let client: HttpClient | undefined;
			try {
				const budget = itemBudget(context, operation, itemIndex);
				client = new HttpClient(context, operation.value, itemIndex, {
					budget,
					retryBudget,
					policy,
				});
				client.prefetchCredential();
				const outputs = await operation.execute({ context, itemIndex, client });
				results[itemIndex] = outputs.map((output) => ({
					...output,
					pairedItem: { item: itemIndex },
				}));
			} catch (thrown) {
				const explained = asFailure(thrown, operation.value);
				const failure = client?.redactKey(explained) ?? explained;
				if (context.continueOnFail()) results[itemIndex] = [failedItem(failure, itemIndex)];
				else failures.push({ itemIndex, failure });
			}
		}
	};

	const workers = Math.max(1, Math.min(Math.floor(Number(concurrency)) || 1, items.length));
	await Promise.all(Array.from({ length: workers }, worker));
	const [first] = failures.sort((a, b) => a.itemIndex - b.itemIndex);
	if (first) throw toNodeError(context.getNode(), first.failure, first.itemIndex);
	return results.flat();
}

/** Ends with the execution, and with the time limit of the operation from now on. */
function itemBudget(
	context: IExecuteFunctions,
	{ timeLimit }: Operation,
	itemIndex: number,
): Budget {
	const budget = Budget.until(cancelSignal(context));
	if (!timeLimit) return budget;
	const { seconds, isOption } = timeLimit;
	const chosen = isOption
		? Number(context.getNodeParameter('options.timeoutSeconds', itemIndex, seconds))
		: seconds;
	return budget.narrowedTo((chosen || seconds) * 1000, { isRaisable: isOption });
}
