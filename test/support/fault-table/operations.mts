// The columns of docs/faults.md: every request the nodes send to Mistral. Add new operations here.
import type { INodeType } from 'n8n-workflow';
import type { AnswerScript } from '../../standin/index.mts';
import { recording } from '../engine-fixture.mts';
import type { SubNode } from '../engine.mts';
import {
	askOperation,
	byId,
	listOperation,
	managementOperation,
	speakOperation,
	talkOperation,
	transcribeOperation,
	type OperationUnderTest,
} from './operation-kinds.mts';
import type { Account, IsolatedCaller } from './outcome.mts';
import { wrapPcm } from '../run-to-end.mts';

export const WAV_CLIP = Buffer.from(
	wrapPcm(new Uint8Array(4 * 8_000 * 2), { sampleType: 'int16', sampleRate: 8_000, channels: 1 }),
);

/** The answers of the model in all runs. */
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
		const hasResult = history.some(({ type }) => type === 'function.result');
		if (asked && !hasResult) return [{ type: 'function.call', name: 'Lookup', arguments: '{}' }];
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

const VOICES = 'Voxtral Speak: Voices';
const ACCOUNT = 'Mistral Agent: saved agents and conversations';
const TRANSCRIPTIONS = '/v1/audio/transcriptions';
const SPEECH = '/v1/audio/speech';

const newVoice = async ({ call }: IsolatedCaller): Promise<string> => {
	const voice = { name: 'Passing', sample_audio: WAV_CLIP.toString('base64') };
	return String(
		(await call('POST', '/v1/audio/voices', { ...voice, sample_filename: 'a.wav' })).id,
	);
};
const newAgent = async ({ call }: IsolatedCaller): Promise<string> =>
	String((await call('POST', '/v1/agents', { name: 'Passing', model: 'mistral-small-latest' })).id);

