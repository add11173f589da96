// n8n's real workflow engine without its server: loads the built package as n8n does and runs workflows.
import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import {
	BinaryDataService,
	ExecutionLifecycleHooks,
	LoadOptionsContext,
	PackageDirectoryLoader,
	SupplyDataContext,
	WorkflowExecute,
} from 'n8n-core';
import type {
	IBinaryData,
	ICredentialDataDecryptedObject,
	IDataObject,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeListSearchResult,
	INodeParameters,
	INodeType,
	IRun,
	IRunExecutionData,
	IWorkflowExecuteAdditionalData,
	NodeExecutionHint,
	StructuredChunk,
} from 'n8n-workflow';
import { ICredentialsHelper, NodeConnectionTypes, Workflow } from 'n8n-workflow';

export const packageRoot = resolve(import.meta.dirname, '../..');
// n8n-core's own container: another copy of the package would not hold its services.
const { Container } = createRequire(import.meta.resolve('n8n-core'))(
	'@n8n/di',
) as typeof import('@n8n/di');

const PACKAGE = 'n8n-nodes-voxtral';
const LOCATION = { type: 'execution', workflowId: '1', executionId: '1' } as const;

/** Binary mode. `combined` is `filesystem` with the files inside the JSON, under `_files`: a setting of newer workflows. */
export type BinaryMode = 'memory' | 'filesystem' | 'combined';

export interface Voice {
	readonly bytes: Buffer;
	readonly fileName?: string;
	readonly mimeType?: string;
	/** Binary field name. */
	readonly field?: string;
}

export interface RunOptions {
	/** Nodes of this package by type name; several are connected in a row. */
	readonly nodes: readonly NodeRun[];
	readonly items?: readonly INodeExecutionData[];
	readonly streaming?: boolean;
	readonly subNodes?: readonly SubNode[];
	/** Called with the function that cancels the running execution. */
	readonly onStart?: (cancel: () => void) => void;
}

/** A sub-node of the last node, such as a memory or a tool. */
export interface SubNode {
	readonly name: string;
	readonly connection: 'ai_memory' | 'ai_tool';
	readonly nodeType: INodeType;
	readonly typeVersion?: number;
	readonly parameters?: INodeParameters;
}

export interface NodeRun {
	readonly type: string;
	readonly parameters?: INodeParameters;
	readonly onError?: INode['onError'];
	readonly retryOnFail?: boolean;
}

export interface RunResult {
	/** Output items of the last node's first output. */
	readonly items: INodeExecutionData[];
	/** Output items of its error output, under `continueErrorOutput`. */
	readonly errorItems: INodeExecutionData[];
	readonly error:
		| (Error & { description?: string; context?: IDataObject; httpCode?: string })
		| undefined;
	readonly hints: NodeExecutionHint[];
	readonly chunks: StructuredChunk[];
	readonly run: IRun;
}

class FixedCredentials extends ICredentialsHelper {
	private readonly data: ICredentialDataDecryptedObject;

	constructor(data: ICredentialDataDecryptedObject) {
		super();
		this.data = data;
	}

	override getParentTypes(): string[] {
		return [];
	}

	override async authenticate(
		credentials: ICredentialDataDecryptedObject,
		typeName: string,
		requestOptions: IHttpRequestOptions,
	): Promise<IHttpRequestOptions> {
		const { authenticate } = (await loadPackage()).getCredential(typeName).type;
		if (typeof authenticate !== 'function') throw new Error(`${typeName} has no authenticate()`);
		return await authenticate(credentials, requestOptions);
	}

	override async preAuthentication(): Promise<undefined> {
		return undefined;
	}

	override async runPreAuthentication(): Promise<undefined> {
		return undefined;
	}

	override async getCredentials(): Promise<never> {
		throw new Error('The engine tests read credentials decrypted only');
	}

	override async getDecrypted(): Promise<ICredentialDataDecryptedObject> {
		return this.data;
	}

	override async updateCredentials(): Promise<void> {}

	override async updateCredentialsOauthTokenData(): Promise<void> {}

	override getCredentialsProperties(): [] {
		return [];
	}

	override isCredentialUsableByNode(): boolean {
		return true;
	}
}

const fakeTrigger: INodeType = {
	description: {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		version: 1,
		description: 'Begins the run',
		defaults: { name: 'Start' },
		inputs: [],
		outputs: ['main'],
		properties: [],
	},
	async execute() {
		return [this.getInputData()];
	},
};

