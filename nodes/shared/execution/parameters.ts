// Reads text parameters of the current item.
import type { ItemRun } from './operation';

/** A text parameter, trimmed; empty when it is not set. */
export function readText({ context, itemIndex }: ItemRun, name: string): string {
	return String(context.getNodeParameter(name, itemIndex, '') ?? '').trim();
}

/** The value of a resource locator (a field with "From List" and "By ID"), trimmed; empty when nothing is chosen. */
export function readLocator({ context, itemIndex }: ItemRun, name: string): string {
	const value = context.getNodeParameter(name, itemIndex, '', { extractValue: true });
	return String(value ?? '').trim();
}

/** The binary field that "Put Output in Field" names. */
export const readOutputField = (run: ItemRun): string =>
	readText(run, 'binaryPropertyOutput') || 'data';
