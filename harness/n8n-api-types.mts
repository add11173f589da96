// What goes over n8n's REST interface: the parts of it this project reads and writes.

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

/** A workflow as n8n exports and imports it. */
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
	/** In milliseconds. */
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

/** n8n answered a call with an error. */
export class N8nRefusal extends Error {
	readonly status: number;

	constructor(call: string, status: number, text: string) {
		let message = text.slice(0, 300);
		try {
			message = (JSON.parse(text) as { message?: string }).message ?? message;
		} catch {
			// Not JSON: the text itself says it.
		}
		super(`n8n refused ${call} (${status}): ${message}`);
		this.status = status;
	}
}