let loader: PackageDirectoryLoader | undefined;

/** The built package in n8n's own loader; build first (`npm run build`). */
export async function loadPackage(): Promise<PackageDirectoryLoader> {
	if (!loader) {
		loader = new PackageDirectoryLoader(packageRoot);
		await loader.loadAll();
	}
	return loader;
}

export interface Engine {
	run(options: RunOptions): Promise<RunResult>;
	/** Makes an input item with recordings in n8n's binary store. */
	item(json: IDataObject, ...voices: Voice[]): Promise<INodeExecutionData>;
	/** Calls the list search of a parameter, as the editor does. */
	list(
		type: string,
		method: string,
		filter?: string,
		page?: string,
	): Promise<INodeListSearchResult>;
	/** Calls a node as a tool of an AI agent; expressions have `$fromAI` but no `$('Start')`. */
	tool(type: string, parameters: INodeParameters, args: IDataObject): Promise<INodeExecutionData[]>;
	/** The bytes of an output item's binary field. */
	bytes(item: INodeExecutionData | undefined, field?: string): Promise<Buffer>;
	close(): Promise<void>;
}

export async function startEngine(
	credential: { apiKey: string; baseUrl: string; allowHttp?: boolean },
	binaryMode: BinaryMode = 'memory',
): Promise<Engine> {
	const loaded = await loadPackage();
	const storage = await mkdtemp(join(tmpdir(), 'voxtral-engine-'));
	const binaryData = Container.get(BinaryDataService);
	// The service reads its settings from the environment; here each engine has its own settings.
	const settings = binaryData as unknown as { mode: string; config: Record<string, string> };
	if (binaryMode !== 'memory') {
		Object.assign(settings.config, { mode: 'filesystem', localStoragePath: storage });
		await binaryData.init();
	} else {
		settings.mode = 'default';
	}

	const nodeType = (type: string): INodeType =>
		type === 'start'
			? fakeTrigger
			: (loaded.getNode(type.replace(`${PACKAGE}.`, '')).type as INodeType);

	const workflowOf = (nodeRuns: readonly NodeRun[], subNodes: readonly SubNode[] = []) => {
		const { nodes, connections } = chain(nodeRuns);
		const parent = nodes.at(-1)?.name ?? '';
		for (const { name, connection, typeVersion, parameters } of subNodes) {
			nodes.push({
				id: name,
				name,
				type: name,
				typeVersion: typeVersion ?? 1,
				position: [0, 200],
				parameters: parameters ?? {},
			});
			Object.assign(connections, {
				[name]: { [connection]: [[{ node: parent, type: connection, index: 0 }]] },
			});
		}
		const typeOf = (type: string) =>
			subNodes.find(({ name }) => name === type)?.nodeType ?? nodeType(type);
		const workflow = new Workflow({
			id: '1',
			name: 'test',
			nodes,
			connections,
			active: false,
			nodeTypes: {
				getByName: typeOf,
				getByNameAndVersion: typeOf,
				getKnownTypes: () => ({}),
			},
			settings: {
				executionOrder: 'v1',
				timezone: 'Europe/Paris',
				...(binaryMode === 'combined' ? { binaryMode } : {}),
			},
		});
		return { workflow, nodes, connections, lastNode: parent };
	};

	const additionalData = (more: object = {}) =>
		({
			credentialsHelper: new FixedCredentials(credential),
			executionId: '1',
			restApiUrl: 'http://127.0.0.1/rest',
			instanceBaseUrl: 'http://127.0.0.1/',
			webhookWaitingBaseUrl: 'http://127.0.0.1/waiting',
			formWaitingBaseUrl: 'http://127.0.0.1/form',
			variables: {},
			setExecutionStatus: () => undefined,
			sendDataToUI: () => undefined,
			logAiEvent: () => undefined,
			...more,
		}) as unknown as IWorkflowExecuteAdditionalData;

	const run = async (options: RunOptions): Promise<RunResult> => {
		const { workflow, nodes, connections, lastNode } = workflowOf(options.nodes, options.subNodes);
		const chunks: StructuredChunk[] = [];
		const hooks = new ExecutionLifecycleHooks('webhook', '1', {
			id: '1',
			name: 'test',
			nodes,
			connections,
			active: false,
			isArchived: false,
			createdAt: new Date(),
			updatedAt: new Date(),
			activeVersionId: null,
		});
		if (options.streaming) hooks.addHandler('sendChunk', (chunk) => void chunks.push(chunk));
		const streamingEnabled = options.streaming ?? false;
		const execute = new WorkflowExecute(additionalData({ hooks, streamingEnabled }), 'webhook');
		const execution = execute.run({
			workflow,
			startNode: workflow.getNode('Start') ?? undefined,
			pinData: { Start: [...(options.items ?? [{ json: {} }])] as never },
		});
		options.onStart?.(() => execution.cancel());
		return result(await execution, lastNode, chunks);
	};

	return {
		run,
		item: async (json, ...voices) => {
			const binary: Record<string, IBinaryData> = {};
			for (const { bytes, fileName, mimeType, field } of voices) {
				const entry: IBinaryData = {
					data: '',
					mimeType: mimeType ?? 'application/octet-stream',
					...(fileName === undefined ? {} : { fileName }),
				};
				binary[field ?? 'data'] = await binaryData.store(LOCATION, bytes, entry);
			}
			if (voices.length === 0) return { json };
			return binaryMode === 'combined' ? { json: { ...json, _files: binary } } : { json, binary };
		},
		list: async (type, method, filter, page) => {
			const { workflow, nodes } = workflowOf([{ type }]);
			const node = nodes.at(-1);
			const search = nodeType(type).methods?.listSearch?.[method];
			if (!node || !search) throw new Error(`no list ${method} on ${type}`);
			const context = new LoadOptionsContext(workflow, node, additionalData(), '');
			return await search.call(context, filter, page);
		},
		tool: async (type, parameters, args) => {
			const { workflow, nodes } = workflowOf([{ type, parameters }]);
			const node = nodes.at(-1) as INode;
			const runData = { resultData: { runData: {} }, executionData: { contextData: {} } };
			const context = new SupplyDataContext(
				workflow,
				node,
				additionalData(),
				'manual',
				runData as unknown as IRunExecutionData,
				0,
				[],
				{},
				NodeConnectionTypes.AiTool,
				{ data: {}, node, source: null },
				[],
			);
			context.addInputData(NodeConnectionTypes.AiTool, [[{ json: args }]]);
			const outputs = await nodeType(type).execute?.call(context as never);
			return (outputs as INodeExecutionData[][])[0] ?? [];
		},
		bytes: async (item, field = 'data') => {
			const inJson = item?.json._files as Record<string, IBinaryData> | undefined;
			const data = item?.binary?.[field] ?? inJson?.[field];
			if (!data) throw new Error(`no binary field ${field}`);
			return await binaryData.getAsBuffer(data);
		},
		close: async () => {
			await rm(storage, { recursive: true, force: true });
		},
	};
}

