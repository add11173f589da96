// Fields that choose between a model with instructions and an agent saved at Mistral.
import type { INodeProperties } from 'n8n-workflow';
import { pickFromListOrById } from '../locator';

export const whoAnswersField: INodeProperties = {
	displayName: 'Who Answers',
	name: 'whoAnswers',
	type: 'options',
	noDataExpression: true,
	default: 'model',
	options: [
		{
			name: 'A Model',
			value: 'model',
			description: 'With the instructions and tools set here',
		},
		{
			name: 'A Saved Agent',
			value: 'agent',
			description: 'Made at console.mistral.ai, with its own model, instructions and tools',
		},
	],
	description: 'Whether this node says how to answer, or an agent saved in your Mistral account',
};

export const savedAgentField: INodeProperties = {
	displayName: 'Agent',
	name: 'agent',
	type: 'resourceLocator',
	default: { mode: 'list', value: '' },
	required: true,
	description: 'The saved agent that answers',
	...pickFromListOrById({ searchListMethod: 'searchAgents', exampleId: 'ag_0a1b2c' }),
};
