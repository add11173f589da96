// n8n's storage form of execution data: one flat list in which every string stands for the value at that
// place, so that shared and circular values survive JSON (the npm package "flatted" describes it).

const isObject = (value: unknown): value is Record<string, unknown> =>
	typeof value === 'object' && value !== null;

/** The value that `text` stores. */
export const unflatten = (text: string): unknown => {
	const list = JSON.parse(text) as unknown[];
	const built = new Map<number, unknown>();
	const at = (place: number): unknown => {
		if (built.has(place)) return built.get(place);
		const stored = list[place];
		if (!isObject(stored)) return stored;
		const value: Record<string, unknown> | unknown[] = Array.isArray(stored) ? [] : {};
		built.set(place, value);
		for (const [key, entry] of Object.entries(stored))
			Object.assign(value, { [key]: typeof entry === 'string' ? at(Number(entry)) : entry });
		return value;
	};
	return at(0);
};
