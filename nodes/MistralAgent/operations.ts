// The operations of the node, in the order of the editor.
import type { OperationRegistry } from '../shared/execution/operation';
import { ask } from './ask.operation';
import { createAgent } from './create-agent.operation';
import { deleteAgent } from './delete-agent.operation';
import { deleteConversation } from './delete-conversation.operation';
import { getAgent } from './get-agent.operation';
import { getHistory } from './get-history.operation';
import { listAgents } from './list-agents.operation';

export const operations = [
	ask,
	createAgent,
	deleteAgent,
	deleteConversation,
	getAgent,
	getHistory,
	listAgents,
] as const satisfies OperationRegistry;
