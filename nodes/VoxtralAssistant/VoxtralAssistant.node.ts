// The Voxtral Assistant node: its description in the editor; its operations are listed in operations.ts.
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { modelSearch } from '../shared/list-search/models';
import { searchVoices } from '../shared/list-search/voices';
import { chosenOperation, operationProperties } from '../shared/execution/operation';
import { runItems } from '../shared/execution/run-items';
import { operations } from './operations';

export class VoxtralAssistant implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Voxtral Assistant',
		name: 'voxtralAssistant',
		icon: {
			light: 'file:../../icons/assistant.svg',
			dark: 'file:../../icons/assistant.dark.svg',
		},
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["voice"]?.["value"] || $parameter["voice"] }}',
		description:
			'Hear a question, look it up and speak the answer with Mistral, the first words while the rest is still being written',
		defaults: { name: 'Voxtral Assistant' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'mistralVoiceApi', required: true }],
		properties: [...operationProperties(operations)],
	};

	methods = {
		listSearch: { searchChatModels: modelSearch('completion_chat'), searchVoices },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runItems(this, chosenOperation(this, operations))];
	}
}
