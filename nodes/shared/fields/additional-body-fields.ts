// Reads options that hold a JSON object, "Additional Body Fields" above all.
import { Failure } from '../errors/failure';
import { asRecord, type JsonRecord, parseJson } from '../http/response/json';

interface JsonOption {
	readonly stage: string;
	/** As people see it. */
	readonly label?: string;
	/** Properties that the node itself sends, and where they are set instead. */
	readonly reserved?: readonly string[];
	readonly insteadOfReserved?: string;
}

/**
 * The object, empty when nothing was set. Expressions may give an object or its JSON.
 *
 * @throws Failure when it is neither, or holds a reserved property
 */
export function readJsonOption(
	value: unknown,
	{ stage, label = 'Additional Body Fields', reserved = [], insteadOfReserved = '' }: JsonOption,
): JsonRecord {
	const isEmpty = value === undefined || value === null || String(value).trim() === '';
	if (isEmpty) return {};
	const record = asRecord(typeof value === 'string' ? parseJson(value) : value);
	if (!record) {
		throw new Failure({
			stage,
			message: `${label} is not a JSON object`,
			hint: `Correct ${label} in the options: it begins with { and ends with }, and names stand in double quotes, like {"name": "value"}.`,
		});
	}
	const taken = reserved.find((name) => name in record);
	if (taken !== undefined) {
		const message = `${label} must not contain "${taken}"`;
		throw new Failure({ stage, message, hint: insteadOfReserved });
	}
	return record;
}
