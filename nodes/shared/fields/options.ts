// The Options collection, and the options that several nodes share.
import type { INodeProperties } from 'n8n-workflow';
import { DEFAULT_RETRY } from '../http/retry';
import { DEFAULT_CONCURRENCY } from '../execution/run-items';

/** The collection "Options", alphabetical by label. */
export const optionsField = (options: INodeProperties[]): INodeProperties => ({
	displayName: 'Options',
	name: 'options',
	type: 'collection',
	placeholder: 'Add option',
	default: {},
	options,
});

export const concurrencyOption: INodeProperties = {
	displayName: 'Items at Once',
	name: 'concurrency',
	type: 'number',
	default: DEFAULT_CONCURRENCY,
	typeOptions: { minValue: 1, maxValue: 50, numberPrecision: 0 },
	description:
		'How many items are worked on at the same time; while Mistral turns some away, fewer are sent at once',
};

export const keepInputOption: INodeProperties = {
	displayName: 'Keep Input Fields',
	name: 'keepInput',
	type: 'boolean',
	default: true,
	description: 'Whether the fields of the incoming item, such as a chat ID, stay on the item',
};

// n8n's lint accepts a plain name as default only.
const DEFAULT_ATTEMPTS = DEFAULT_RETRY.attempts;

export const attemptsOption: INodeProperties = {
	displayName: 'Tries per Request',
	name: 'attempts',
	type: 'number',
	default: DEFAULT_ATTEMPTS,
	typeOptions: { minValue: 1, maxValue: 10, numberPrecision: 0 },
	description:
		'How often a request is sent at most when Mistral is busy or the connection breaks; waiting behind other items of the same run does not count',
};

/** `seconds`: default time limit of one item, retries included. */
export function timeoutOption(seconds: number): INodeProperties {
	return {
		displayName: 'Timeout',
		name: 'timeoutSeconds',
		type: 'number',
		default: seconds,
		typeOptions: { minValue: 1 },
		description: 'Seconds until an item is given up, everything sent for it and all tries included',
	};
}
