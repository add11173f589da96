// The Voice field: a live list of the account's voices, or any id.
import type { INodeProperties } from 'n8n-workflow';

/** Speaks on both Voxtral families. */
const DEFAULT_VOICE = 'gb_jane_neutral';

export const voiceField: INodeProperties = {
	displayName: 'Voice',
	name: 'voice',
	type: 'resourceLocator',
	default: {
		mode: 'list',
		value: DEFAULT_VOICE,
		cachedResultName: 'Jane - Neutral (British English)',
	},
	required: true,
	description: 'Who speaks',
	modes: [
		{
			displayName: 'From List',
			name: 'list',
			type: 'list',
			typeOptions: { searchListMethod: 'searchVoices', searchable: true },
		},
		{
			displayName: 'By ID',
			name: 'id',
			type: 'string',
			placeholder: `e.g. ${DEFAULT_VOICE}`,
			validation: [
				{
					type: 'regex',
					properties: { regex: '^\\S+$', errorMessage: 'A voice ID has no spaces' },
				},
			],
		},
	],
};
