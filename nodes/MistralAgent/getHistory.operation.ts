// Reads back what was said in a conversation.
import type { History } from '../shared/mistral/conversations';
import { readHistory } from '../shared/mistral/conversations';
import { isGone } from '../shared/mistral/deletion';
import { asFailure } from '../shared/run/failure';
import type { Operation } from '../shared/run/operation';
import { incomingJson } from '../shared/run/operation';
import { historyOutput } from './getHistory.output';
import { namedConversations } from './named';
import { namedConversationFields } from './named.fields';

export const getHistory: Operation = {
	value: 'getHistory',
	name: 'Get History',
	action: 'Get the history of a conversation',
	description: 'Get what was said in a conversation',
	fields: namedConversationFields,
	async execute(run) {
		const [latest] = await namedConversations(run);
		const history = latest ? await historyOf(latest) : undefined;
		return [{ json: { ...incomingJson(run, true), ...historyOutput(latest, history) } }];

		async function historyOf(id: string): Promise<History | undefined> {
			try {
				return await readHistory(run.transport, id);
			} catch (thrown) {
				if (isGone(thrown)) return undefined;
				throw asFailure(thrown, run.transport.operation);
			}
		}
	},
};
