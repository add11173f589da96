// The operation registry: dropdowns, display options, dispatch, error items.
import { describe, expect, test } from '@jest/globals';
import type { IExecuteFunctions, INode, INodeProperties } from 'n8n-workflow';
import {
	asFailure,
	Failure,
	failedItem,
	toListError,
	toNodeError,
} from '../../../nodes/shared/errors/failure.ts';
import { addHint } from '../../../nodes/shared/execution/output-hints.ts';
import type { Operation } from '../../../nodes/shared/execution/operation.ts';
import {
	chosenOperation,
	incomingJson,
	operationProperties,
} from '../../../nodes/shared/execution/operation.ts';
import { allOperations, resourceProperties } from '../../../nodes/shared/execution/resource.ts';

const field = (name: string): INodeProperties => ({
	displayName: name,
	name,
	type: 'string',
	default: '',
});
const operation = (value: string, ...fields: string[]): Operation => ({
	value,
	name: value.toUpperCase(),
	action: `Do ${value}`,
	description: `Does ${value}`,
	fields: fields.map(field),
	execute: async () => [],
});
const choice = (value: string) => ({
	value,
	name: value.toUpperCase(),
	action: `Do ${value}`,
	description: `Does ${value}`,
});
const speak = operation('speak', 'text');
const list = operation('list', 'filter', 'limit');
const drop = operation('drop');

describe('operations', () => {
	test('a single operation has no dropdown', () => {
		expect(operationProperties([speak])).toEqual([field('text')]);
		expect(chosenOperation({} as IExecuteFunctions, [speak])).toBe(speak);
	});

	test('several operations get a dropdown and their own fields, the first is the default', () => {
		expect(operationProperties([speak, list])).toEqual([
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [choice('speak'), choice('list')],
				default: 'speak',
			},
			{ ...field('text'), displayOptions: { show: { operation: ['speak'] } } },
			{ ...field('filter'), displayOptions: { show: { operation: ['list'] } } },
			{ ...field('limit'), displayOptions: { show: { operation: ['list'] } } },
		]);
	});

	test('the chosen operation runs, the first one when it is unknown', () => {
		const chosen = (value: string) =>
			chosenOperation(
				{
					getNodeParameter: (name: string, item: number) =>
						name === 'operation' && item === 0 ? value : undefined,
				} as unknown as IExecuteFunctions,
				[speak, list],
			);
		expect(chosen('list')).toBe(list);
		expect(chosen('speak')).toBe(speak);
		expect(chosen('gone')).toBe(speak);
	});
});

describe('resources', () => {
	const registry = [
		{ value: 'speech', name: 'Speech', operations: [speak] },
		{ value: 'voice', name: 'Voice', operations: [list, drop] },
	] as const;

	test('resources get a dropdown, then one for their operations', () => {
		expect(resourceProperties(registry)).toEqual([
			{
				displayName: 'Resource',
				name: 'resource',
				type: 'options',
				noDataExpression: true,
				options: [
					{ name: 'Speech', value: 'speech' },
					{ name: 'Voice', value: 'voice' },
				],
				default: 'speech',
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [choice('speak')],
				default: 'speak',
				displayOptions: { show: { resource: ['speech'] } },
			},
			{
				...field('text'),
				displayOptions: { show: { operation: ['speak'], resource: ['speech'] } },
			},
			{
				displayName: 'Operation',
				name: 'operation',
				type: 'options',
				noDataExpression: true,
				options: [choice('list'), choice('drop')],
				default: 'list',
				displayOptions: { show: { resource: ['voice'] } },
			},
			...['filter', 'limit'].map((name) => ({
				...field(name),
				displayOptions: { show: { operation: ['list'], resource: ['voice'] } },
			})),
		]);
	});

	test('operations of all resources are found in one registry', () => {
		expect(allOperations(registry)).toEqual([speak, list, drop]);
	});
});

