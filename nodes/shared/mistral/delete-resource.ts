// Deletes one thing at Mistral, and says so only when Mistral did.
import { Failure } from '../errors/failure';
import { type HttpReply, METADATA_REQUEST } from '../http/request';
import { isJson, readAll } from '../http/response/response-body';
import { notAsDocumented } from '../http/errors/failures';
import { statusOfErrorBody } from '../http/errors/error-response';
import { asRecord } from '../http/response/json';
import type { HttpClient } from '../http/client';

/**
 * `cleanupDeadlineMs`: see `TransportRequest`.
 *
 * @throws Failure with status 404 when there was nothing to delete; not so on a repeated try, since
 * then it was an earlier one, whose answer got lost, that deleted it
 */
export async function deleteResource(
	client: HttpClient,
	path: string,
	cleanupDeadlineMs?: number,
): Promise<void> {
	const late = cleanupDeadlineMs === undefined ? {} : { cleanupDeadlineMs };
	const request = {
		method: 'DELETE',
		path,
		repeatable: true,
		...METADATA_REQUEST,
		...late,
	} as const;
	try {
		await client.send(request, async (reply) => await readDone(reply, client.operation));
	} catch (thrown) {
		if (isGone(thrown) && (thrown.facts.attempts ?? 1) > 1) return;
		throw thrown instanceof Failure ? thrown : notAsDocumented(client.operation);
	}
}

/** Whether Mistral says that something is not there (any more). A server without the route says nothing of that kind. */
export function isGone(thrown: unknown): thrown is Failure {
	if (!(thrown instanceof Failure) || thrown.facts.status !== 404) return false;
	return !thrown.facts.stage.endsWith('.wrong-base-url');
}

/** 204, or what was deleted: a login page with status 200 has deleted nothing. */
async function readDone({ status, headers, body }: HttpReply, operation: string): Promise<void> {
	const text = (await readAll(body)).toString('utf8');
	if (status === 204) return;
	const isObject = isJson(headers) && asRecord(JSON.parse(text)) !== undefined;
	if (!isObject || statusOfErrorBody(text) !== undefined) throw notAsDocumented(operation);
}
