// Builders for the columns of the fault table: one for each kind of operation.
import type { INodeExecutionData, INodeParameters } from 'n8n-workflow';
import { recording } from '../engine-fixture.mts';
import type { SubNode } from '../engine.mts';
import type { Stream } from './fault-rows.mts';
import { type Account, type IsolatedCaller, type Ready, runList, runNode } from './outcome.mts';

export interface OperationUnderTest {
	/** The table of docs/faults.md that holds its column. */
	readonly group: string;
	readonly name: string;
	/** Prefix of the `stage` of its errors. */
	readonly stage: string;
	readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
	readonly stream?: Stream;
	/** Prefix of the `stage` when no request reaches the API; `stage` when absent. */
	readonly firstStage?: string;
	/** Requests counted for the item before the faulty one. */
	readonly before?: number;
	/** Its deadline, where it has no Timeout parameter. */
	readonly deadlineSeconds?: number;
	/** Resumes a stream that breaks after audio was sent. */
	readonly resumes?: true;
	/** The item succeeds with a hint when this request fails. */
	readonly goesOn?: true;
	ready(caller: IsolatedCaller, account: Account): Promise<Ready>;
}

const note = async ({ engine }: IsolatedCaller): Promise<INodeExecutionData> =>
	await engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });
export const byId = (value: string) => ({ __rl: true, mode: 'id', value });

type Options = Record<string, string | number | boolean>;
type Shared = Pick<OperationUnderTest, 'name'> & Partial<OperationUnderTest>;

export function transcribeOperation(
	{ name, ...more }: Shared,
	path: string | RegExp,
	parameters: (account: Account) => INodeParameters,
	options: Options = {},
): OperationUnderTest {
	return {
		group: 'Voxtral Transcribe',
		name,
		stage: 'transcribe',
		method: 'POST',
		ready: async (caller, account) => ({
			path,
			run: async (timeoutSeconds) =>
				await runNode(
					caller,
					{
						type: 'voxtralTranscribe',
						parameters: { ...parameters(account), options: { ...options, timeoutSeconds } },
					},
					{ items: [await note(caller)], streaming: more.stream !== undefined },
				),
		}),
		...more,
	};
}

interface Asking {
	readonly path?: (conversationId: string, account: Account) => string | RegExp;
	readonly parameters?: (conversationId: string, account: Account) => INodeParameters;
	readonly prepare?: (caller: IsolatedCaller, conversationId: string) => Promise<void>;
	readonly options?: Options;
	readonly subNodes?: readonly SubNode[];
}

export function askOperation({ name, ...more }: Shared, how: Asking): OperationUnderTest {
	return {
		group: 'Mistral Agent: Ask',
		name,
		stage: 'ask',
		method: 'POST',
		ready: async (caller, account) => {
			const { path = () => '/v1/conversations', parameters = () => ({}), options } = how;
			const begun = await caller.call('POST', '/v1/conversations', {
				model: 'mistral-small-latest',
				inputs: 'Hi',
			});
			const id = String(begun.conversation_id);
			await how.prepare?.(caller, id);
			return {
				path: path(id, account),
				run: async (timeoutSeconds) =>
					await runNode(
						caller,
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

export function speakOperation(
	{ name, ...more }: Shared,
	path: string,
	options: Options = {},
): OperationUnderTest {
	const format = more.stream ? { format: 'pcm' } : {};
	return {
		group: 'Voxtral Speak: Speak',
		name,
		stage: 'speak',
		method: 'POST',
		ready: async (caller) => ({
			path,
			run: async (timeoutSeconds) =>
				await runNode(
					caller,
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

/** One stage of an assistant turn. The answer is streamed between the stages, with or without a streaming trigger. */
export function talkOperation(
	{ name, ...more }: Shared,
	path: string,
	{ streaming = false }: { streaming?: boolean } = {},
): OperationUnderTest {
	return {
		group: 'Voxtral Assistant: Talk',
		name,
		stage: 'transcribe',
		method: 'POST',
		ready: async (caller) => ({
			path,
			run: async (timeoutSeconds) =>
				await runNode(
					caller,
					{ type: 'voxtralAssistant', parameters: { options: { timeoutSeconds } } },
					{ items: [await note(caller)], streaming },
				),
		}),
		...more,
	};
}

/** Operations without options, which have a fixed deadline. */
export function managementOperation(
	group: string,
	type: string,
	name: string,
	operation: string,
	method: OperationUnderTest['method'],
	prepare: (
		caller: IsolatedCaller,
		account: Account,
	) => Promise<{ path: string; parameters?: INodeParameters; item?: INodeExecutionData }>,
	more: Partial<OperationUnderTest> = {},
): OperationUnderTest {
	return {
		group,
		name,
		stage: operation,
		method,
		deadlineSeconds: 30,
		ready: async (caller, account) => {
			const { path, parameters, item } = await prepare(caller, account);
			const resource = type === 'voxtralSpeak' ? { resource: 'voice' } : {};
			return {
				path,
				run: async () =>
					await runNode(
						caller,
						{ type, parameters: { ...resource, operation, ...parameters } },
						item ? { items: [item] } : {},
					),
			};
		},
		...more,
	};
}

export function listOperation(
	name: string,
	path: string,
	type: string,
	method: string,
	filter?: string,
): OperationUnderTest {
	return {
		group: 'Lists in the editor',
		name,
		stage: 'list',
		method: 'GET',
		deadlineSeconds: 15,
		ready: async (caller) => ({
			path,
			run: async () => await runList(caller, type, method, filter),
		}),
	};
}
