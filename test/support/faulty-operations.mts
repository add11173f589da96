// Every way to Mistral that the nodes have, for the table of faults. A new operation gets its line here.
import type {
	IDataObject,
	INodeExecutionData,
	INodeParameters,
	INodeType,
	StructuredChunk,
} from 'n8n-workflow';
import { wrapPcm } from '../../nodes/shared/audio/wav.ts';
import type { AnswerScript } from '../standin/index.mts';
import { recording } from './bench.mts';
import type { Engine, NodeRun, RunOptions, SubNode } from './engine.mts';
import type { Stream } from './faulty.mts';

/** A caller of its own: faults strike by its key, so that many can be tried side by side. */
export interface Lane {
	readonly key: string;
	readonly engine: Engine;
	/** Straight to the stand-in. */
	call(method: string, path: string, body?: object | FormData): Promise<IDataObject>;
}

/** What there is in the account already; nobody changes it. */
export interface Account {
	readonly agentId: string;
	readonly voiceId: string;
	readonly fileId: string;
	readonly pictureId: string;
	/** With a question and an answer in it. */
	readonly conversationId: string;
}

/** What came of it, in a form that can be compared. */
export type Outcome =
	| {
			readonly value: unknown;
			/** What the person is told although it worked. */
			readonly hints: readonly string[];
			readonly shown: unknown;
	  }
	| { readonly failed: FailedOutcome; readonly shown: unknown };

export interface FailedOutcome {
	readonly stage: string;
	readonly message: string;
	readonly hint: string;
	readonly attempts: number | undefined;
	readonly item: number | undefined;
}

/** One run made ready: what it needs is there, and it is known where its request will go. */
export interface Ready {
	readonly path: string | RegExp;
	run(timeoutSeconds: number): Promise<Outcome>;
}

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
	/** Without the struck answer the item goes on all the same, with a hint. */
	readonly goesOn?: true;
	ready(lane: Lane, account: Account): Promise<Ready>;
}

export const WAV_CLIP = Buffer.from(
	wrapPcm(new Uint8Array(4 * 8_000 * 2), { sampleType: 'int16', sampleRate: 8_000, channels: 1 }),
);

/** What the assistant says in all these runs. */
export const assistantScript =
	({ pictureId }: Pick<Account, 'pictureId'>): AnswerScript =>
	({ question, history }) => {
		if (question.startsWith('Draw')) {
			const picture = { type: 'tool_file', tool: 'image_generation', file_id: pictureId };
			const content = [
				{ type: 'text', text: 'A cat.' },
				{ ...picture, file_name: 'cat.png' },
			];
			return [{ type: 'message.output', content }];
		}
		const asked = history.some((entry) => String(entry.content).startsWith('Look up'));
		const told = history.some(({ type }) => type === 'function.result');
		if (asked && !told) return [{ type: 'function.call', name: 'Lookup', arguments: '{}' }];
		return 'All is well.';
	};

const lookupNode: INodeType = {
	description: {
		displayName: 'Lookup',
		name: 'lookup',
		group: ['transform'],
		version: 1,
		description: 'Looks things up',
		defaults: { name: 'Lookup' },
		inputs: [],
		outputs: ['ai_tool'],
		properties: [],
	},
	execute: async () => [[{ json: { weather: 'snow' } }]],
};
const lookup: SubNode = {
	name: 'Lookup',
	connection: 'ai_tool',
	nodeType: lookupNode,
	parameters: { toolDescription: 'Looks things up', descriptionType: 'manual' },
};

/** Another one each time, whatever went wrong. */
const CHANGING =
	/^(id|agentId|conversationIds?|\w*_id|\w*_at|createdAt|slug|usage|attempts|files|timings)$/;
const lasting = (value: unknown): unknown =>
	JSON.parse(
		JSON.stringify(value, (key, inner: unknown) => (CHANGING.test(key) ? undefined : inner)) ??
			'null',
	);

