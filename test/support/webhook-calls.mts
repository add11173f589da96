// HTTP calls of n8n's webhooks, forms and chat endpoints.

export const postJson = async (url: string, body: object): Promise<Response> =>
	await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

export const formOf = (fields: Record<string, string | File>): FormData => {
	const form = new FormData();
	for (const [name, value] of Object.entries(fields)) form.set(name, value);
	return form;
};

export const postForm = async (
	url: string,
	fields: Record<string, string | File>,
): Promise<Response> => await fetch(url, { method: 'POST', body: formOf(fields) });

/** Posts what n8n's chat window posts. */
export const postChat = async (
	url: string,
	sessionId: string,
	chatInput: string,
): Promise<Response> => await postJson(url, { action: 'sendMessage', sessionId, chatInput });
