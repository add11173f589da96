// The sample workflow in the demo's n8n: imported once, renewed with the project, never over an edit.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StoredWorkflow, WorkflowJson } from '../harness/api-shapes.mts';
import { webhookReady, type N8n } from '../harness/n8n.mts';
import { Problem } from '../harness/problem.mjs';
import { sha256, type DemoState } from './state.mts';

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

/** Imports and publishes the sample; returns it with the path of its webhook, ready to be called. */
export const publishSample = async (
	n8n: N8n,
	checkout: string,
	state: DemoState,
): Promise<{ workflow: StoredWorkflow; path: string }> => {
	const sample = await readFile(join(checkout, 'workflows', 'voice-webhook.json'), 'utf8');
	const sampleHash = sha256(sample);
	const known = state.workflow;
	let workflow = known && (await n8n.api.findWorkflow(known.id));
	const isUntouched = workflow?.versionId === known?.versionId;
	if (!workflow || (isUntouched && known?.sampleHash !== sampleHash)) {
		workflow = await n8n.api.importWorkflow(JSON.parse(sample) as WorkflowJson, workflow?.id);
		state.workflow = { id: workflow.id, versionId: workflow.versionId, sampleHash };
		await n8n.api.publish(workflow);
	} else if (workflow.activeVersionId === null) await n8n.api.publish(workflow);
	const path = webhookPath(workflow);
	await webhookReady(n8n, path);
	return { workflow, path };
};
