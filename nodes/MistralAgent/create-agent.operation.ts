// Create Agent: saves an agent in the Mistral account.
import type { IDataObject } from 'n8n-workflow';
import { createAgent as create } from '../shared/mistral/agents';
import { Failure } from '../shared/errors/failure';
import type { Operation } from '../shared/execution/operation';
import { readLocator, readText } from '../shared/execution/parameters';
import { agentSettingsFields } from './agent-settings.fields';
import { builtInTools } from './agent-settings';

export const createAgent: Operation = {
	value: 'createAgent',
	name: 'Create Agent',
	action: 'Create a saved agent',
	description: 'Save an agent with its model, instructions and tools in your Mistral account',
	fields: [
		{
			displayName: 'Name',
			name: 'agentName',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. Librarian',
			description: 'What the agent is called in lists',
		},
		...agentSettingsFields(),
		{
			displayName: 'Description',
			name: 'agentDescription',
			type: 'string',
			default: '',
			description: 'What the agent is good for; other agents read it too',
		},
	],
	async execute(run) {
		const name = readText(run, 'agentName');
		if (name === '') {
			throw new Failure({
				stage: 'createAgent.no-name',
				message: 'Name is empty',
				hint: 'Give the agent a name by which it is found in lists.',
			});
		}
		const agent = await create(run.client, {
			name,
			model: readLocator(run, 'model'),
			instructions: readText(run, 'instructions'),
			description: readText(run, 'agentDescription'),
			tools: builtInTools(run),
		});
		return [{ json: agent as IDataObject }];
	},
};
