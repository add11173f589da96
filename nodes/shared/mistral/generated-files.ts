// Downloads the images and documents that Mistral's built-in tools generated.
import type { GeneratedFile } from './conversations/answer';
import { isJson, readAll } from '../http/response/response-body';
import { notAsDocumented } from '../http/errors/failures';
import { omitUndefined } from '../http/response/json';
import type { Headers } from '../http/retry';
import type { HttpClient } from '../http/client';

export interface DownloadedFile {
	readonly bytes: Buffer;
	/** With an extension where one is known. */
	readonly fileName: string;
	/** Absent when Mistral names no MIME type: n8n then derives it from the file name. */
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
			// JSON or HTML is an error page of a proxy, unless the generated file is of that type.
			const pageType = isJson(headers) ? 'json' : isPage(headers) ? 'html?' : undefined;
			if (pageType && !new RegExp(`\\.${pageType}$`, 'i').test(fileName(name || id, type)))
				throw notAsDocumented(client.operation);
			return content;
		},
	);
	const mimeType = type.includes('/') ? type : undefined;
	return omitUndefined({ bytes, fileName: fileName(name || id, type), mimeType });
}

const isPage = (headers: Headers): boolean =>
	/^text\/html\b/i.test(headers['content-type']?.trim() ?? '');

/** `name` with an extension: its own, or `type` when that is an extension (`png`) or an image MIME type. */
export function fileName(name: string, type: string): string {
	if (/\.[a-z0-9]{1,5}$/i.test(name)) return name;
	const extension = /^(?:\.|image\/)?([a-z0-9]{1,5})$/i.exec(type)?.[1];
	return extension ? `${name}.${extension.toLowerCase()}` : name;
}
