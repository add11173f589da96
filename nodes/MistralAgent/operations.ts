// Everything this node can do.
import type { OperationRegistry } from '../shared/run/operation';
import { ask } from './ask.operation';
import { createAgent } from './createAgent.operation';
import { deleteAgent } from './deleteAgent.operation';
import { deleteConversation } from './deleteConversation.operation';
import { getAgent } from './getAgent.operation';
import { getHistory } from './getHistory.operation';
import { listAgents } from './listAgents.operation';

export const operations = [
	ask,
	createAgent,
	deleteAgent,
	deleteConversation,
	getAgent,
	getHistory,
	listAgents,
] as const satisfies OperationRegistry;
