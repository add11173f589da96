// Get Agent: reads the settings of a saved agent.
import type { IDataObject } from 'n8n-workflow';
import { savedAgentField } from '../shared/fields/answer/agent';
import { getAgent as get } from '../shared/mistral/agents';
import type { Operation } from '../shared/execution/operation';
import { readAgentId } from './agent-settings';

export const getAgent: Operation = {
	value: 'getAgent',
	name: 'Get Agent',
	action: 'Get a saved agent',
	description: 'Get the model, instructions and tools of a saved agent',
	fields: [{ ...savedAgentField, description: 'The saved agent' }],
	async execute(run) {
		return [{ json: (await get(run.client, readAgentId(run))) as IDataObject }];
	},
};
