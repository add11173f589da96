// Budgets for tests: so many milliseconds, and a signal where one is needed.
import { Budget } from '../../../nodes/shared/http/budget.ts';

export const budgetOf = (ms = 10_000, signal?: AbortSignal): Budget =>
	Budget.until(signal).narrowedTo(ms);