export const operationsUnderTest: readonly OperationUnderTest[] = [
	transcribeOperation({ name: 'Transcribe' }, TRANSCRIPTIONS, () => ({})),
	transcribeOperation(
		{
			name: 'live',
			stream: { delta: 'transcription.text.delta', done: 'transcription.done' },
		},
		TRANSCRIPTIONS,
		() => ({}),
		{ streamText: true },
	),
	transcribeOperation({ name: 'of a stored file' }, TRANSCRIPTIONS, ({ fileId }) => ({
		source: 'file',
		fileId: byId(fileId),
	})),
	transcribeOperation({ name: 'Upload First: upload' }, '/v1/files', () => ({}), {
		uploadFirst: true,
	}),
	transcribeOperation({ name: 'Upload First: transcription' }, TRANSCRIPTIONS, () => ({}), {
		uploadFirst: true,
	}),
	transcribeOperation(
		{ name: 'Upload First: deletion', method: 'DELETE', goesOn: true },
		/^\/v1\/files\//,
		() => ({}),
		{ uploadFirst: true },
	),

	askOperation({ name: 'new conversation' }, {}),
	askOperation(
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
	askOperation(
		{ name: 'saved agent' },
		{ parameters: (_, { agentId }) => ({ whoAnswers: 'agent', agent: byId(agentId) }) },
	),
	askOperation(
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
	askOperation(
		{ name: 'result of a tool', before: 1 },
		{
			path: () => /^\/v1\/conversations\/[^/]+$/,
			parameters: () => ({ prompt: 'Look up the weather' }),
			subNodes: [lookup],
		},
	),
	askOperation(
		{ name: 'file made by a tool', method: 'GET', before: 1, goesOn: true },
		{
			path: (_, { pictureId }) => `/v1/files/${pictureId}/content`,
			parameters: () => ({ prompt: 'Draw a cat' }),
		},
	),
	askOperation(
		{ name: 'OpenAI-compatible' },
		{ path: () => '/v1/chat/completions', options: { chatCompletions: true } },
	),
	askOperation(
		{
			name: 'live',
			stream: { delta: 'message.output.delta', done: 'conversation.response.done' },
		},
		{},
	),
	askOperation(
		{ name: 'OpenAI-compatible, live', stream: { delta: 'chunk', done: '[DONE]' } },
		{ path: () => '/v1/chat/completions', options: { chatCompletions: true } },
	),

	speakOperation({ name: 'Speak' }, SPEECH),
	speakOperation(
		{ name: 'live', stream: { delta: 'speech.audio.delta', done: 'speech.audio.done' } },
		SPEECH,
	),
	speakOperation({ name: 'model looked up', method: 'GET', goesOn: true }, '/v1/models', {
		emotion: 'happy',
	}),

	talkOperation({ name: 'question' }, TRANSCRIPTIONS),
	talkOperation(
		{
			name: 'answer',
			stage: 'ask',
			firstStage: 'transcribe',
			stream: { delta: 'message.output.delta', done: 'conversation.response.done' },
		},
		'/v1/conversations',
	),
	talkOperation({ name: 'speech', stage: 'speak', firstStage: 'transcribe', goesOn: true }, SPEECH),
	talkOperation(
		{
			name: 'speech, live',
			resumes: true,
			stage: 'speak',
			firstStage: 'transcribe',
			goesOn: true,
			stream: { delta: 'speech.audio.delta', done: 'speech.audio.done' },
		},
		SPEECH,
		{ streaming: true },
	),

	managementOperation(VOICES, 'voxtralSpeak', 'Get Many', 'listVoices', 'GET', async () => ({
		path: '/v2/audio/voices',
		parameters: { filters: { type: 'preset' } },
	})),
	managementOperation(
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
	managementOperation(VOICES, 'voxtralSpeak', 'Get', 'getVoice', 'GET', async (_, { voiceId }) => ({
		path: `/v1/audio/voices/${voiceId}`,
		parameters: { voice: byId(voiceId) },
	})),
	managementOperation(
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
	managementOperation(VOICES, 'voxtralSpeak', 'Update', 'updateVoice', 'PATCH', async (caller) => {
		const id = await newVoice(caller);
		const changes = { name: 'Changed' };
		return { path: `/v1/audio/voices/${id}`, parameters: { voice: byId(id), changes } };
	}),
	managementOperation(VOICES, 'voxtralSpeak', 'Delete', 'deleteVoice', 'DELETE', async (caller) => {
		const id = await newVoice(caller);
		return { path: `/v1/audio/voices/${id}`, parameters: { voice: byId(id) } };
	}),

	managementOperation(ACCOUNT, 'mistralAgent', 'Create Agent', 'createAgent', 'POST', async () => ({
		path: '/v1/agents',
		parameters: { agentName: 'Made' },
	})),
	managementOperation(
		ACCOUNT,
		'mistralAgent',
		'Get Agent',
		'getAgent',
		'GET',
		async (_, { agentId }) => ({
			path: `/v1/agents/${agentId}`,
			parameters: { agent: byId(agentId) },
		}),
	),
	managementOperation(ACCOUNT, 'mistralAgent', 'List Agents', 'listAgents', 'GET', async () => ({
		path: '/v1/agents/pages',
		parameters: { agentSearch: 'Librarian' },
	})),
	managementOperation(
		ACCOUNT,
		'mistralAgent',
		'Delete Agent',
		'deleteAgent',
		'DELETE',
		async (caller) => {
			const id = await newAgent(caller);
			return { path: `/v1/agents/${id}`, parameters: { agent: byId(id) } };
		},
	),
	managementOperation(
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
	managementOperation(
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

	listOperation('Models', '/v1/models', 'voxtralSpeak', 'searchSpeechModels'),
	listOperation('Voices', '/v2/audio/voices', 'voxtralSpeak', 'searchVoices'),
	listOperation('Agents', '/v1/agents/pages', 'mistralAgent', 'searchAgents', 'Librarian'),
	listOperation('Files', '/v1/files', 'voxtralTranscribe', 'searchAudioFiles', 'kept'),
];

/** Creates what the operations read from the account. */
export async function seedAccount({ call }: IsolatedCaller): Promise<Account> {
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