function chain(nodeRuns: readonly NodeRun[]): {
	nodes: INode[];
	connections: Record<string, { main: { node: string; type: 'main'; index: number }[][] }>;
} {
	const nodes: INode[] = [
		{ id: '0', name: 'Start', type: 'start', typeVersion: 1, position: [0, 0], parameters: {} },
		...nodeRuns.map(({ type, parameters, onError, retryOnFail }, index) => ({
			id: String(index + 1),
			name: `${type} ${index + 1}`,
			type: `${PACKAGE}.${type}`,
			typeVersion: 1,
			position: [index * 200 + 200, 0] as [number, number],
			parameters: parameters ?? {},
			credentials: { mistralVoiceApi: { id: '1', name: 'Mistral Voice account' } },
			...(onError ? { onError } : {}),
			...(retryOnFail ? { retryOnFail } : {}),
		})),
	];
	const connections = Object.fromEntries(
		nodes
			.slice(0, -1)
			.map((node, index) => [
				node.name,
				{ main: [[{ node: nodes[index + 1]?.name ?? '', type: 'main' as const, index: 0 }]] },
			]),
	);
	return { nodes, connections };
}

function result(run: IRun, lastNode: string, chunks: StructuredChunk[]): RunResult {
	const data = run.data.resultData;
	const task = data.runData[lastNode]?.at(-1);
	return {
		items: task?.data?.main?.[0] ?? [],
		errorItems: task?.data?.main?.[1] ?? [],
		error: data.error as RunResult['error'],
		hints: task?.hints ?? [],
		chunks,
		run,
	};
}
