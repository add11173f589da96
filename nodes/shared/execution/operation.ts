// What one thing a node can do looks like, and the dropdown, display rules and dispatch made from it.
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';
import type { HttpClient } from '../http/client';

/** One input item on its way through one operation. */
export interface ItemRun {
	readonly context: IExecuteFunctions;
	readonly itemIndex: number;
	/** Its budget is that of the whole item, from the moment the item begins. */
	readonly client: HttpClient;
}

/** For an item that asks page after page, or one thing after the other. */
export const MANY_REQUESTS: TimeLimit = { seconds: 300, isOption: false };

/** How long an item may take. */
export interface TimeLimit {
	readonly seconds: number;
	/** `seconds` is the default of the option "Timeout". */
	readonly isOption: boolean;
}

export interface Operation {
	/** Stored in workflows: never rename. */
	readonly value: string;
	readonly name: string;
	/** As a person would say it, for the node picker. */
	readonly action: string;
	readonly description: string;
	readonly fields: readonly INodeProperties[];
	/** Without it, only each request has a limit of its own. */
	readonly timeLimit?: TimeLimit;
	execute(run: ItemRun): Promise<INodeExecutionData[]>;
}

export type OperationRegistry = readonly [Operation, ...Operation[]];

const DROPDOWN: INodeProperties = {
	displayName: 'Operation',
	name: 'operation',
	type: 'options',
	noDataExpression: true,
	options: [],
	default: '',
};

/** The node's properties: a dropdown when there is a choice, then each operation's own fields. */
export function operationProperties(operations: OperationRegistry): INodeProperties[] {
	if (operations.length === 1) return [...operations[0].fields];
	const choices = operations.map(({ value, name, action, description }) => ({
		value,
		name,
		action,
		description,
	}));
	const dropdown = { ...DROPDOWN, options: choices, default: operations[0].value };
	const fields = operations.flatMap(({ value, fields }) =>
		updateDisplayOptions({ show: { operation: [value] } }, [...fields]),
	);
	return [dropdown, ...fields];
}

/** The operation the person chose; the only one where there is no choice. */
export function chosenOperation(
	context: IExecuteFunctions,
	operations: OperationRegistry,
): Operation {
	if (operations.length === 1) return operations[0];
	const value = context.getNodeParameter('operation', 0) as string;
	return operations.find((operation) => operation.value === value) ?? operations[0];
}

/** The incoming item's fields, to be carried on; `error` stays behind, n8n would take the item for a failed one. */
export function incomingJson({ context, itemIndex }: ItemRun, keep: boolean): IDataObject {
	if (!keep) return {};
	const incoming = { ...context.getInputData()[itemIndex]?.json };
	delete incoming.error;
	return incoming;
}
