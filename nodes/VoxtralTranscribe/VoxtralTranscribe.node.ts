// The Voxtral Transcribe node: its description in the editor; its operations are listed in operations.ts.
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { searchAudioFiles } from '../shared/list-search/files';
import { modelSearch } from '../shared/list-search/models';
import { chosenOperation, operationProperties } from '../shared/execution/operation';
import { runItems } from '../shared/execution/run-items';
import { operations } from './operations';

export class VoxtralTranscribe implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Voxtral Transcribe',
		name: 'voxtralTranscribe',
		icon: {
			light: 'file:../../icons/transcribe.svg',
			dark: 'file:../../icons/transcribe.dark.svg',
		},
		group: ['transform'],
		version: [1],
		subtitle: '={{ $parameter["model"]["value"] || $parameter["model"] }}',
		description: 'Turn voice messages and recordings into text with Mistral Voxtral',
		defaults: { name: 'Voxtral Transcribe' },
		inputs: [NodeConnectionTypes.Main],
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'mistralVoiceApi', required: true }],
		properties: [...operationProperties(operations)],
	};

	methods = {
		listSearch: {
			searchAudioFiles,
			searchTranscriptionModels: modelSearch('audio_transcription'),
		},
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runItems(this, chosenOperation(this, operations))];
	}
}
