// Reads what n8n stored in its user folder: binary files, database, log.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { OutputItem } from '../../harness/n8n-api-types.mts';

/** The stored file of the binary field `data` of an item. */
export const bytesOf = async (
	userFolder: string,
	item: OutputItem | undefined,
): Promise<Uint8Array> => {
	const name = item?.binary?.data?.id?.split(/[:/]/).at(-1) ?? 'none';
	const entries = await readdir(userFolder, { recursive: true, withFileTypes: true });
	const file = entries.find((entry) => entry.name === name);
	return await readFile(join(file?.parentPath ?? userFolder, name));
};

/** Database, settings and log as one text, to search for leaked secrets. */
export const everythingStored = async (userFolder: string): Promise<string> => {
	const entries = await readdir(join(userFolder, '.n8n'), { withFileTypes: true });
	const files = entries.filter((entry) => entry.isFile()).map(({ name }) => join('.n8n', name));
	if (!files.some((file) => file.endsWith('database.sqlite'))) throw new Error('no database');
	const texts = [...files, 'n8n.log'].map(
		async (file) => await readFile(join(userFolder, file), 'latin1'),
	);
	return (await Promise.all(texts)).join('\n');
};
