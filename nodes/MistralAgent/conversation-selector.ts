// Which conversations an operation is about: the one of an id, or all of a session.
import { findSession } from '../shared/mistral/conversations/session-lookup';
import { Failure } from '../shared/errors/failure';
import type { ItemRun } from '../shared/execution/operation';
import { readConversationId, readSessionKey, sessionOf } from '../shared/conversation/thread';

/** Ids, the one last used first; none when the session is unknown. */
export async function namedConversations(run: ItemRun): Promise<string[]> {
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
