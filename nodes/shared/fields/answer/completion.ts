// Options for completion arguments, limited to the ranges Mistral accepts.
import type { INodeProperties, INodePropertyOptions } from 'n8n-workflow';

export const maxTokensOption: INodeProperties = {
	displayName: 'Maximum Tokens',
	name: 'maxTokens',
	type: 'number',
	default: 500,
	typeOptions: { minValue: 1, numberPrecision: 0 },
	description: 'Longest answer, in tokens (about three quarters of a word each)',
};

const EFFORTS: INodePropertyOptions[] = [
	{ name: 'Extra High', value: 'xhigh' },
	{ name: 'High', value: 'high' },
	{ name: 'Low', value: 'low' },
	{ name: 'Medium', value: 'medium' },
	{ name: 'Minimal', value: 'minimal' },
	{ name: 'None', value: 'none' },
];

export const reasoningEffortOption: INodeProperties = {
	displayName: 'Reasoning Effort',
	name: 'reasoningEffort',
	type: 'options',
	default: 'none',
	options: EFFORTS,
	description:
		'How long the model thinks before it answers, which costs time; most models know only None and High',
};

export const seedOption: INodeProperties = {
	displayName: 'Seed',
	name: 'seed',
	type: 'number',
	default: 0,
	typeOptions: { minValue: 0, numberPrecision: 0 },
	description: 'The same seed makes answers to the same question alike',
};

export const stopOption: INodeProperties = {
	displayName: 'Stop Words',
	name: 'stop',
	type: 'string',
	typeOptions: { rows: 2 },
	default: '',
	description: 'Where the answer ends as soon as one of these is about to be written, one a line',
};

export const temperatureOption: INodeProperties = {
	displayName: 'Temperature',
	name: 'temperature',
	type: 'number',
	default: 0.3,
	typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
	description: 'How freely the answer is worded, from 0 (always alike) to 1',
};

export const topPOption: INodeProperties = {
	displayName: 'Top P',
	name: 'topP',
	type: 'number',
	default: 1,
	typeOptions: { minValue: 0, maxValue: 1, numberPrecision: 2 },
	description:
		'The share of likely words the model chooses from; change this or Temperature, not both',
};
