// Reads which conversation an item belongs to: none, a connected memory, a conversation id, or a session key.
import type { IExecuteFunctions } from 'n8n-workflow';
import { CREDENTIAL_NAME } from '../http/n8n-request';
import { Failure } from '../errors/failure';
import type { ItemRun } from '../execution/operation';
import { readText } from '../execution/parameters';
import { hasConnectedMemory } from './connected-nodes';
import type { MutexKey } from '../execution/keyed-mutex';

export type ConversationThread = (
	| { readonly kind: 'none' | 'memory-node' }
	| { readonly kind: 'conversation'; readonly conversationId: string }
	| { readonly kind: 'session'; readonly session: string }
) & {
	/** Turns with the same key run one after the other; absent when order does not matter. */
	readonly mutexKey?: MutexKey;
};

/** A connected memory, or else the thread of the node's fields. Synchronous, so that items keep their order in the queue. */
export function readThread(
	{ context }: ItemRun,
	fieldThread: () => ConversationThread,
): ConversationThread {
	// The session of a memory node is unknown here, so all items of an execution run one after the other.
	return hasConnectedMemory(context) ? { kind: 'memory-node', mutexKey: context } : fieldThread();
}

/** The thread that the field Memory selects. @throws Failure for an empty session key */
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

/** The id of the credential. */
export const accountOf = (context: IExecuteFunctions): string =>
	context.getNode().credentials?.[CREDENTIAL_NAME]?.id ?? '';

export const readConversationId = (run: ItemRun): string => readText(run, 'conversationId');

export const readSessionKey = (run: ItemRun): string => readText(run, 'sessionKey');

/**
 * The session as stored at Mistral: workflow id and session key, so that two workflows share no memory.
 *
 * @throws Failure for an empty key, with which all users would share one memory
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
