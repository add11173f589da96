// The error bodies of Mistral's API, in five shapes:
// a plain, b validation wrapped by the gateway, c validation as FastAPI writes it, d bad key, e no route.
export interface Problem {
	type: string;
	loc: (string | number)[];
	msg: string;
	input?: unknown;
}

/** Thrown by an endpoint; the server responds with `status` and `body` (a string is sent unchanged). */
export class ApiError extends Error {
	readonly status: number;
	readonly body: unknown;
	readonly headers: Record<string, string>;

	constructor(status: number, body: unknown, headers: Record<string, string> = {}) {
		super(`HTTP ${status}`);
		this.status = status;
		this.body = body;
		this.headers = headers;
	}
}

/** Shape a. */
export function plainBody(
	status: number,
	message: string,
	type = 'invalid_request_error',
	code: string | null = null,
) {
	return { object: 'error', message, type, param: null, code, raw_status_code: status };
}

export function plainError(
	status: number,
	message: string,
	type?: string,
	code?: string | null,
): ApiError {
	return new ApiError(status, plainBody(status, message, type, code));
}

/** Shape b: `message` is an object holding the list. */
export function validationBody(problems: Problem[]) {
	return {
		object: 'error',
		message: { detail: problems },
		type: 'invalid_request_error',
		param: null,
		code: null,
	};
}

/** Shape c. */
export function fastApiBody(problems: Problem[]) {
	return { detail: problems.map((problem) => ({ input: {}, ctx: {}, ...problem })) };
}

/** Thrown by the checks; a quirk of the server decides between shape b and c. */
export class ValidationError extends Error {
	readonly problems: Problem[];

	constructor(problems: Problem[]) {
		super(problems.map((problem) => problem.msg).join('; '));
		this.problems = problems;
	}
}

export function invalid(loc: (string | number)[], msg: string, input?: unknown): ValidationError {
	return new ValidationError([{ type: 'value_error', loc: ['body', ...loc], msg, input }]);
}

/** Shape d, with the newline the live service sends. */
export const invalidKeyBody = `${JSON.stringify({ detail: 'Invalid API Key' })}\n`;

/** Shape e. */
export function noRouteBody(requestId: string) {
	return { message: 'no Route matched with those values', request_id: requestId };
}

export const invalidModel = (model: string) =>
	plainError(400, `Invalid model: ${model}`, 'invalid_model', '1500');

export const invalidArguments = (message: string) =>
	plainError(400, message, 'invalid_request_invalid_args', '3051');

export const unknownVoice = (voice: string) =>
	plainError(404, `Voice '${voice}' not found.`, 'invalid_voice', '1902');

export const notFound = (what: string, id: string) =>
	plainError(404, `${what} '${id}' not found.`, 'not_found');
