// The Operation interface, and the Operation dropdown, display rules and dispatch built from a node's operations.
import {
	type IDataObject,
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeProperties,
	updateDisplayOptions,
} from 'n8n-workflow';
import type { HttpClient } from '../http/client';

/** The execution of one operation for one input item. */
export interface ItemRun {
	readonly context: IExecuteFunctions;
	readonly itemIndex: number;
	/** Its time budget is that of the whole item and starts with the item. */
	readonly client: HttpClient;
}

/** For an operation that sends many requests in sequence, such as one per page. */
export const MANY_REQUESTS: TimeLimit = { seconds: 300, isOption: false };

/** Time limit of an item. */
export interface TimeLimit {
	readonly seconds: number;
	/** `seconds` is the default of the option "Timeout". */
	readonly isOption: boolean;
}

export interface Operation {
	/** Stored in workflows: never rename. */
	readonly value: string;
	readonly name: string;
	/** Shown in the node picker. */
	readonly action: string;
	readonly description: string;
	readonly fields: readonly INodeProperties[];
	/** When absent, only single requests have a time limit. */
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

/** The node's properties: an Operation dropdown unless there is only one operation, then the fields of each operation. */
export function operationProperties(operations: OperationRegistry): INodeProperties[] {
	if (operations.length === 1) return [...operations[0].fields];
	return dropdownAndFields(operations);
}

/** The Operation dropdown, also for a single operation, and the fields of each operation. */
export function dropdownAndFields(operations: OperationRegistry): INodeProperties[] {
	const options = operations.map(({ value, name, action, description }) => ({
		value,
		name,
		action,
		description,
	}));
	const dropdown = { ...DROPDOWN, options, default: operations[0].value };
	const fields = operations.flatMap(({ value, fields }) =>
		updateDisplayOptions({ show: { operation: [value] } }, [...fields]),
	);
	return [dropdown, ...fields];
}

/** The operation chosen in the node, or its only one. */
export function chosenOperation(
	context: IExecuteFunctions,
	operations: OperationRegistry,
): Operation {
	if (operations.length === 1) return operations[0];
	const value = context.getNodeParameter('operation', 0) as string;
	return operations.find((operation) => operation.value === value) ?? operations[0];
}

/** Fields of the incoming item to keep on the output. Without `error`, by which n8n would treat the item as failed. */
export function incomingJson({ context, itemIndex }: ItemRun, keep: boolean): IDataObject {
	if (!keep) return {};
	const incoming = { ...context.getInputData()[itemIndex]?.json };
	delete incoming.error;
	return incoming;
}
