// The two ways to pick one thing of the account: from a live list, or by its id.
import type { INodeProperties } from 'n8n-workflow';

export interface LocatorOptions {
	readonly searchListMethod: string;
	/** The thing with its article, as in "A voice". */
	readonly what: string;
	readonly exampleId: string;
}

/** The list never decides what is valid: any id without spaces may be given. */
export function pickFromListOrById({
	searchListMethod,
	what,
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
				validation: [
					{
						type: 'regex',
						properties: { regex: '^\\S+$', errorMessage: `${what} ID has no spaces` },
					},
				],
			},
		],
	};
}
