// The parameters of a tool as JSON schema, converted from JSON schema or a Zod object (versions 3 and 4) without Zod.
import { asRecord, type JsonRecord, recordsOf, textOf } from '../../http/response/json';

/** Schemas can be recursive: nesting beyond this depth is left out. */
const MAX_DEPTH = 12;

/** For a tool that declares no parameters. */
const ANYTHING: JsonRecord = { type: 'object', properties: {}, additionalProperties: true };

/** A JSON schema of type `object`, whatever the tool declares. */
export function parametersOf(schema: unknown): JsonRecord {
	const record = asRecord(schema);
	if (!record) return ANYTHING;
	const converted = definitionOf(record) ? fromZod(record, 0) : { ...record };
	delete converted.$schema;
	if (converted.type === 'object' || 'properties' in converted) {
		return { ...converted, type: 'object', properties: asRecord(converted.properties) ?? {} };
	}
	return ANYTHING;
}

/** Zod 3 keeps its definition in `_def`, Zod 4 in `_zod.def`. */
function definitionOf(schema: JsonRecord): JsonRecord | undefined {
	return asRecord(asRecord(schema._zod)?.def) ?? asRecord(schema._def);
}

/** `ZodObject` in version 3, `object` in version 4. */
function kindOf(definition: JsonRecord): string {
	const typeName = textOf(definition.typeName);
	return typeName ? typeName.replace(/^Zod/, '').toLowerCase() : (textOf(definition.type) ?? '');
}

function fromZod(value: unknown, depth: number): JsonRecord {
	const schema = asRecord(value);
	const definition = schema && definitionOf(schema);
	if (!definition || depth > MAX_DEPTH) return {};
	const description = textOf(definition.description) ?? textOf(schema.description);
	const converted = convert(kindOf(definition), definition, depth + 1);
	return description ? { ...converted, description } : converted;
}

function convert(kind: string, definition: JsonRecord, depth: number): JsonRecord {
	switch (kind) {
		case 'object':
			return fromShape(definition, depth);
		case 'string':
			return { type: 'string' };
		case 'number':
			return { type: isInteger(definition) ? 'integer' : 'number' };
		case 'bigint':
			return { type: 'integer' };
		case 'boolean':
			return { type: 'boolean' };
		case 'date':
			return { type: 'string', format: 'date-time' };
		case 'null':
			return { type: 'null' };
		case 'array':
		case 'set':
			return {
				type: 'array',
				items: fromZod(definition.element ?? definition.valueType ?? definition.type, depth),
			};
		case 'tuple':
			return {
				type: 'array',
				items: { anyOf: recordsOf(definition.items).map((item) => fromZod(item, depth)) },
			};
		case 'record':
		case 'map':
			return { type: 'object', additionalProperties: fromZod(definition.valueType, depth) };
		case 'enum':
		case 'nativeenum':
			return { enum: enumValues(definition.values ?? definition.entries) };
		case 'literal':
			return { enum: Array.isArray(definition.values) ? definition.values : [definition.value] };
		case 'nullable':
			return { anyOf: [fromZod(definition.innerType, depth), { type: 'null' }] };
		case 'union':
		case 'discriminatedunion':
			return { anyOf: optionsOf(definition.options).map((option) => fromZod(option, depth)) };
		case 'intersection':
			return { allOf: [fromZod(definition.left, depth), fromZod(definition.right, depth)] };
		case 'lazy':
			return typeof definition.getter === 'function' ? fromZod(definition.getter(), depth) : {};
		default:
			return fromZod(innerOf(definition), depth);
	}
}

/** The schema wrapped by optional, default, effects, pipeline, branded and similar types. */
function innerOf(definition: JsonRecord): unknown {
	const { innerType, schema, type } = definition;
	return innerType ?? schema ?? definition.in ?? (asRecord(type) ? type : undefined);
}

function fromShape(definition: JsonRecord, depth: number): JsonRecord {
	const given: unknown =
		typeof definition.shape === 'function' ? definition.shape() : definition.shape;
	const shape = asRecord(given) ?? {};
	const entries = Object.entries(shape);
	return {
		type: 'object',
		properties: Object.fromEntries(entries.map(([key, field]) => [key, fromZod(field, depth)])),
		required: entries.filter(([, field]) => !isOptional(field, 0)).map(([key]) => key),
	};
}

function isOptional(value: unknown, depth: number): boolean {
	const schema = asRecord(value);
	const definition = schema && definitionOf(schema);
	if (!definition || depth > MAX_DEPTH) return false;
	const kind = kindOf(definition);
	if (['optional', 'default', 'prefault', 'catch'].includes(kind)) return true;
	if (!['nullable', 'effects', 'readonly', 'branded', 'pipeline', 'pipe'].includes(kind))
		return false;
	return isOptional(innerOf(definition), depth + 1);
}

function isInteger({ checks }: JsonRecord): boolean {
	return recordsOf(checks).some((check) => {
		const newer = asRecord(asRecord(check._zod)?.def);
		return check.kind === 'int' || /int/.test(textOf(newer?.format) ?? textOf(check.format) ?? '');
	});
}

function enumValues(values: unknown): unknown[] {
	if (Array.isArray(values)) return values;
	const entries = Object.entries(asRecord(values) ?? {});
	// A numeric TypeScript enum also maps its numbers back to names.
	return entries.filter(([key]) => !/^\d+$/.test(key)).map(([, value]) => value);
}

function optionsOf(options: unknown): unknown[] {
	if (Array.isArray(options)) return options;
	return options instanceof Map ? [...options.values()] : [];
}
