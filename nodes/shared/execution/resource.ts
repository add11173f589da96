// Operations grouped by resource, for a node with a Resource dropdown.
import { type INodeProperties, updateDisplayOptions } from 'n8n-workflow';
import { dropdownAndFields, type OperationRegistry } from './operation';

export interface Resource {
	/** Stored in workflows: never rename. */
	readonly value: string;
	readonly name: string;
	/** Operation values are unique across all resources of a node. */
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

/** The Resource dropdown, then the Operation dropdown and fields of each resource. The first entries are the defaults. */
export function resourceProperties(resources: ResourceRegistry): INodeProperties[] {
	const choices = resources.map(({ name, value }) => ({ name, value }));
	const dropdown = { ...RESOURCE, options: choices, default: resources[0].value };
	const properties = resources.flatMap(({ value, operations }) =>
		updateDisplayOptions({ show: { resource: [value] } }, dropdownAndFields(operations)),
	);
	return [dropdown, ...properties];
}

/** The operations of all resources as one registry. */
export function allOperations(resources: ResourceRegistry): OperationRegistry {
	const [first, ...others] = resources;
	return [...first.operations, ...others.flatMap(({ operations }) => operations)];
}
