// Reads back what was said in a conversation.
import { type History, readHistory } from '../shared/mistral/conversations/conversations';
import { isGone } from '../shared/mistral/delete-resource';
import { asFailure } from '../shared/errors/failure';
import { incomingJson, MANY_REQUESTS, type Operation } from '../shared/execution/operation';
import { historyOutput } from './get-history.output';
import { namedConversations } from './conversation-selector';
import { namedConversationFields } from './conversation-selector.fields';

export const getHistory: Operation = {
	value: 'getHistory',
	name: 'Get History',
	action: 'Get the history of a conversation',
	description: 'Get what was said in a conversation',
	fields: namedConversationFields,
	timeLimit: MANY_REQUESTS,
	async execute(run) {
		const [latest] = await namedConversations(run);
		const history = latest ? await historyOf(latest) : undefined;
		return [{ json: { ...incomingJson(run, true), ...historyOutput(latest, history) } }];

		async function historyOf(id: string): Promise<History | undefined> {
			try {
				return await readHistory(run.client, id);
			} catch (thrown) {
				if (isGone(thrown)) return undefined;
				throw asFailure(thrown, run.client.operation);
			}
		}
	},
};
