// Which thread of conversation an item belongs to, as the person set it.
import type { IExecuteFunctions } from 'n8n-workflow';
import type { ChatSession } from '../mistral/conversations/chat-session';
import { CREDENTIAL_NAME } from '../http/n8n-request';
import { Failure } from '../errors/failure';
import type { ItemRun } from '../execution/operation';
import { hasConnectedMemory } from './connected-nodes';
import type { MutexKey } from '../execution/keyed-mutex';

export type ConversationThread = (
	| { readonly kind: 'none' | 'canvas' }
	| { readonly kind: 'conversation'; readonly conversationId: string }
	| { readonly kind: 'session'; readonly session: string }
) & {
	/** Turns with the same key are taken one after the other; absent where order does not matter. */
	readonly mutexKey?: MutexKey;
};

/** What a turn leaves behind for the memory. */
export type Spoken = Pick<ChatSession, 'answers'> & {
	readonly conversationIds: ReadonlySet<string>;
};

/**
 * A connected memory, or what the node's own fields say. Without waiting, so that items can be put
 * in line in their order.
 */
export function readThread(
	{ context }: ItemRun,
	fieldThread: () => ConversationThread,
): ConversationThread {
	// Only the memory itself knows its sessions, so the items of an execution wait for each other.
	return hasConnectedMemory(context) ? { kind: 'canvas', mutexKey: context } : fieldThread();
}

/** What the field Memory says, for a node without a connected memory. */
export function readFieldThread(run: ItemRun): ConversationThread {
	const { context, itemIndex } = run;
	switch (context.getNodeParameter('memory', itemIndex, 'none')) {
		case 'conversationId': {
			const conversationId = readConversationId(run);
			if (conversationId === '') return { kind: 'none' };
			const mutexKey = `id ${accountOf(context)} ${conversationId}`;
			return { kind: 'conversation', conversationId, mutexKey };
		}
		case 'session':
			return sessionThread(run);
		default:
			return { kind: 'none' };
	}
}

/** The thread of the field Session Key. @throws Failure when it is empty */
export function sessionThread(run: ItemRun, key = readSessionKey(run)): ConversationThread {
	const session = sessionOf(run, key);
	const mutexKey = `session ${accountOf(run.context)} ${session}`;
	return { kind: 'session', session, mutexKey };
}

/** The credential's id. */
export const accountOf = (context: IExecuteFunctions): string =>
	context.getNode().credentials?.[CREDENTIAL_NAME]?.id ?? '';

export function readConversationId({ context, itemIndex }: ItemRun): string {
	return String(context.getNodeParameter('conversationId', itemIndex, '') ?? '').trim();
}

export function readSessionKey({ context, itemIndex }: ItemRun): string {
	return String(context.getNodeParameter('sessionKey', itemIndex, '') ?? '').trim();
}

/**
 * The session as Mistral keeps it: workflow and key, so that two bots do not share a memory.
 *
 * @throws Failure without a key: everybody would share one memory
 */
export function sessionOf({ context, client }: ItemRun, key: string): string {
	if (key === '') {
		throw new Failure({
			stage: `${client.operation}.no-session`,
			message: 'Session Key is empty',
			hint: 'Put something into Session Key that differs from person to person, for example a chat ID. With one key for all, everybody would share a memory.',
		});
	}
	return `${context.getWorkflow().id ?? ''}:${key}`;
}
