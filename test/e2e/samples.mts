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

export interface Sample extends WorkflowJson {
	nodes: SampleNode[];
}

export const readSample = async (file: string): Promise<Sample> =>
	JSON.parse(await readFile(new URL(`../../workflows/${file}`, import.meta.url), 'utf8')) as Sample;

/**
 * Saves the credentials the sample asks for under names of their own, so that tests do not meet,
 * imports the sample with `change` applied to its nodes, and publishes it.
 */
export const publishSampleFile = async (
	api: N8nApi,
	file: string,
	credentials: Record<string, Record<string, unknown>>,
	change: (node: SampleNode) => SampleNode = (node) => node,
): Promise<StoredWorkflow> => {
	const sample = await readSample(file);
	const own = (name: string) => `${name} of ${file}`;
	for (const { credentials: asked = {} } of sample.nodes)
		for (const [type, { name }] of Object.entries(asked))
			await api.saveCredential({ name: own(name), type, data: credentials[type] ?? {} });
	const nodes = sample.nodes.map((node) => ({
		...change(node),
		...(node.credentials && {
			credentials: Object.fromEntries(
				Object.entries(node.credentials).map(([type, { name }]) => [
					type,
					{ id: null, name: own(name) },
				]),
			),
		}),
	}));
	const workflow = await api.importWorkflow({ ...sample, nodes });
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
