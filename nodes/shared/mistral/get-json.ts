// GET requests whose JSON reply is small: lists, one agent, one voice, a conversation's history.
import type { IDataObject } from 'n8n-workflow';
import { Failure } from '../errors/failure';
import type { HttpClient } from '../http/client';
import { METADATA_REQUEST } from '../http/request';
import { asRecord, omitUndefined, textOf } from '../http/response/json';

/** The reply as `read` returns it; `read` returns undefined for a reply that is not as documented. */
export async function getJson<T>(
	client: HttpClient,
	path: string,
	read: (body: unknown) => T | undefined,
	query?: IDataObject,
): Promise<T> {
	const request = { method: 'GET', path, repeatable: true, ...METADATA_REQUEST } as const;
	return (await client.json({ ...request, ...(query && { query }) }, read)).value;
}

/** One page of a list; `nextPageToken` is absent on the last page. */
export interface Page<Entry> {
	readonly entries: Entry[];
	readonly nextPageToken?: string;
}

/** Reads a page whose entries are in `data` and whose successor is named by `next_page_token`. */
export function readTokenPage<Entry>(readEntries: (data: unknown) => Entry[]) {
	return (body: unknown): Page<Entry> | undefined => {
		const page = asRecord(body);
		if (!Array.isArray(page?.data)) return undefined;
		const nextPageToken = textOf(page.next_page_token) || undefined;
		return omitUndefined({ entries: readEntries(page.data), nextPageToken });
	};
}

/**
 * One page of a list that exists in two API versions. A server without the current version (404 on the
 * first page) is asked through the deprecated one; `marker` begins the page tokens of that version, so
 * that all pages come from the same one. `position` is a page number or an offset.
 */
export async function currentOrDeprecatedPage<Entry>(
	pageToken: string | undefined,
	marker: string,
	current: () => Promise<Page<Entry>>,
	deprecated: (position: number) => Promise<Page<Entry>>,
): Promise<Page<Entry>> {
	if (pageToken?.startsWith(marker)) {
		return await deprecated(Number(pageToken.slice(marker.length)) || 0);
	}
	return await current().catch(async (thrown: unknown) => {
		const isMissing = thrown instanceof Failure && thrown.facts.status === 404;
		if (isMissing && pageToken === undefined) return await deprecated(0);
		throw thrown;
	});
}
