// Shows what a saved agent is made of.
import type { IDataObject } from 'n8n-workflow';
import { savedAgentField } from '../shared/fields/answer/agent';
import { getAgent as get } from '../shared/mistral/agents';
import type { Operation } from '../shared/execution/operation';
import { chosenAgent } from './agent-settings';

export const getAgent: Operation = {
	value: 'getAgent',
	name: 'Get Agent',
	action: 'Get a saved agent',
	description: 'Get the model, instructions and tools of a saved agent',
	fields: [{ ...savedAgentField, description: 'The saved agent' }],
	async execute(run) {
		return [{ json: (await get(run.client, chosenAgent(run))) as IDataObject }];
	},
};
