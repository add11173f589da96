// The two modes of a resource locator: from a live list, or by id.
import type { INodeProperties } from 'n8n-workflow';

export interface LocatorOptions {
	readonly searchListMethod: string;
	readonly exampleId: string;
}

/**
 * Any id is accepted, also one that is not in the list. There is no validation pattern: n8n runs patterns
 * with a time limit at every execution, so a busy machine would fail the run.
 */
export function pickFromListOrById({
	searchListMethod,
	exampleId,
}: LocatorOptions): Pick<INodeProperties, 'modes'> {
	return {
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
				placeholder: `e.g. ${exampleId}`,
			},
		],
	};
}