/** What a listening caller got, however it was cut: words, sound, and what else was told. */
function streamed(chunks: readonly StructuredChunk[]) {
	const told = { text: '', audio: [] as Buffer[], others: [] as unknown[] };
	for (const { content = '' } of chunks) {
		const chunk = jsonOf(content);
		if (!chunk) told.text += content;
		else if (chunk.type === 'audio') told.audio.push(Buffer.from(String(chunk.data), 'base64'));
		else if (chunk.delta !== undefined) told.text += String(chunk.delta);
		else told.others.push(chunk);
	}
	return { ...told, audio: Buffer.concat(told.audio).toString('base64') };
}

function jsonOf(content: string): IDataObject | undefined {
	try {
		const value: unknown = JSON.parse(content);
		return typeof value === 'object' && value !== null ? (value as IDataObject) : undefined;
	} catch {
		return undefined;
	}
}

async function runNode(
	{ engine }: Lane,
	node: NodeRun,
	more: Omit<RunOptions, 'nodes'> = {},
): Promise<Outcome> {
	const result = await engine.run({
		...more,
		nodes: [{ ...node, onError: 'continueRegularOutput' }],
	});
	const [item] = result.items;
	const details = item?.json.details as Record<string, unknown> | undefined;
	const shown = { ...result, run: result.run.data.resultData.runData };
	if (item && details && 'error' in item.json) {
		return {
			shown,
			failed: {
				stage: String(details.stage),
				message: String(item.json.error),
				hint: String(details.hint ?? ''),
				attempts: details.attempts as number | undefined,
				item: (item.pairedItem as { item: number }).item,
			},
		};
	}
	const audio = item?.binary?.data
		? (await engine.bytes(item)).toString('base64')
		: Object.keys(item?.binary ?? {});
	const value = lasting([
		result.error?.message,
		result.items.map(({ json }) => json),
		audio,
		streamed(result.chunks),
	]);
	return { value, hints: result.hints.map(({ message }) => message), shown };
}

async function runList(
	{ engine }: Lane,
	type: string,
	method: string,
	filter?: string,
): Promise<Outcome> {
	try {
		const shown = await engine.list(type, method, filter);
		// The first ones only: other runs add to the account meanwhile.
		return { value: lasting(shown.results.slice(0, 20).map(({ name }) => name)), hints: [], shown };
	} catch (thrown) {
		const error = thrown as Error & { description?: string; context?: Record<string, unknown> };
		return {
			shown: error,
			failed: {
				stage: String(error.context?.stage),
				message: error.message,
				hint: error.description ?? '',
				attempts: error.context?.attempts as number | undefined,
				item: 0,
			},
		};
	}
}

const note = async ({ engine }: Lane): Promise<INodeExecutionData> =>
	await engine.item({}, { bytes: recording('question.ogg'), fileName: 'q.ogg' });
const byId = (value: string) => ({ __rl: true, mode: 'id', value });

type Options = Record<string, string | number | boolean>;
type Shared = Pick<TriedOperation, 'name'> & Partial<TriedOperation>;

