// The node people see; what it does is in operations.ts.
import type { IExecuteFunctions, INodeExecutionData, INodeType, INodeTypeDescription } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { modelSearch } from '../shared/mistral/models';
import { chosenOperation, operationProperties } from '../shared/run/operation';
import { runItems } from '../shared/run/runItems';
import { operations } from './operations';

export class MistralAgent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mistral Agent',
		name: 'mistralAgent',
		icon: { light: 'file:../../icons/agent.svg', dark: 'file:../../icons/agent.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["model"]["value"] || $parameter["model"] }}',
		description: 'Answer questions with Mistral and web search, with sources, fit to be spoken',
		defaults: { name: 'Mistral Agent' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'mistralVoiceApi', required: true }],
		properties: [...operationProperties(operations)],
	};

	methods = {
		listSearch: { searchChatModels: modelSearch('completion_chat') },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runItems(this, chosenOperation(this, operations))];
	}
}
