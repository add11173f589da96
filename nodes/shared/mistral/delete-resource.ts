// DELETE requests: one resource at Mistral, confirmed by its reply.
import { Failure } from '../errors/failure';
import { type HttpReply, METADATA_REQUEST } from '../http/request';
import { isJson, readAll } from '../http/response/response-body';
import { notAsDocumented } from '../http/errors/failures';
import { statusOfErrorBody } from '../http/errors/error-response';
import { asRecord, omitUndefined } from '../http/response/json';
import type { HttpClient } from '../http/client';

/**
 * `cleanupDeadlineMs`: time granted even when the budget of the item is spent, see `HttpRequest`.
 *
 * @throws Failure with status 404 when the resource does not exist. A 404 on a retry counts as success:
 * the first attempt deleted the resource and its reply was lost
 */
export async function deleteResource(
	client: HttpClient,
	path: string,
	cleanupDeadlineMs?: number,
): Promise<void> {
	const request = {
		method: 'DELETE',
		path,
		repeatable: true,
		...METADATA_REQUEST,
		...omitUndefined({ cleanupDeadlineMs }),
	} as const;
	try {
		await client.send(request, async (reply) => await readConfirmation(reply, client.operation));
	} catch (thrown) {
		if (isGone(thrown) && (thrown.facts.attempts ?? 1) > 1) return;
		throw thrown instanceof Failure ? thrown : notAsDocumented(client.operation);
	}
}

/** Whether a request failed because the resource does not exist; a 404 for an unknown route is something else. */
export function isGone(thrown: unknown): thrown is Failure {
	if (!(thrown instanceof Failure) || thrown.facts.status !== 404) return false;
	return !thrown.facts.stage.endsWith('.wrong-base-url');
}

/** 204, or the deleted resource as JSON. @throws Failure for anything else, such as a proxy's login page with status 200 */
async function readConfirmation(
	{ status, headers, body }: HttpReply,
	operation: string,
): Promise<void> {
	const text = (await readAll(body)).toString('utf8');
	if (status === 204) return;
	const isObject = isJson(headers) && asRecord(JSON.parse(text)) !== undefined;
	if (!isObject || statusOfErrorBody(text) !== undefined) throw notAsDocumented(operation);
}