test('input fields are kept when chosen, without an earlier error', () => {
	const data = [{ json: {} }, { json: { error: 'old', text: 'Hi' } }];
	const run = (itemIndex: number) =>
		({ context: { getInputData: () => data }, itemIndex }) as unknown as Parameters<
			typeof incomingJson
		>[0];
	expect(incomingJson(run(1), true)).toEqual({ text: 'Hi' });
	expect(incomingJson(run(1), false)).toEqual({});
	expect(incomingJson(run(5), true)).toEqual({});
	expect(data[1]?.json.error).toBe('old');
});

describe('errors', () => {
	const node = { id: '1', name: 'n', type: 't', typeVersion: 1, position: [0, 0], parameters: {} };
	const failure = new Failure({ stage: 'a.b', message: 'No' });

	test('an operation error has its own name and is changed by copying', () => {
		expect(failure).toMatchObject({ name: 'Failure', message: 'No' });
		const more = failure.with({ attempts: 2 });
		expect(more.facts).toEqual({ stage: 'a.b', message: 'No', attempts: 2 });
		expect(failure.facts).toEqual({ stage: 'a.b', message: 'No' });
		expect(asFailure(more, 'x')).toBe(more);
	});

	test.each([
		[new Error('Odd'), { message: 'Odd' }],
		[new Error('Odd [item 12]'), { message: 'Odd' }],
		[new Error('Odd  [item 1]'), { message: 'Odd' }],
		[new Error('[item 1] Odd'), { message: '[item 1] Odd' }],
		[Object.assign(new Error('Odd'), { description: 'Why' }), { message: 'Odd', hint: 'Why' }],
		[Object.assign(new Error('Odd'), { description: '' }), { message: 'Odd' }],
		[Object.assign(new Error('Odd'), { description: 5 }), { message: 'Odd' }],
		['text', { message: 'text' }],
		[undefined, { message: 'undefined' }],
	])('a thrown %p becomes an operation error', (thrown, facts) => {
		expect(asFailure(thrown, 'ask').facts).toEqual({ stage: 'ask.unexpected', ...facts });
	});

	test('an n8n error names an item index only if there is one', () => {
		expect(toNodeError(node as INode, failure, 4)).toMatchObject({
			message: 'No [item 4]',
			context: { itemIndex: 4, stage: 'a.b' },
		});
		const listed = toListError(node as INode, failure);
		expect(listed).toHaveProperty('constructor.name', 'NodeOperationError');
		expect(listed.message).toBe('No');
		expect(listed.context.itemIndex).toBeUndefined();
		expect(listed.context).not.toHaveProperty('attempts');
		expect(listed.description ?? '').toBe('');
	});

	test('an error item holds all known details and nothing else', () => {
		const facts = {
			stage: 'a.b',
			message: 'No',
			hint: 'h',
			status: 500,
			code: 'c',
			requestId: 'r',
			attempts: 3,
			partial: 'half',
		};
		const { message, ...details } = facts;
		expect(failedItem(new Failure(facts), 2)).toEqual({
			json: { error: message, details },
			pairedItem: { item: 2 },
		});
		expect(failedItem(failure, 0).json).toEqual({ error: 'No', details: { stage: 'a.b' } });
	});

	test('an error item has a non-enumerable message for n8n 1.x', () => {
		const { json } = failedItem(failure, 0);
		expect(json.message).toBe('No');
		expect(Object.keys(json)).toEqual(['error', 'details']);
	});
});

test('a hint is shown once a run, and ignored by an n8n without hints', () => {
	const shown: unknown[] = [];
	const context = { addExecutionHints: (hint: unknown) => shown.push(hint) };
	const hint = (text: string) => addHint(context as unknown as IExecuteFunctions, text);
	hint('a');
	hint('b');
	hint('a');
	expect(shown).toEqual(
		['a', 'b'].map((message) => ({ message, type: 'warning', location: 'outputPane' })),
	);
	expect(() => addHint({} as IExecuteFunctions, 'a')).not.toThrow();
	addHint(
		{ addExecutionHints: (text: unknown) => shown.push(text) } as unknown as IExecuteFunctions,
		'a',
	);
	expect(shown).toHaveLength(3);
});
