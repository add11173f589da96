// The shape of an execution's items, without their values, compared with the shapes stored beside this file.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { Execution } from '../../harness/n8n-api-types.mts';

export type Shape = string | Shape[] | { [key: string]: Shape };

/** A list has the shape of its first entry. */
export function shapeOf(value: unknown): Shape {
	if (value === null) return 'null';
	if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])];
	if (typeof value !== 'object') return typeof value;
	const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
	return Object.fromEntries(entries.map(([key, inner]) => [key, shapeOf(inner)]));
}

/** For each node in order of execution: the first item of its first output that has one. */
export function runShape({ data }: Execution): Record<string, Shape> {
	const steps = Object.entries(data.resultData.runData);
	const first = (step: string) => data.resultData.runData[step]?.[0];
	return Object.fromEntries(
		steps.map(([step]) => {
			const outputs = first(step)?.data?.main ?? [];
			const output = outputs.findIndex((items) => (items?.length ?? 0) > 0);
			const item = outputs[output]?.[0];
			return [
				step,
				{
					output: String(output),
					json: shapeOf(item?.json ?? {}),
					binary: Object.entries(item?.binary ?? {}).map(
						([field, { mimeType, fileName = '' }]) =>
							`${field}: ${mimeType}, ${fileName.replace(/^.*(?=\.)/, '*')}`,
					),
				},
			];
		}),
	);
}

/**
 * The stored shape of a sample and that of this run. With WRITE_SHAPES=1 the run's is stored.
 */
export async function compareShape(
	sample: string,
	execution: Execution,
): Promise<{ stored: unknown; now: Record<string, Shape> }> {
	const file = new URL(`./shapes/${sample}.json`, import.meta.url);
	const now = runShape(execution);
	if (process.env.WRITE_SHAPES === '1') {
		await mkdir(new URL('./shapes/', import.meta.url), { recursive: true });
		await writeFile(file, `${JSON.stringify(now, null, '\t')}\n`);
	}
	const stored: unknown = existsSync(file) ? JSON.parse(await readFile(file, 'utf8')) : undefined;
	return { stored, now };
}
