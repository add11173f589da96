// Everything this node can do.
import type { OperationRegistry } from '../shared/run/operation';
import { ask } from './ask.operation';
import { deleteConversation } from './deleteConversation.operation';
import { getHistory } from './getHistory.operation';

export const operations = [
	ask,
	deleteConversation,
	getHistory,
] as const satisfies OperationRegistry;
