// The kinds of operation in the table of faults, each from the few words that tell one from the next.
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { recording } from '../engine-fixture.mts';
import type { SubNode } from '../engine.mts';
import type { Stream } from './fault-rows.mts';
import { type Account, type Lane, type Ready, runList, runNode } from './outcome.mts';

export interface TriedOperation {
	/** Which table it stands in. */
	readonly group: string;
	readonly name: string;
	/** Begins every stage of its failures. */
	readonly stage: string;
	readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	readonly stream?: Stream;
	/** Begins the stage when nothing can be reached at all; `stage` when absent. */
	readonly firstStage?: string;
	/** Requests counted for the item before the struck one. */
	readonly before?: number;
	/** The longest it may take, where it has no Timeout. */
	readonly deadlineSeconds?: number;
	/** Goes on where a stream broke while it was heard. */
	readonly resumes?: true;
	/** Without the struck answer the item goes on all the same, with a hint. */
	readonly goesOn?: true;
	ready(lane: Lane, account: Account): Promise<Ready>;
}

const note = async ({ engine }: Lane): Promise<INodeExecutionData> =>
	await engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });

type Options = Record<string, string | number | boolean>;
type Shared = Pick<TriedOperation, 'name'> & Partial<TriedOperation>;

export function transcribing(
	{ name, ...more }: Shared,
	path: string | RegExp,
	parameters: (account: Account) => INodeParameters,
	options: Options = {},
): TriedOperation {
	return {
		group: 'Voxtral Transcribe',
		name,
		stage: 'transcribe',
		method: 'POST',
		ready: async (lane, account) => ({
			path,
			run: async (timeoutSeconds) =>
				await runNode(
					lane,
					{
						type: 'voxtralTranscribe',
						parameters: { ...parameters(account), options: { ...options, timeoutSeconds } },
					},
					{ items: [await note(lane)], streaming: more.stream !== undefined },
				),
		}),
		...more,
	};
}

interface Asking {
	readonly path?: (conversationId: string, account: Account) => string | RegExp;
	readonly parameters?: (conversationId: string, account: Account) => INodeParameters;
	readonly prepare?: (lane: Lane, conversationId: string) => Promise<void>;
	readonly options?: Options;
	readonly subNodes?: readonly SubNode[];
}

export function asking({ name, ...more }: Shared, how: Asking): TriedOperation {
	return {
		group: 'Mistral Agent: Ask',
		name,
		stage: 'ask',
		method: 'POST',
		ready: async (lane, account) => {
			const { path = () => '/v1/conversations', parameters = () => ({}), options } = how;
			const begun = await lane.call('POST', '/v1/conversations', {
				model: 'mistral-small-latest',
				inputs: 'Hi',
			});
			const id = String(begun.conversation_id);
			await how.prepare?.(lane, id);
			return {
				path: path(id, account),
				run: async (timeoutSeconds) =>
					await runNode(
						lane,
						{
							type: 'mistralAgent',
							parameters: {
								prompt: 'Tell me something',
								builtInTools: [],
								...parameters(id, account),
								options: { ...options, timeoutSeconds },
							},
						},
						{ streaming: more.stream !== undefined, subNodes: how.subNodes ?? [] },
					),
			};
		},
		...more,
	};
}

export function speaking(
	{ name, ...more }: Shared,
	path: string,
	options: Options = {},
): TriedOperation {
	const format = more.stream ? { format: 'pcm' } : {};
	return {
		group: 'Voxtral Speak: Speak',
		name,
		stage: 'speak',
		method: 'POST',
		ready: async (lane) => ({
			path,
			run: async (timeoutSeconds) =>
				await runNode(
					lane,
					{
						type: 'voxtralSpeak',
						parameters: { text: 'Hello.', ...format, options: { ...options, timeoutSeconds } },
					},
					{ streaming: more.stream !== undefined },
				),
		}),
		...more,
	};
}

/** One stage of a spoken turn. Its answer is streamed between the stages whether anybody listens or not. */
export function talking(
	{ name, ...more }: Shared,
	path: string,
	{ streaming = false }: { streaming?: boolean } = {},
): TriedOperation {
	return {
		group: 'Voxtral Assistant: Talk',
		name,
		stage: 'transcribe',
		method: 'POST',
		ready: async (lane) => ({
			path,
			run: async (timeoutSeconds) =>
				await runNode(
					lane,
					{ type: 'voxtralAssistant', parameters: { options: { timeoutSeconds } } },
					{ items: [await note(lane)], streaming },
				),
		}),
		...more,
	};
}

/** Operations without options: they have a time of their own. */
export function managing(
	group: string,
	type: string,
	name: string,
	operation: string,
	method: TriedOperation['method'],
	prepare: (
		lane: Lane,
		account: Account,
	) => Promise<{ path: string; parameters?: INodeParameters; item?: INodeExecutionData }>,
	more: Partial<TriedOperation> = {},
): TriedOperation {
	return {
		group,
		name,
		stage: operation,
		method,
		deadlineSeconds: 30,
		ready: async (lane, account) => {
			const { path, parameters, item } = await prepare(lane, account);
			const resource = type === 'voxtralSpeak' ? { resource: 'voice' } : {};
			return {
				path,
				run: async () =>
					await runNode(
						lane,
						{ type, parameters: { ...resource, operation, ...parameters } },
						item ? { items: [item] } : {},
					),
			};
		},
		...more,
	};
}

export function listing(
	name: string,
	path: string,
	type: string,
	method: string,
	filter?: string,
): TriedOperation {
	return {
		group: 'Lists in the editor',
		name,
		stage: 'list',
		method: 'GET',
		deadlineSeconds: 15,
		ready: async (lane) => ({
			path,
			run: async () => await runList(lane, type, method, filter),
		}),
	};
}