function transcribing(
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

function asking({ name, ...more }: Shared, how: Asking): TriedOperation {
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

function speaking({ name, ...more }: Shared, path: string, options: Options = {}): TriedOperation {
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
function talking(
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
function managing(
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

function listing(
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

const VOICES = 'Voxtral Speak: Voices';
const ACCOUNT = 'Mistral Agent: saved agents and conversations';
const TRANSCRIPTIONS = '/v1/audio/transcriptions';
const SPEECH = '/v1/audio/speech';

const newVoice = async ({ call }: Lane): Promise<string> => {
	const voice = { name: 'Passing', sample_audio: WAV_CLIP.toString('base64') };
	return String(
		(await call('POST', '/v1/audio/voices', { ...voice, sample_filename: 'a.wav' })).id,
	);
};
const newAgent = async ({ call }: Lane): Promise<string> =>
	String((await call('POST', '/v1/agents', { name: 'Passing', model: 'mistral-small-latest' })).id);

export const triedOperations: readonly TriedOperation[] = [
	transcribing({ name: 'Transcribe' }, TRANSCRIPTIONS, () => ({})),
	transcribing(
		{
			name: 'live',
			stream: { delta: 'transcription.text.delta', done: 'transcription.done' },
		},
		TRANSCRIPTIONS,
		() => ({}),
		{ streamText: true },
	),
	transcribing({ name: 'of a stored file' }, TRANSCRIPTIONS, ({ fileId }) => ({
		source: 'file',
		fileId: byId(fileId),
	})),
	transcribing({ name: 'Upload First: upload' }, '/v1/files', () => ({}), { uploadFirst: true }),
	transcribing({ name: 'Upload First: transcription' }, TRANSCRIPTIONS, () => ({}), {
		uploadFirst: true,
	}),
	transcribing(
		{ name: 'Upload First: deletion', method: 'DELETE', goesOn: true },
		/^\/v1\/files\//,
		() => ({}),
		{ uploadFirst: true },
	),

	asking({ name: 'new conversation' }, {}),
	asking(
		{ name: 'further turn' },
		{
			path: (id) => `/v1/conversations/${id}`,
			parameters: (conversationId) => ({
				memory: 'conversationId',
				conversationId,
				prompt: 'And then',
			}),
		},
	),
	asking(
		{ name: 'saved agent' },
		{ parameters: (_, { agentId }) => ({ whoAnswers: 'agent', agent: byId(agentId) }) },
	),
	asking(
		{ name: 'session looked up', method: 'GET' },
		{
			prepare: async ({ call }, id) => {
				const metadata = { n8n_session: `1:of ${id}`, n8n_setup: 'another' };
				const body = { model: 'mistral-small-latest', inputs: 'Hi', metadata };
				await call('POST', '/v1/conversations', body);
			},
			parameters: (id) => ({ memory: 'session', sessionKey: `of ${id}` }),
		},
	),
	asking(
		{ name: 'result of a tool', before: 1 },
		{
			path: () => /^\/v1\/conversations\/[^/]+$/,
			parameters: () => ({ prompt: 'Look up the weather' }),
			subNodes: [lookup],
		},
	),
	asking(
		{ name: 'file made by a tool', method: 'GET', before: 1, goesOn: true },
		{
			path: (_, { pictureId }) => `/v1/files/${pictureId}/content`,
			parameters: () => ({ prompt: 'Draw a cat' }),
		},
	),
	asking(
		{ name: 'OpenAI-compatible' },
		{ path: () => '/v1/chat/completions', options: { chatCompletions: true } },
	),
	asking(
		{
			name: 'live',
			stream: { delta: 'message.output.delta', done: 'conversation.response.done' },
		},
		{},
	),
	asking(
		{ name: 'OpenAI-compatible, live', stream: { delta: 'chunk', done: '[DONE]' } },
		{ path: () => '/v1/chat/completions', options: { chatCompletions: true } },
	),

	speaking({ name: 'Speak' }, SPEECH),
	speaking(
		{ name: 'live', stream: { delta: 'speech.audio.delta', done: 'speech.audio.done' } },
		SPEECH,
	),
	speaking({ name: 'model looked up', method: 'GET', goesOn: true }, '/v1/models', {
		emotion: 'happy',
	}),

	talking({ name: 'question' }, TRANSCRIPTIONS),
	talking(
		{
			name: 'answer',
			stage: 'ask',
			firstStage: 'transcribe',
			stream: { delta: 'message.output.delta', done: 'conversation.response.done' },
		},
		'/v1/conversations',
	),
	talking({ name: 'speech', stage: 'speak', firstStage: 'transcribe', goesOn: true }, SPEECH),
	talking(
		{
			name: 'speech, live',
			stage: 'speak',
			firstStage: 'transcribe',
			goesOn: true,
			stream: { delta: 'speech.audio.delta', done: 'speech.audio.done' },
		},
		SPEECH,
		{ streaming: true },
	),

	managing(VOICES, 'voxtralSpeak', 'Get Many', 'listVoices', 'GET', async () => ({
		path: '/v2/audio/voices',
		parameters: { filters: { type: 'preset' } },
	})),
	managing(
		VOICES,
		'voxtralSpeak',
		'Create',
		'createVoice',
		'POST',
		async ({ engine }) => ({
			path: '/v1/audio/voices',
			parameters: { name: 'Made', consent: true },
			item: await engine.item({}, { bytes: WAV_CLIP, fileName: 'me.wav' }),
		}),
		{ deadlineSeconds: 60 },
	),
	managing(VOICES, 'voxtralSpeak', 'Get', 'getVoice', 'GET', async (_, { voiceId }) => ({
		path: `/v1/audio/voices/${voiceId}`,
		parameters: { voice: byId(voiceId) },
	})),
	managing(
		VOICES,
		'voxtralSpeak',
		'Get Sample',
		'getVoiceSample',
		'GET',
		async (_, { voiceId }) => ({
			path: `/v1/audio/voices/${voiceId}/sample`,
			parameters: { voice: byId(voiceId) },
		}),
	),
	managing(VOICES, 'voxtralSpeak', 'Update', 'updateVoice', 'PATCH', async (lane) => {
		const id = await newVoice(lane);
		const changes = { name: 'Changed' };
		return { path: `/v1/audio/voices/${id}`, parameters: { voice: byId(id), changes } };
	}),
	managing(VOICES, 'voxtralSpeak', 'Delete', 'deleteVoice', 'DELETE', async (lane) => {
		const id = await newVoice(lane);
		return { path: `/v1/audio/voices/${id}`, parameters: { voice: byId(id) } };
	}),

	managing(ACCOUNT, 'mistralAgent', 'Create Agent', 'createAgent', 'POST', async () => ({
		path: '/v1/agents',
		parameters: { agentName: 'Made' },
	})),
	managing(ACCOUNT, 'mistralAgent', 'Get Agent', 'getAgent', 'GET', async (_, { agentId }) => ({
		path: `/v1/agents/${agentId}`,
		parameters: { agent: byId(agentId) },
	})),
	managing(ACCOUNT, 'mistralAgent', 'List Agents', 'listAgents', 'GET', async () => ({
		path: '/v1/agents/pages',
		parameters: { agentSearch: 'Librarian' },
	})),
	managing(ACCOUNT, 'mistralAgent', 'Delete Agent', 'deleteAgent', 'DELETE', async (lane) => {
		const id = await newAgent(lane);
		return { path: `/v1/agents/${id}`, parameters: { agent: byId(id) } };
	}),
	managing(
		ACCOUNT,
		'mistralAgent',
		'Get History',
		'getHistory',
		'GET',
		async (_, { conversationId }) => ({
			path: `/v1/conversations/${conversationId}/history`,
			parameters: { conversationBy: 'conversationId', conversationId },
		}),
	),
	managing(
		ACCOUNT,
		'mistralAgent',
		'Delete Conversation',
		'deleteConversation',
		'DELETE',
		async ({ call }) => {
			const begun = { model: 'mistral-small-latest', inputs: 'Hi' };
			const id = String((await call('POST', '/v1/conversations', begun)).conversation_id);
			return {
				path: `/v1/conversations/${id}`,
				parameters: { conversationBy: 'conversationId', conversationId: id },
			};
		},
	),

	listing('Models', '/v1/models', 'voxtralSpeak', 'searchSpeechModels'),
	listing('Voices', '/v2/audio/voices', 'voxtralSpeak', 'searchVoices'),
	listing('Agents', '/v1/agents/pages', 'mistralAgent', 'searchAgents', 'Librarian'),
	listing('Files', '/v1/files', 'voxtralTranscribe', 'searchAudioFiles', 'kept'),
];

/** What all operations find in the account. */
export async function furnish({ call }: Lane): Promise<Account> {
	const upload = async (purpose: string, fileName: string, bytes: Buffer) => {
		const form = new FormData();
		form.append('purpose', purpose);
		form.append('file', new File([new Uint8Array(bytes)], fileName));
		return String((await call('POST', '/v1/files', form)).id);
	};
	const voice = { name: 'Support', sample_audio: WAV_CLIP.toString('base64') };
	const begun = { model: 'mistral-small-latest', inputs: 'Hi' };
	return {
		fileId: await upload('audio', 'kept.ogg', recording('question.ogg')),
		pictureId: await upload(
			'ocr',
			'cat.png',
			Buffer.from(`\x89PNG${'pixel'.repeat(200)}`, 'latin1'),
		),
		voiceId: String(
			(await call('POST', '/v1/audio/voices', { ...voice, sample_filename: 'me.wav' })).id,
		),
		agentId: String(
			(await call('POST', '/v1/agents', { name: 'Librarian', model: 'mistral-small-latest' })).id,
		),
		conversationId: String((await call('POST', '/v1/conversations', begun)).conversation_id),
	};
}
