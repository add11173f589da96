// Finds the conversations of a session again. Mistral itself keeps the key, as metadata of the
// conversation, so that nothing is stored in n8n and any worker finds it.
import type { AgentSetup } from './chat-session';
import { METADATA_REQUEST } from '../../http/request';
import { asRecord, recordsOf, textOf } from '../../http/response/json';
import type { HttpClient } from '../../http/client';
import type { WireConversationCard } from '../wire';

const PAGE_SIZE = 100;
const MAX_PAGES = 20;

/** Metadata keys, in every conversation of a session: never rename, or sessions are forgotten. */
const SESSION = 'n8n_session';
const SETUP = 'n8n_setup';

export interface SessionConversation {
	readonly id: string;
	/** {@link fingerprint} of what it was started with; empty when unknown. */
	readonly setup: string;
	/** ISO time, empty when unknown. */
	readonly createdAt: string;
	readonly updatedAt: string;
}

export function sessionMetadata(session: string, setup: string): Record<string, string> {
	return { [SESSION]: session, [SETUP]: setup };
}

/** All conversations of a session, the one last used first. */
export async function findSession(
	client: HttpClient,
	session: string,
): Promise<SessionConversation[]> {
	const found: WireConversationCard[] = [];
	for (let page = 0; page < MAX_PAGES; page++) {
		const cards = await listPage(client, session, page);
		found.push(...cards);
		if (cards.length < PAGE_SIZE) break;
	}
	return found
		.filter(({ metadata }) => metadata?.[SESSION] === session)
		.map(({ id, created_at, updated_at, metadata }) => ({
			id,
			setup: textOf(metadata?.[SETUP]) ?? '',
			createdAt: created_at ?? '',
			updatedAt: updated_at ?? created_at ?? '',
		}))
		.sort((a, b) => time(b.updatedAt) - time(a.updatedAt) || time(b.createdAt) - time(a.createdAt));
}

const time = (iso: string): number => Date.parse(iso) || 0;

async function listPage(
	client: HttpClient,
	session: string,
	page: number,
): Promise<WireConversationCard[]> {
	const { value } = await client.json(
		{
			method: 'GET',
			path: '/v1/conversations',
			query: { page, page_size: PAGE_SIZE, metadata: JSON.stringify({ [SESSION]: session }) },
			repeatable: true,
			...METADATA_REQUEST,
		},
		// A list that were not filtered would hold strangers' conversations: the caller checks each.
		(body) => (Array.isArray(body) ? readCards(body) : undefined),
	);
	return value;
}

function readCards(body: unknown): WireConversationCard[] {
	return recordsOf(body).flatMap((entry) => {
		const id = textOf(entry.id);
		if (!id) return [];
		const created = textOf(entry.created_at);
		const updated = textOf(entry.updated_at);
		return [
			{
				id,
				...(created ? { created_at: created } : {}),
				...(updated ? { updated_at: updated } : {}),
				metadata: asRecord(entry.metadata) ?? null,
			},
		];
	});
}

/**
 * A short sign of who answers and how. Mistral fixes model, instructions and tools when a
 * conversation starts; where the sign differs, the node was changed since (or the day is another).
 */
export function fingerprint({ answerer, additionalFields }: AgentSetup): string {
	const text = JSON.stringify([answerer, additionalFields ?? {}]);
	// FNV-1a, 32 bits (Fowler, Noll, Vo): enough to tell two settings of one node apart.
	let hash = 0x811c9dc5;
	for (let index = 0; index < text.length; index++) {
		hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
	}
	return (hash >>> 0).toString(16).padStart(8, '0');
}
