// Which thread of conversation an item belongs to, as the person set it.
import type { Dialogue } from '../shared/mistral/conversation-dialogue';
import { CREDENTIAL_NAME } from '../shared/mistral/attempt';
import { Failure } from '../shared/run/failure';
import type { ItemRun } from '../shared/run/operation';
import { hasCanvasMemory } from './canvas';
import type { Queue } from './turns';

export type Thread = (
	| { readonly kind: 'none' | 'canvas' }
	| { readonly kind: 'conversation'; readonly conversationId: string }
	| { readonly kind: 'session'; readonly session: string }
) & {
	/** Turns with the same queue are taken one after the other; absent where order does not matter. */
	readonly queue?: Queue;
};

/** What a turn leaves behind for the memory. */
export type Spoken = Pick<Dialogue, 'answers'> & { readonly conversationIds: ReadonlySet<string> };

/** Without waiting, so that items can be put in line in their order. */
export function readThread(run: ItemRun): Thread {
	const { context } = run;
	// Only the memory itself knows its sessions, so the items of an execution wait for each other.
	if (hasCanvasMemory(context)) return { kind: 'canvas', queue: context };
	return readFieldThread(run);
}

/** What the field Memory says, for a node without a connected memory. */
export function readFieldThread(run: ItemRun): Thread {
	const { context, itemIndex } = run;
	const account = context.getNode().credentials?.[CREDENTIAL_NAME]?.id ?? '';
	switch (context.getNodeParameter('memory', itemIndex, 'none')) {
		case 'conversationId': {
			const conversationId = readConversationId(run);
			if (conversationId === '') return { kind: 'none' };
			return { kind: 'conversation', conversationId, queue: `id ${account} ${conversationId}` };
		}
		case 'session': {
			const session = readSession(run);
			return { kind: 'session', session, queue: `session ${account} ${session}` };
		}
		default:
			return { kind: 'none' };
	}
}

export function readConversationId({ context, itemIndex }: ItemRun): string {
	return String(context.getNodeParameter('conversationId', itemIndex, '') ?? '').trim();
}

/**
 * The session as Mistral keeps it: workflow and key, so that two bots do not share a memory.
 *
 * @throws Failure without a key: everybody would share one memory
 */
export function readSession({ context, itemIndex, transport }: ItemRun): string {
	const key = String(context.getNodeParameter('sessionKey', itemIndex, '') ?? '').trim();
	if (key === '') {
		throw new Failure({
			stage: `${transport.operation}.no-session`,
			message: 'Session Key is empty',
			hint: 'Put something into Session Key that differs from person to person, for example a chat ID. With one key for all, everybody would share a memory.',
		});
	}
	return `${context.getWorkflow().id ?? ''}:${key}`;
}
