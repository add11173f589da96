// Get History: reads the messages of a stored conversation.
import { type History, readHistory } from '../shared/mistral/conversations/conversations';
import { isGone } from '../shared/mistral/delete-resource';
import { asFailure } from '../shared/errors/failure';
import {
	incomingJson,
	type ItemRun,
	MANY_REQUESTS,
	type Operation,
} from '../shared/execution/operation';
import { historyOutput } from './get-history.output';
import { selectedConversations } from './conversation-selector';
import { conversationSelectorFields } from './conversation-selector.fields';

export const getHistory: Operation = {
	value: 'getHistory',
	name: 'Get History',
	action: 'Get the history of a conversation',
	description: 'Get what was said in a conversation',
	fields: conversationSelectorFields,
	timeLimit: MANY_REQUESTS,
	async execute(run) {
		const [latest] = await selectedConversations(run);
		const history = latest ? await readExistingHistory(run, latest) : undefined;
		return [{ json: { ...incomingJson(run, true), ...historyOutput(latest, history) } }];
	},
};

/** Undefined when the conversation does not exist. */
async function readExistingHistory({ client }: ItemRun, id: string): Promise<History | undefined> {
	return await readHistory(client, id).catch((thrown: unknown) => {
		if (isGone(thrown)) return undefined;
		throw asFailure(thrown, client.operation);
	});
}
