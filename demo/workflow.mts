// Imports the sample workflows into the demo's n8n once, updates them with the project, and never overwrites edits.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredWorkflow, WorkflowJson } from '../harness/n8n-api-types.mts';
import { webhookReady, type N8n } from '../harness/n8n.mts';
import { Problem } from '../harness/problem.mjs';
import { sha256, type ImportedSample } from './state.mts';

interface WebhookNode {
	type: string;
	parameters?: { path?: unknown };
}

const webhookPath = (workflow: WorkflowJson): string => {
	const webhook = (workflow.nodes as (WebhookNode & WorkflowJson['nodes'][number])[]).find(
		({ type }) => type === 'n8n-nodes-base.webhook',
	);
	if (typeof webhook?.parameters?.path !== 'string')
		throw new Problem(
			`The workflow "${workflow.name}" has no Webhook step to send the question to.`,
		);
	return webhook.parameters.path;
};

export interface PublishedSample {
	workflow: StoredWorkflow;
	/** URL of its webhook. */
	path: string;
	/** Saved for the next start. */
	imported: ImportedSample;
}

/** Imports and publishes a sample of the folder `workflows`, unless `known` is still current. */
export const publishSample = async (
	n8n: N8n,
	checkout: string,
	file: string,
	known: ImportedSample | undefined,
): Promise<PublishedSample> => {
	const sample = await readFile(join(checkout, 'workflows', file), 'utf8');
	const sampleHash = sha256(sample);
	let imported = known;
	let workflow = known && (await n8n.api.findWorkflow(known.id));
	const isUntouched = workflow?.versionId === known?.versionId;
	if (!workflow || !imported || (isUntouched && known?.sampleHash !== sampleHash)) {
		workflow = await n8n.api.importWorkflow(JSON.parse(sample) as WorkflowJson, workflow?.id);
		imported = { id: workflow.id, versionId: workflow.versionId, sampleHash };
		await n8n.api.publish(workflow);
	} else if (workflow.activeVersionId === null) await n8n.api.publish(workflow);
	const path = webhookPath(workflow);
	await webhookReady(n8n, path);
	return { workflow, path, imported };
};
