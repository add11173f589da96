// Sample workflows in a running n8n: imported with credentials of the test, published, their executions read.
import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type {
	Execution,
	OutputItem,
	StoredWorkflow,
	WorkflowJson,
} from '../../harness/api-shapes.mts';
import type { N8nApi } from '../../harness/api.mts';

export type SampleNode = WorkflowJson['nodes'][number] & {
	parameters: Record<string, unknown>;
	webhookId?: string;
};

export type Sample = WorkflowJson & { nodes: SampleNode[] };

export const readSample = async (file: string): Promise<Sample> =>
	JSON.parse(await readFile(new URL(`../../workflows/${file}`, import.meta.url), 'utf8')) as Sample;

/**
 * Saves the credentials under the names the sample asks for, imports it, with `change` applied to
 * its nodes, and publishes it.
 */
export const publishSampleFile = async (
	api: N8nApi,
	file: string,
	credentials: Record<string, Record<string, unknown>>,
	change: (node: SampleNode) => SampleNode = (node) => node,
): Promise<StoredWorkflow> => {
	const sample = await readSample(file);
	for (const { credentials: asked = {} } of sample.nodes)
		for (const [type, { name }] of Object.entries(asked))
			await api.saveCredential({ name, type, data: credentials[type] ?? {} });
	const workflow = await api.importWorkflow({ ...sample, nodes: sample.nodes.map(change) });
	await api.publish(workflow);
	return workflow;
};

/** What the node gave in its last run: the items of its first output, or of another one. */
export const itemsOf = ({ data }: Execution, node: string, output = 0): OutputItem[] =>
	data.resultData.runData[node]?.at(-1)?.data?.main[output] ?? [];

export const until = async (
	done: () => boolean | Promise<boolean>,
	what: string,
	limitMs = 60_000,
): Promise<void> => {
	for (const endMs = Date.now() + limitMs; Date.now() < endMs; await pause(100))
		if (await done()) return;
	throw new Error(`${what}: not within ${limitMs / 1000} s`);
};
