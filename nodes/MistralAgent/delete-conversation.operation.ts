// Delete Conversation: deletes a stored conversation, or all of a session.
import { deleteConversation as remove } from '../shared/mistral/conversations/conversations';
import { isGone } from '../shared/mistral/delete-resource';
import { asFailure } from '../shared/errors/failure';
import { incomingJson, MANY_REQUESTS, type Operation } from '../shared/execution/operation';
import { selectedConversations } from './conversation-selector';
import { conversationSelectorFields } from './conversation-selector.fields';

export const deleteConversation: Operation = {
	value: 'deleteConversation',
	name: 'Delete Conversation',
	action: 'Delete a conversation',
	description: 'Forget a conversation, or everything said in a session',
	fields: conversationSelectorFields,
	timeLimit: MANY_REQUESTS,
	async execute(run) {
		const deleted: string[] = [];
		for (const id of await selectedConversations(run)) {
			try {
				await remove(run.client, id);
				deleted.push(id);
			} catch (thrown) {
				// A conversation that no longer exists is not an error.
				if (!isGone(thrown)) throw asFailure(thrown, run.client.operation);
			}
		}
		return [
			{ json: { ...incomingJson(run, true), deleted: deleted.length, conversationIds: deleted } },
		];
	},
};
