// Looks up the conversations of a session. The session key is stored at Mistral as conversation metadata, so
// nothing is stored in n8n and every worker finds the session.
import type { AgentSetup } from './chat-session';
import { asRecord, omitUndefined, recordsOf, textOf } from '../../http/response/json';
import type { HttpClient } from '../../http/client';
import { getJson } from '../get-json';
import type { WireConversationCard } from '../wire';

const PAGE_SIZE = 100;
const MAX_PAGES = 20;

/** Metadata keys of every stored conversation: renaming one loses all existing sessions. */
const SESSION = 'n8n_session';
const SETUP = 'n8n_setup';

export interface SessionConversation {
	readonly id: string;
	/** {@link fingerprint} of the setup it was started with; empty when unknown. */
	readonly setup: string;
	/** ISO time, empty when unknown. */
	readonly createdAt: string;
	readonly updatedAt: string;
}

export function sessionMetadata(session: string, setup: string): Record<string, string> {
	return { [SESSION]: session, [SETUP]: setup };
}

/** All conversations of a session, the most recently updated first. */
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
	return await getJson(
		client,
		'/v1/conversations',
		// A server that ignores the filter lists conversations of other sessions: the caller checks each.
		(body) => (Array.isArray(body) ? readCards(body) : undefined),
		{ page, page_size: PAGE_SIZE, metadata: JSON.stringify({ [SESSION]: session }) },
	);
}

function readCards(body: unknown): WireConversationCard[] {
	return recordsOf(body).flatMap((entry) => {
		const id = textOf(entry.id);
		if (!id) return [];
		const created_at = textOf(entry.created_at) || undefined;
		const updated_at = textOf(entry.updated_at) || undefined;
		const metadata = asRecord(entry.metadata) ?? null;
		return [omitUndefined({ id, created_at, updated_at, metadata })];
	});
}

/**
 * A short hash of the model or agent and its settings. Mistral fixes them when a conversation starts: a
 * different hash means the node was changed since, or the date in the instructions is another.
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
