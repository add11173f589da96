// Identifiers in Mistral's formats.
import { createHash, randomBytes, randomUUID } from 'node:crypto';

export const newId = (prefix: string) => `${prefix}_${randomBytes(16).toString('hex')}`;
export const newUuid = () => randomUUID();

/** The same UUID for the same name on every start. */
export function fixedUuid(name: string): string {
	const hex = createHash('sha256').update(name).digest('hex');
	return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

export const now = () => new Date().toISOString();
export const nowSeconds = () => Math.floor(Date.now() / 1000);
