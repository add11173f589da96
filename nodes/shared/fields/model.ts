// The Model field: a live list of models with the needed capability, or any id.
import type { INodeProperties } from 'n8n-workflow';
import { pickFromListOrById } from './locator';

export interface ModelFieldOptions {
	/** Chosen in a new node. */
	readonly defaultModel: string;
	readonly searchListMethod: string;
	readonly description: string;
}

export function modelField({
	defaultModel,
	searchListMethod,
	description,
}: ModelFieldOptions): INodeProperties {
	return {
		displayName: 'Model',
		name: 'model',
		type: 'resourceLocator',
		default: { mode: 'list', value: defaultModel, cachedResultName: defaultModel },
		required: true,
		description,
		...pickFromListOrById({ searchListMethod, exampleId: defaultModel }),
	};
}
