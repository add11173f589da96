// Checks a JSON body the way the API's validator does: every problem is listed with its place,
// and an unknown key is a problem too.
import { ValidationError, type Problem } from './errors.mts';

type Location = (string | number)[];
export type Check = (value: unknown, loc: Location) => Problem[];

export type JsonObject = Record<string, unknown>;

export function isObject(value: unknown): value is JsonObject {
	return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const problem = (type: string, loc: Location, msg: string, input: unknown): Problem[] => [
	{ type, loc, msg, input },
];

export function text(limits: { min?: number; max?: number; pattern?: RegExp } = {}): Check {
	return (value, loc) => {
		if (typeof value !== 'string') {
			return problem('string_type', loc, 'Input should be a valid string', value);
		}
		if (limits.min !== undefined && value.length < limits.min) {
			return problem(
				'string_too_short',
				loc,
				`String should have at least ${limits.min} character${limits.min === 1 ? '' : 's'}`,
				value,
			);
		}
		if (limits.max !== undefined && value.length > limits.max) {
			return problem(
				'string_too_long',
				loc,
				`String should have at most ${limits.max} characters`,
				value,
			);
		}
		if (limits.pattern && !limits.pattern.test(value)) {
			return problem(
				'string_pattern_mismatch',
				loc,
				`String should match pattern '${limits.pattern.source}'`,
				value,
			);
		}
		return [];
	};
}

export function number(limits: { min?: number; max?: number; whole?: boolean } = {}): Check {
	return (value, loc) => {
		if (typeof value !== 'number' || !Number.isFinite(value)) {
			return problem('float_type', loc, 'Input should be a valid number', value);
		}
		if (limits.whole && !Number.isInteger(value)) {
			return problem('int_from_float', loc, 'Input should be a valid integer', value);
		}
		if (limits.min !== undefined && value < limits.min) {
			return problem(
				'greater_than_equal',
				loc,
				`Input should be greater than or equal to ${limits.min}`,
				value,
			);
		}
		if (limits.max !== undefined && value > limits.max) {
			return problem(
				'less_than_equal',
				loc,
				`Input should be less than or equal to ${limits.max}`,
				value,
			);
		}
		return [];
	};
}

export const flag: Check = (value, loc) =>
	typeof value === 'boolean'
		? []
		: problem('bool_type', loc, 'Input should be a valid boolean', value);

export const anyObject: Check = (value, loc) =>
	isObject(value) ? [] : problem('dict_type', loc, 'Input should be a valid dictionary', value);

export function oneOf(...allowed: string[]): Check {
	return (value, loc) =>
		typeof value === 'string' && allowed.includes(value)
			? []
			: problem(
					'enum',
					loc,
					`Input should be ${allowed.map((name) => `'${name}'`).join(', ')}`,
					value,
				);
}

export function list(item: Check, limits: { max?: number; min?: number } = {}): Check {
	return (value, loc) => {
		if (!Array.isArray(value)) {
			return problem('list_type', loc, 'Input should be a valid list', value);
		}
		if (limits.min !== undefined && value.length < limits.min) {
			return problem('too_short', loc, `List should have at least ${limits.min} item`, value);
		}
		if (limits.max !== undefined && value.length > limits.max) {
			return problem('too_long', loc, `List should have at most ${limits.max} items`, value);
		}
		return value.flatMap((entry: unknown, index) => item(entry, [...loc, index]));
	};
}

export const orNull =
	(check: Check): Check =>
	(value, loc) =>
		value === null ? [] : check(value, loc);

/** The first alternative that matches wins; when none does, the problems of the last are reported. */
export const either =
	(...checks: Check[]): Check =>
	(value, loc) => {
		let problems: Problem[] = [];
		for (const check of checks) {
			problems = check(value, loc);
			if (problems.length === 0) return problems;
		}
		return problems;
	};

/** A closed object: keys outside `fields` are rejected. Names ending in `*` are required. */
export function shape(fields: Record<string, Check>): Check {
	const known = new Map(
		Object.entries(fields).map(([name, check]) => [
			name.replace('*', ''),
			{ check, required: name.endsWith('*') },
		]),
	);
	return (value, loc) => {
		if (!isObject(value)) {
			return problem(
				'model_attributes_type',
				loc,
				'Input should be a valid dictionary or object to extract fields from',
				value,
			);
		}
		const problems: Problem[] = [];
		for (const [name, { check, required }] of known) {
			if (value[name] !== undefined) problems.push(...check(value[name], [...loc, name]));
			else if (required)
				problems.push(...problem('missing', [...loc, name], 'Field required', value));
		}
		for (const name of Object.keys(value)) {
			if (!known.has(name)) {
				problems.push(
					...problem(
						'extra_forbidden',
						[...loc, name],
						'Extra inputs are not permitted',
						value[name],
					),
				);
			}
		}
		return problems;
	};
}

/** A union discriminated by its `type` (or other) key; `fallback` applies when the key is absent. */
export function tagged(kinds: Record<string, Check>, fallback?: string, key = 'type'): Check {
	return (value, loc) => {
		const kind = isObject(value) ? (value[key] ?? fallback) : undefined;
		const check = typeof kind === 'string' ? kinds[kind] : undefined;
		if (check) return check(value, [...loc, String(kind)]);
		return problem(
			'union_tag_invalid',
			loc,
			`Input tag found using '${key}' does not match any of the expected tags: ${Object.keys(kinds).join(', ')}`,
			value,
		);
	};
}

/** Throws a ValidationError unless the body matches; `lenient` allows unknown keys. */
export function demand(body: unknown, check: Check, lenient: boolean): JsonObject {
	const problems = check(body, ['body']).filter(
		(found) => !(lenient && found.type === 'extra_forbidden'),
	);
	if (problems.length > 0) throw new ValidationError(problems);
	if (!isObject(body))
		throw new ValidationError(problem('dict_type', ['body'], 'not an object', body));
	return body;
}
