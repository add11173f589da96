// The Model field: a live list of what can do the job, or any id.
import type { INodeProperties } from 'n8n-workflow';

export interface ModelFieldOptions {
	/** Works untouched. */
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
		modes: [
			{
				displayName: 'From List',
				name: 'list',
				type: 'list',
				typeOptions: { searchListMethod, searchable: true },
			},
			{
				displayName: 'By ID',
				name: 'id',
				type: 'string',
				placeholder: `e.g. ${defaultModel}`,
				validation: [
					{
						type: 'regex',
						properties: { regex: '^\\S+$', errorMessage: 'A model ID has no spaces' },
					},
				],
			},
		],
	};
}
