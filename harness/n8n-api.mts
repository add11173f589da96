// Client of n8n's internal REST API, which its editor uses: owner, credentials, workflows, executions.
import { parse } from 'flatted';
import { Problem } from './problem.mjs';
import {
	type CredentialData,
	type Execution,
	N8nRefusal,
	type Owner,
	type StoredWorkflow,
	type WorkflowJson,
} from './n8n-api-types.mts';

interface Reply<T> {
	data: T;
	message?: string;
}

export class N8nApi {
	readonly #url: string;

	#cookie: string;

	/** `session` is an existing sign-in: n8n allows five sign-ins a minute. */
	constructor(url: string, session = '') {
		this.#url = url;
		this.#cookie = session;
	}

	get session(): string {
		return this.#cookie;
	}

	async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
		const response = await fetch(`${this.#url}${path}`, {
			method,
			headers: {
				// n8n closes idle keep-alive connections, sometimes while the next call is being sent.
				connection: 'close',
				...(this.#cookie && { cookie: this.#cookie }),
				...(body !== undefined && { 'content-type': 'application/json' }),
			},
			...(body !== undefined && { body: JSON.stringify(body) }),
			signal: AbortSignal.timeout(60_000),
		});
		const text = await response.text();
		if (!response.ok) throw new N8nRefusal(`${method} ${path}`, response.status, text);
		const cookie = response.headers.getSetCookie().find((line) => line.startsWith('n8n-auth='));
		if (cookie !== undefined) this.#cookie = cookie.split(';')[0] ?? '';
		return JSON.parse(text) as T;
	}

	/** Creates the owner of a new n8n, or signs in as the existing owner. */
	async signIn({ email, password, firstName = 'Voice', lastName = 'Demo' }: Owner): Promise<void> {
		const settings = await this.#call<
			Reply<{ userManagement: { showSetupOnFirstLoad?: boolean } }>
		>('GET', '/rest/settings');
		if (settings.data.userManagement.showSetupOnFirstLoad === true) {
			await this.#call('POST', '/rest/owner/setup', { email, password, firstName, lastName });
			return;
		}
		await this.#call('POST', '/rest/login', { emailOrLdapLoginId: email, password });
	}

