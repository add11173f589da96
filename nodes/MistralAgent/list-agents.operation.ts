// List Agents: the saved agents of the account, one item each.
import { listAgents as listPage } from '../shared/mistral/agents';
import { MANY_REQUESTS, type Operation } from '../shared/execution/operation';
import { readText } from '../shared/execution/parameters';

/** Guards against a server whose list never ends. */
const MAX_PAGES = 100;

export const listAgents: Operation = {
	value: 'listAgents',
	name: 'List Agents',
	action: 'List saved agents',
	description: 'Get all saved agents of your Mistral account, one item each',
	fields: [
		{
			displayName: 'Name Contains',
			name: 'agentSearch',
			type: 'string',
			default: '',
			description: 'Only agents with this in their name; when empty, all',
		},
	],
	timeLimit: MANY_REQUESTS,
	async execute(run) {
		const search = readText(run, 'agentSearch');
		const items = [];
		let token: string | undefined;
		for (let pages = 0; pages < MAX_PAGES; pages++) {
			const page = await listPage(run.client, search, token);
			items.push(...page.entries.map((agent) => ({ json: { ...agent } })));
			token = page.nextPageToken;
			if (!token) break;
		}
		return items;
	},
};
