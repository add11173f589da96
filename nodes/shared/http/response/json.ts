// Small, lenient readers for JSON of unknown shape.

export type JsonRecord = Record<string, unknown>;

export function asRecord(value: unknown): JsonRecord | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
		? (value as JsonRecord)
		: undefined;
}

/** The entries that are objects; everything else is ignored. */
export function recordsOf(value: unknown): JsonRecord[] {
	if (!Array.isArray(value)) return [];
	return value.map(asRecord).filter((entry) => entry !== undefined);
}

export function textOf(value: unknown): string | undefined {
	return typeof value === 'string' ? value : undefined;
}

export function numberOf(value: unknown): number | undefined {
	return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

/** The value of a JSON text; undefined when it is none. */
export function parseJson(text: string): unknown {
	try {
		return JSON.parse(text) as unknown;
	} catch {
		return undefined;
	}
}

type OmitUndefined<T> = {
	[K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & { [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined> };

/** The record without its properties that are undefined, which a JSON body or an optional field must not hold. */
export function omitUndefined<T extends object>(record: T): OmitUndefined<T> {
	const defined = Object.entries(record).filter(([, value]) => value !== undefined);
	return Object.fromEntries(defined) as OmitUndefined<T>;
}
