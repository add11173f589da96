// The two ways to pick one thing of the account: from a live list, or by its id.
import type { INodeProperties } from 'n8n-workflow';

export interface LocatorOptions {
	readonly searchListMethod: string;
	readonly exampleId: string;
}

/**
 * The list never decides what is valid: any id may be given. Nothing is checked by a pattern either:
 * n8n runs patterns against the clock at every execution, and a busy machine would fail the run.
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
