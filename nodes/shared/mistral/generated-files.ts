// Fetches the pictures and documents that Mistral's tools made.
import type { GeneratedFile } from './conversations/answer';
import { isJson, readAll } from '../http/response/response-body';
import { notAsDocumented } from '../http/errors/failures';
import type { Headers } from '../http/retry';
import type { HttpClient } from '../http/client';

export interface DownloadedFile {
	readonly bytes: Buffer;
	/** With an extension where one is known. */
	readonly fileName: string;
	/** Absent when only the name can tell. */
	readonly mimeType?: string;
}

export async function downloadFile(
	client: HttpClient,
	{ id, name, type }: GeneratedFile,
): Promise<DownloadedFile> {
	const { value: bytes } = await client.send(
		{
			method: 'GET',
			path: `/v1/files/${encodeURIComponent(id)}/content`,
			accept: '*/*',
			repeatable: true,
			timeoutMs: 120_000,
		},
		async ({ headers, body }) => {
			const content = await readAll(body);
			// What a gateway says in place of the file is none, unless such a file was made.
			const isOther = isJson(headers) ? 'json' : isPage(headers) ? 'html?' : undefined;
			if (isOther && !new RegExp(`\\.${isOther}$`, 'i').test(fileName(name || id, type)))
				throw notAsDocumented(client.operation);
			return content;
		},
	);
	const mimeType = type.includes('/') ? type : undefined;
	return { bytes, fileName: fileName(name || id, type), ...(mimeType ? { mimeType } : {}) };
}

const isPage = (headers: Headers): boolean =>
	/^text\/html\b/i.test(headers['content-type']?.trim() ?? '');

/** A name without extension gets the type as one, when that is an extension (`png`) or a MIME type of a picture. */
export function fileName(name: string, type: string): string {
	if (/\.[a-z0-9]{1,5}$/i.test(name)) return name;
	const extension = /^(?:\.|image\/)?([a-z0-9]{1,5})$/i.exec(type)?.[1];
	return extension ? `${name}.${extension.toLowerCase()}` : name;
}
