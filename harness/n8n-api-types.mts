// Types of n8n's internal REST API, as far as this project uses it.

export interface Owner {
	email: string;
	password: string;
	firstName?: string;
	lastName?: string;
}

export interface CredentialData {
	name: string;
	type: string;
	data: Record<string, unknown>;
}

interface WorkflowNode {
	name: string;
	type: string;
	credentials?: Record<string, { id: string | null; name: string }>;
}

/** A workflow in n8n's export format. */
export interface WorkflowJson {
	name: string;
	nodes: WorkflowNode[];
	[key: string]: unknown;
}

export interface StoredWorkflow extends WorkflowJson {
	id: string;
	versionId: string;
	activeVersionId: string | null;
	isArchived: boolean;
}

export interface OutputItem {
	json: Record<string, unknown>;
	binary?: Record<
		string,
		{ mimeType: string; fileName?: string; fileExtension?: string; id?: string }
	>;
	pairedItem?: unknown;
}

export interface NodeRun {
	startTime: number;
	/** Milliseconds. */
	executionTime: number;
	executionStatus?: string;
	error?: { message: string; description?: string | null };
	data?: { main: (OutputItem[] | null)[] };
}

export interface Execution {
	id: string;
	status: string;
	workflowData: { nodes: WorkflowNode[] };
	data: {
		resultData: {
			runData: Record<string, NodeRun[]>;
			error?: { message: string; description?: string | null; node?: { name: string } };
			lastNodeExecuted?: string;
		};
	};
}

/** An error response of n8n. */
export class N8nRefusal extends Error {
	readonly status: number;

	constructor(call: string, status: number, text: string) {
		let message = text.slice(0, 300);
		try {
			message = (JSON.parse(text) as { message?: string }).message ?? message;
		} catch {
			// Not JSON: the text is the message.
		}
		super(`n8n refused ${call} (${status}): ${message}`);
		this.status = status;
	}
}
