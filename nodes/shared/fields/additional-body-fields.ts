// Reads options that hold a JSON object, such as "Additional Body Fields".
import { Failure } from '../errors/failure';
import { asRecord, type JsonRecord, parseJson } from '../http/response/json';

interface JsonOption {
	readonly stage: string;
	/** The option's name in the editor. */
	readonly label?: string;
	/** Properties that the node sends itself. */
	readonly reserved?: readonly string[];
	/** The hint that names the fields to use instead. */
	readonly insteadOfReserved?: string;
}

/**
 * The object; empty when the option is not set. An expression may return an object or its JSON.
 *
 * @throws Failure when the value is neither, or holds a reserved property
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
	const refused = reserved.find((name) => name in record);
	if (refused !== undefined) {
		const message = `${label} must not contain "${refused}"`;
		throw new Failure({ stage, message, hint: insteadOfReserved });
	}
	return record;
}
