// Resolves a binary field name, a path or an expression to one of the item's files.

import type { IBinaryData, INodeExecutionData } from 'n8n-workflow';
import { formatByFileName, formatByMimeType } from './formats';

export interface FoundBinary {
	/** The field it was found in, or its file name when an expression gave the file itself. */
	readonly name: string;
	readonly data: IBinaryData;
}

/** No file matched: the names of those the item has. */
export interface NotFound {
	readonly names: readonly string[];
}

/**
 * `wanted` is a field name, a path (`_files.data`), or a binary object. When there is no field of
 * that name, the item's only file is taken, or the only one of several that is audio.
 */
export function findBinary(
	item: INodeExecutionData | undefined,
	wanted: unknown,
): FoundBinary | NotFound {
	if (isBinary(wanted)) return { name: wanted.fileName ?? 'expression', data: wanted };
	const name = typeof wanted === 'string' ? wanted.trim() : '';
	const files = filesOf(item);
	const data = files.get(name) ?? byPath(item?.json, name);
	if (data) return { name, data };
	const all = [...files].map(([field, binary]) => ({ name: field, data: binary }));
	const audio = all.filter(({ data: file }) => looksLikeAudio(file));
	const [only] = all.length === 1 ? all : audio;
	return only && (all.length === 1 || audio.length === 1) ? only : { names: [...files.keys()] };
}

/**
 * Files stand beside the JSON, or inside it where a workflow's binary mode is "combined": under
 * `_files`, from a form also under the name of the form's field.
 */
function filesOf(item: INodeExecutionData | undefined): Map<string, IBinaryData> {
	const inJson = [...Object.entries(item?.json ?? {}), ...entriesOf(item?.json._files)];
	const beside = Object.entries(item?.binary ?? {});
	return new Map(
		[...inJson, ...beside].filter(
			(entry): entry is [string, IBinaryData] => isBinary(entry[1]) && 'data' in entry[1],
		),
	);
}

function entriesOf(value: unknown): [string, unknown][] {
	return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

function byPath(json: unknown, path: string): IBinaryData | undefined {
	let value = json;
	for (const key of path.split('.')) {
		if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
		value = (value as Record<string, unknown>)[key];
	}
	return isBinary(value) ? value : undefined;
}

function isBinary(value: unknown): value is IBinaryData {
	if (typeof value !== 'object' || value === null) return false;
	const { id, data, mimeType } = value as Record<string, unknown>;
	return typeof mimeType === 'string' && (typeof id === 'string' || typeof data === 'string');
}

function looksLikeAudio({ mimeType, fileName }: IBinaryData): boolean {
	return (
		/^audio\//i.test(mimeType) || Boolean(formatByMimeType(mimeType) ?? formatByFileName(fileName))
	);
}
