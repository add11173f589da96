// Delete Agent: deletes an agent saved in the Mistral account.
import { savedAgentField } from '../shared/fields/answer/agent';
import { deleteAgent as remove } from '../shared/mistral/agents';
import { incomingJson, type Operation } from '../shared/execution/operation';
import { readAgentId } from './agent-settings';

export const deleteAgent: Operation = {
	value: 'deleteAgent',
	name: 'Delete Agent',
	action: 'Delete a saved agent',
	description: 'Delete a saved agent; conversations with it cannot go on',
	fields: [{ ...savedAgentField, description: 'The saved agent to delete' }],
	async execute(run) {
		const agentId = readAgentId(run);
		await remove(run.client, agentId);
		return [{ json: { ...incomingJson(run, true), agentId, deleted: true } }];
	},
};