	async #findCredential({
		name,
		type,
	}: Pick<CredentialData, 'name' | 'type'>): Promise<string | undefined> {
		const all = await this.#call<Reply<{ id: string; name: string; type: string }[]>>(
			'GET',
			'/rest/credentials',
		);
		return all.data.find((found) => found.name === name && found.type === type)?.id;
	}

	/** Creates the credential, or updates the one of that name and type; returns its id. */
	async saveCredential(credential: CredentialData): Promise<string> {
		const id = await this.#findCredential(credential);
		const saved = await this.#call<Reply<{ id: string }>>(
			id === undefined ? 'POST' : 'PATCH',
			id === undefined ? '/rest/credentials' : `/rest/credentials/${id}`,
			credential,
		);
		return saved.data.id;
	}

	/** Deletes all credentials, as in a new n8n. */
	async deleteCredentials(): Promise<void> {
		const { data } = await this.#call<Reply<{ id: string }[]>>('GET', '/rest/credentials');
		for (const { id } of data) await this.#call('DELETE', `/rest/credentials/${id}`);
	}

	/** Runs the credential test that the editor runs after saving. */
	async testCredential(
		id: string,
		credential: CredentialData,
	): Promise<{ status: 'OK' | 'Error'; message: string }> {
		const reply = await this.#call<Reply<{ status: 'OK' | 'Error'; message: string }>>(
			'POST',
			'/rest/credentials/test',
			{ credentials: { id, ...credential } },
		);
		return reply.data;
	}

	/** Names of all loaded node types, with their package prefix. */
	async nodeTypes(): Promise<string[]> {
		const types = await this.#call<{ name: string }[]>('GET', '/types/nodes.json');
		return types.map(({ name }) => name);
	}

	/** Version of n8n. */
	async version(): Promise<string> {
		const settings = await this.#call<Reply<{ versionCli: string }>>('GET', '/rest/settings');
		return settings.data.versionCli;
	}

	/** Versions of every loaded node type. */
	async nodeVersions(): Promise<Map<string, number[]>> {
		const types = await this.#call<{ name: string; version: number | number[] }[]>(
			'GET',
			'/types/nodes.json',
		);
		const known = new Map<string, number[]>();
		for (const { name, version } of types)
			known.set(name, [...(known.get(name) ?? []), ...[version].flat()]);
		return known;
	}

	/** Sets the id of each node's credential by name, as choosing it in the editor does. */
	async #withCredentials(workflow: WorkflowJson): Promise<WorkflowJson> {
		const nodes = await Promise.all(
			workflow.nodes.map(async (node) => {
				const linked = await Promise.all(
					Object.entries(node.credentials ?? {}).map(async ([type, { name }]) => {
						const id = await this.#findCredential({ name, type });
						if (id === undefined)
							throw new Problem(
								`The workflow "${workflow.name}" asks for the credential "${name}", which this n8n does not have.`,
							);
						return [type, { id, name }] as const;
					}),
				);
				return node.credentials ? { ...node, credentials: Object.fromEntries(linked) } : node;
			}),
		);
		return { ...workflow, nodes };
	}

	/** The workflow of that id, unless it is deleted or archived. */
	async findWorkflow(id: string): Promise<StoredWorkflow | undefined> {
		try {
			const found = await this.#call<Reply<StoredWorkflow>>('GET', `/rest/workflows/${id}`);
			return found.data.isArchived ? undefined : found.data;
		} catch (error) {
			if (error instanceof N8nRefusal && [403, 404].includes(error.status)) return undefined;
			throw error;
		}
	}

	/** Imports a workflow; with `id` it replaces that one. */
	async importWorkflow(workflow: WorkflowJson, id?: string): Promise<StoredWorkflow> {
		const linked = await this.#withCredentials(workflow);
		const reply = await this.#call<Reply<StoredWorkflow>>(
			id === undefined ? 'POST' : 'PATCH',
			id === undefined ? '/rest/workflows' : `/rest/workflows/${id}?forceSave=true`,
			// n8n 1.x requires `active: false` for a new workflow.
			id === undefined ? { active: false, ...linked } : linked,
		);
		return reply.data;
	}

	/** Publishes that version. n8n does so in the background: the webhook responds 404 for a while. */
	async publish({ id, versionId }: Pick<StoredWorkflow, 'id' | 'versionId'>): Promise<void> {
		await this.#call('POST', `/rest/workflows/${id}/activate`, { versionId });
	}

	async unpublish(id: string): Promise<void> {
		await this.#call('POST', `/rest/workflows/${id}/deactivate`, {});
	}

	/** Ids of the latest executions of the workflow, newest first. */
	async executionIds(workflowId: string): Promise<string[]> {
		const filter = encodeURIComponent(JSON.stringify({ workflowId }));
		const list = await this.#call<Reply<{ results: { id: string }[] }>>(
			'GET',
			`/rest/executions?filter=${filter}&limit=10`,
		);
		return list.data.results.map(({ id }) => id);
	}

	/** Executes the workflow as the editor does; returns the execution id. */
	async runManually(workflowId: string, trigger: string): Promise<string> {
		const reply = await this.#call<Reply<{ executionId: string }>>(
			'POST',
			`/rest/workflows/${workflowId}/run`,
			{ triggerToStartFrom: { name: trigger } },
		);
		return reply.data.executionId;
	}

	/** Stops the execution as the editor does. */
	async stopExecution(id: string): Promise<void> {
		await this.#call('POST', `/rest/executions/${id}/stop`);
	}

	/** An execution with the data of every node. */
	async execution(id: string): Promise<Execution> {
		const { data } = await this.#call<Reply<Omit<Execution, 'data'> & { data: string }>>(
			'GET',
			`/rest/executions/${id}`,
		);
		return { ...data, data: parse(data.data) as Execution['data'] };
	}
}
