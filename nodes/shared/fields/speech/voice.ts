// The Voice field: a live list of the account's voices, or any id or slug.
import type { INodeProperties } from 'n8n-workflow';
import { pickFromListOrById } from '../locator';

/** Exists on both Voxtral families. */
const DEFAULT_VOICE = 'gb_jane_neutral';

export interface VoiceLocatorOptions {
	readonly description: string;
	readonly searchListMethod?: string;
	/** Slug or id chosen in a new node; none when absent. */
	readonly defaultVoice?: { readonly value: string; readonly label: string };
}

export function voiceLocator({
	description,
	searchListMethod = 'searchVoices',
	defaultVoice,
}: VoiceLocatorOptions): INodeProperties {
	return {
		displayName: 'Voice',
		name: 'voice',
		type: 'resourceLocator',
		default: {
			mode: 'list',
			value: defaultVoice?.value ?? '',
			...(defaultVoice ? { cachedResultName: defaultVoice.label } : {}),
		},
		required: true,
		description,
		...pickFromListOrById({ searchListMethod, exampleId: DEFAULT_VOICE }),
	};
}

export const voiceField: INodeProperties = voiceLocator({
	description: 'Who speaks',
	defaultVoice: { value: DEFAULT_VOICE, label: 'Jane - Neutral (British English)' },
});
