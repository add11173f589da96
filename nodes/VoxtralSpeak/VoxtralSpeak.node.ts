// The Voxtral Speak node: its description in the editor; its operations are listed in operations.ts.
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { modelSearch } from '../shared/list-search/models';
import { searchOwnVoices, searchVoiceIds, searchVoices } from '../shared/list-search/voices';
import { chosenOperation } from '../shared/execution/operation';
import { allOperations, resourceProperties } from '../shared/execution/resource';
import { runItems } from '../shared/execution/run-items';
import { resources } from './operations';

export class VoxtralSpeak implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Voxtral Speak',
		name: 'voxtralSpeak',
		icon: { light: 'file:../../icons/speak.svg', dark: 'file:../../icons/speak.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle:
			'={{ $parameter["resource"] === "voice" ? $parameter["operation"] : $parameter["voice"]?.["value"] || $parameter["voice"] || "recording" }}',
		description: 'Turn text into natural speech with Mistral Voxtral',
		defaults: { name: 'Voxtral Speak' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'mistralVoiceApi', required: true }],
		properties: [...resourceProperties(resources)],
	};

	methods = {
		listSearch: {
			searchSpeechModels: modelSearch('audio_speech'),
			searchVoices,
			searchVoiceIds,
			searchOwnVoices,
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runItems(this, chosenOperation(this, allOperations(resources)))];
	}
}
