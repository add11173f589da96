// Fields that hold the name of a binary field: the input recording and the output audio.
import type { INodeProperties } from 'n8n-workflow';

export const inputDataField: INodeProperties = {
	displayName: 'Input Data Field Name',
	name: 'binaryPropertyName',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the input field containing the audio file',
	description:
		'The field that holds the recording. When the item has exactly one file, that one is used whatever its field is called.',
};

export const outputDataField: INodeProperties = {
	displayName: 'Put Output in Field',
	name: 'binaryPropertyOutput',
	type: 'string',
	default: 'data',
	required: true,
	placeholder: 'e.g. data',
	hint: 'The name of the output field to put the audio file in',
};
