// Operations in groups, for nodes that do things to more than one kind of thing.
import { type INodeProperties, updateDisplayOptions } from 'n8n-workflow';
import { operationProperties, type OperationRegistry } from './operation';

export interface Resource {
	/** Stored in workflows: never rename. */
	readonly value: string;
	readonly name: string;
	/** Values must differ over all resources of a node, so that one name finds the operation. */
	readonly operations: OperationRegistry;
}

export type ResourceRegistry = readonly [Resource, ...Resource[]];

const RESOURCE: INodeProperties = {
	displayName: 'Resource',
	name: 'resource',
	type: 'options',
	noDataExpression: true,
	options: [],
	default: '',
};

const OPERATION: INodeProperties = { ...RESOURCE, displayName: 'Operation', name: 'operation' };

/** The dropdown of resources, then each one's own properties. The first of both is the default. */
export function resourceProperties(resources: ResourceRegistry): INodeProperties[] {
	const choices = resources.map(({ name, value }) => ({ name, value }));
	const dropdown = { ...RESOURCE, options: choices, default: resources[0].value };
	const properties = resources.flatMap(({ value, operations }) =>
		updateDisplayOptions({ show: { resource: [value] } }, propertiesOf(operations)),
	);
	return [dropdown, ...properties];
}

/** Also a single operation is shown by name here: which one it is depends on the resource. */
function propertiesOf(operations: OperationRegistry): INodeProperties[] {
	if (operations.length > 1) return operationProperties(operations);
	const [{ value, name, action, description, fields }] = operations;
	const choices = [{ value, name, action, description }];
	const dropdown = { ...OPERATION, options: choices, default: value };
	return [dropdown, ...updateDisplayOptions({ show: { operation: [value] } }, [...fields])];
}

/** Everything the node can do, as one registry. */
export function allOperations(resources: ResourceRegistry): OperationRegistry {
	const [first, ...others] = resources;
	return [...first.operations, ...others.flatMap(({ operations }) => operations)];
}
