// One turn of the demo: posts a recorded question to the workflow and reads the spoken reply and the execution.
import { readFile } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import type { Execution, NodeRun, OutputItem, StoredWorkflow } from '../harness/n8n-api-types.mts';
import { nextExecution, type N8n } from '../harness/n8n.mts';
import { Problem } from '../harness/problem.mjs';

export interface Turn {
	heard: string;
	answer: string;
	sources: { title: string; url: string }[];
	reply: Uint8Array;
	mimeType: string;
	/** Duration of each stage in milliseconds, in order. */
	stages: { name: string; ms: number }[];
	/** Milliseconds from the first byte sent to the last byte received. */
	wholeMs: number;
}

const mimeTypes: Readonly<Record<string, string>> = {
	'.ogg': 'audio/ogg',
	'.oga': 'audio/ogg',
	'.opus': 'audio/ogg',
	'.mp3': 'audio/mpeg',
	'.wav': 'audio/wav',
	'.flac': 'audio/flac',
	'.m4a': 'audio/mp4',
	'.mp4': 'audio/mp4',
	'.webm': 'audio/webm',
};

/** @throws Problem when there is no such file */
export const readRecording = async (file: string): Promise<File> => {
	try {
		const type = mimeTypes[extname(file).toLowerCase()] ?? 'application/octet-stream';
		return new File([await readFile(file)], basename(file), { type });
	} catch {
		throw new Problem(
			`The recording ${file} was not found or cannot be read: give the path of an audio file.`,
		);
	}
};

/** Runs of the node of that type. */
const runsOf = (execution: Execution, type: string): NodeRun[] => {
	const node = execution.workflowData.nodes.find(
		(found) => found.type === `n8n-nodes-voxtral.${type}`,
	);
	return node === undefined ? [] : (execution.data.resultData.runData[node.name] ?? []);
};

const firstItem = (runs: readonly NodeRun[]): OutputItem | undefined => runs[0]?.data?.main[0]?.[0];

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const sourcesOf = (value: unknown): Turn['sources'] =>
	(Array.isArray(value) ? value : []).map((source: { title?: unknown; url?: unknown }) => ({
		title: text(source.title),
		url: text(source.url),
	}));

const sentence = (part: string): string =>
	/[.!?]$/.test(part.trim()) ? part.trim() : `${part.trim()}.`;

/** Why an execution failed: the node, the error, the advice. */
export const failureOf = (execution: Execution): string => {
	const { error, lastNodeExecuted } = execution.data.resultData;
	if (!error) return 'The workflow ended without a spoken reply. Look at Executions in the editor.';
	const step = error.node?.name ?? lastNodeExecuted ?? 'The workflow';
	const parts = [error.message, error.description ?? ''].filter((part) => part.trim() !== '');
	return `${step}: ${parts.map(sentence).join(' ')}`;
};

export const takeTurn = async (
	n8n: N8n,
	workflow: Pick<StoredWorkflow, 'id'>,
	path: string,
	question: File,
): Promise<Turn> => {
	const form = new FormData();
	form.append('data', question);
	const before = await n8n.api.executionIds(workflow.id);
	const startedMs = performance.now();
	const response = await fetch(`${n8n.url}/webhook/${path}`, {
		method: 'POST',
		body: form,
		signal: AbortSignal.timeout(10 * 60_000),
	});
	const reply = new Uint8Array(await response.arrayBuffer());
	const wholeMs = performance.now() - startedMs;
	const execution = await nextExecution(n8n.api, workflow, before);
	const mimeType = (response.headers.get('content-type') ?? '').split(';')[0] ?? '';
	if (!response.ok || !mimeType.startsWith('audio/')) throw new Problem(failureOf(execution));

	const [transcribe, agent, speak] = ['voxtralTranscribe', 'mistralAgent', 'voxtralSpeak'].map(
		(type) => runsOf(execution, type),
	) as [NodeRun[], NodeRun[], NodeRun[]];
	const answer = firstItem(agent)?.json ?? {};
	return {
		heard: text(firstItem(transcribe)?.json.text),
		answer: text(answer.output),
		sources: sourcesOf(answer.sources),
		reply,
		mimeType,
		stages: [
			{ name: 'hearing', runs: transcribe },
			{ name: 'answering', runs: agent },
			{ name: 'speaking', runs: speak },
		].map(({ name, runs }) => ({
			name,
			ms: runs.reduce((sum, run) => sum + run.executionTime, 0),
		})),
		wholeMs,
	};
};
