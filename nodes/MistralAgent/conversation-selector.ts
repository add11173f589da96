// Reads which stored conversations an operation applies to: one by its id, or all of a session.
import { findSession } from '../shared/mistral/conversations/session-lookup';
import { Failure } from '../shared/errors/failure';
import type { ItemRun } from '../shared/execution/operation';
import { readConversationId, readSessionKey, sessionOf } from '../shared/conversation/thread';

/** Conversation ids, the most recently updated first; empty for an unknown session. @throws Failure for an empty id */
export async function selectedConversations(run: ItemRun): Promise<string[]> {
	const { context, itemIndex, client } = run;
	if (context.getNodeParameter('conversationBy', itemIndex, 'session') === 'session') {
		const found = await findSession(client, sessionOf(run, readSessionKey(run)));
		return found.map(({ id }) => id);
	}
	const conversationId = readConversationId(run);
	if (conversationId === '') {
		throw new Failure({
			stage: `${client.operation}.no-conversation`,
			message: 'Conversation ID is empty',
			hint: 'Put the conversationId of an earlier answer into Conversation ID, or name the conversation by Session Key.',
		});
	}
	return [conversationId];
}
