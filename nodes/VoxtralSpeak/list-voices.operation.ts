// Get Many Voices: preset voices and those of the account, one item each.
import type { INodeProperties } from 'n8n-workflow';
import { listVoices as listPage, type VoiceType } from '../shared/mistral/voices';
import type { WireVoice } from '../shared/mistral/wire';
import { type ItemRun, MANY_REQUESTS, type Operation } from '../shared/execution/operation';
import { genderOptions } from './voice.fields';
import { fitsFilter, type VoiceFilter, voiceOutput } from './voice.output';

/** Guards against a server whose list never ends. */
const MAX_PAGES = 200;

const fields: INodeProperties[] = [
	{
		displayName: 'Return All',
		name: 'returnAll',
		type: 'boolean',
		default: false,
		description: 'Whether to return all results or only up to a given limit',
	},
	{
		displayName: 'Limit',
		name: 'limit',
		type: 'number',
		default: 50,
		typeOptions: { minValue: 1 },
		displayOptions: { show: { returnAll: [false] } },
		description: 'Max number of results to return',
	},
	{
		displayName: 'Filters',
		name: 'filters',
		type: 'collection',
		placeholder: 'Add Filter',
		default: {},
		options: [
			{
				displayName: 'Gender',
				name: 'gender',
				type: 'options',
				default: 'female',
				options: genderOptions,
				description: 'How the voice sounds',
			},
			{
				displayName: 'Language',
				name: 'language',
				type: 'string',
				default: '',
				placeholder: 'e.g. en',
				description: 'Code of a language; en also finds British and American English',
			},
			{
				displayName: 'Search',
				name: 'search',
				type: 'string',
				default: '',
				description: 'Part of the name, the description or a tag',
			},
			{
				displayName: 'Type',
				name: 'type',
				type: 'options',
				default: 'all',
				options: [
					{ name: 'All', value: 'all' },
					{ name: 'Of Mistral', value: 'preset' },
					{ name: 'Your Own', value: 'custom' },
				],
				description: 'Whose voices',
			},
		],
	},
];

async function collect(
	{ client }: ItemRun,
	filters: VoiceFilter & { type?: VoiceType },
	limit: number,
): Promise<WireVoice[]> {
	const found: WireVoice[] = [];
	let token: string | undefined;
	for (let page = 0; page < MAX_PAGES && found.length < limit; page++) {
		const { entries, nextPageToken } = await listPage(client, token, filters.type);
		found.push(...entries.filter((voice) => fitsFilter(voice, filters)));
		if (!nextPageToken || nextPageToken === token) break;
		token = nextPageToken;
	}
	return found.slice(0, limit);
}

export const listVoices: Operation = {
	value: 'listVoices',
	name: 'Get Many',
	action: 'Get many voices',
	description: 'List the voices of Mistral and of your account',
	fields,
	timeLimit: MANY_REQUESTS,
	async execute(run) {
		const { context, itemIndex } = run;
		const filters = context.getNodeParameter('filters', itemIndex, {}) as VoiceFilter;
		const returnAll = context.getNodeParameter('returnAll', itemIndex, false) === true;
		const limit = returnAll ? Infinity : Number(context.getNodeParameter('limit', itemIndex));
		const voices = await collect(run, filters, limit);
		return voices.map((voice) => ({ json: voiceOutput(voice) }));
	},
};
