// The samples with a web address of their own, each once through a real n8n; what comes out has the stored shape.
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Execution, StoredWorkflow } from '../../harness/api-shapes.mts';
import { nextExecution, webhookReady } from '../../harness/n8n.mts';
import { compareShape } from '../samples/shape.mts';
import { startStandIn, type StandIn } from '../standin/index.mts';
import { signIn } from './running-n8n.mts';
import { itemsOf, publishSampleFile, type SampleNode, until } from './samples.mts';

jest.setTimeout(240_000);

let n8n: Awaited<ReturnType<typeof signIn>>;
let mistral: StandIn;

beforeAll(async () => {
	n8n = await signIn();
	mistral = await startStandIn();
});
beforeEach(() => mistral.reset());
afterAll(async () => await mistral?.close());

const recording = async (name: string): Promise<File> =>
	new File([await readFile(new URL(`../recordings/${name}`, import.meta.url))], name, {
		type: 'audio/ogg',
	});

/** The sample under a path of its own: other tests use its path too. */
const publish = async (sample: string): Promise<{ workflow: StoredWorkflow; path: string }> => {
	const path = `shape-of-${sample}`;
	const change = (node: SampleNode): SampleNode => {
		const { parameters, webhookId } = node;
		const options = parameters.options as Record<string, unknown> | undefined;
		return {
			...node,
			...(webhookId && { webhookId: node.type.endsWith('chatTrigger') ? path : randomUUID() }),
			parameters: {
				...parameters,
				...('path' in parameters && { path }),
				...(options?.path !== undefined && { options: { ...options, path } }),
			},
		};
	};
	const data = { mistralVoiceApi: { baseUrl: mistral.url, apiKey: 'stand-in-key' } };
	return { workflow: await publishSampleFile(n8n.api, `${sample}.json`, data, change), path };
};

const judge = async (sample: string, workflow: StoredWorkflow): Promise<Execution> => {
	const execution = await nextExecution(n8n.api, workflow, [], 120_000);
	expect(execution.data.resultData.error).toBeUndefined();
	expect(execution.status).toBe('success');
	const { stored, now } = await compareShape(sample, execution);
	expect(now).toEqual(stored);
	return execution;
};

const postJson = async (url: string, body: object): Promise<Response> =>
	await fetch(url, {
		method: 'POST',
		headers: { 'content-type': 'application/json' },
		body: JSON.stringify(body),
	});

test('voice-webhook', async () => {
	const { workflow, path } = await publish('voice-webhook');
	await webhookReady(n8n, path);
	const body = new FormData();
	body.append('data', await recording('question.ogg'));
	const reply = await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST', body });
	expect(reply.headers.get('content-type')).toBe('audio/mpeg');
	await reply.arrayBuffer();
	await judge('voice-webhook', workflow);
});

test('narrate-article', async () => {
	const { workflow, path } = await publish('narrate-article');
	await webhookReady(n8n, path);
	const reply = await postJson(`${n8n.url}/webhook/${path}`, { text: 'Good morning.' });
	expect(reply.headers.get('content-type')).toBe('audio/mpeg');
	await reply.arrayBuffer();
	await judge('narrate-article', workflow);
});

test('chat-with-sources', async () => {
	const { workflow, path } = await publish('chat-with-sources');
	const url = `${n8n.url}/webhook/${path}/chat`;
	await until(async () => (await fetch(url)).ok, 'the chat is there');
	const message = { action: 'sendMessage', sessionId: 'somebody', chatInput: 'What is new?' };
	await (await postJson(url, message)).arrayBuffer();
	await judge('chat-with-sources', workflow);
});

test('talk-webhook', async () => {
	const { workflow, path } = await publish('talk-webhook');
	await webhookReady(n8n, path);
	const body = new FormData();
	body.append('data', await recording('question.ogg'));
	const reply = await fetch(`${n8n.url}/webhook/${path}`, { method: 'POST', body });
	expect(await reply.text()).toMatch(/"type":"item"/);
	await judge('talk-webhook', workflow);
});

/** Uploads to the form and reads the page that follows, as a browser does. */
const submit = async (path: string, file: File): Promise<string> => {
	const url = `${n8n.url}/form/${path}`;
	await until(async () => (await fetch(url)).ok, 'the form is there');
	const body = new FormData();
	body.append('field-0', file);
	const { formWaitingUrl } = (await (await fetch(url, { method: 'POST', body })).json()) as {
		formWaitingUrl: string;
	};
	const status = new URL(formWaitingUrl);
	status.pathname += '/n8n-execution-status';
	const waits = async () => (await (await fetch(status)).text()).trim() === 'form-waiting';
	await until(waits, 'the next page is there');
	const page = await (await fetch(formWaitingUrl)).text();
	// The page's own script says so when it has been shown.
	await fetch(formWaitingUrl, { method: 'POST' });
	return page;
};

test('meeting-minutes', async () => {
	const { workflow, path } = await publish('meeting-minutes');
	await submit(path, await recording('dialogue.ogg'));
	await judge('meeting-minutes', workflow);
});

test('mix-integrations: summary, mail and list, with nothing but the key; the agent may reckon', async () => {
	const memo = {
		summary: 'Two things about the train to Lyon.',
		todos: [
			{ task: 'Book the train, 300 euros', who: 'Anna', due: '2027-01-15' },
			{ task: 'Tell the others "soon"', who: '', due: '' },
		],
		mail: { subject: 'Lyon', text: 'Dear all, the train is booked.' },
	};
	mistral.answerWith(({ history }) =>
		history.at(-1)?.type === 'function.result'
			? JSON.stringify(memo)
			: [{ type: 'function.call', name: 'Calculator', arguments: '{"input":"2 * 150"}' }],
	);
	const { workflow, path } = await publish('mix-integrations');
	const page = await submit(path, await recording('dialogue.ogg'));
	expect(page).toContain(memo.summary);
	expect(page).toContain(memo.mail.text);
	const packed = /JSON\.parse\(decodeURIComponent\("([^"]+)"\)\)/.exec(page)?.[1] ?? '';
	const files = JSON.parse(decodeURIComponent(packed)) as {
		fileName: string;
		data: { data: number[] };
	}[];
	expect(files).toMatchObject([{ fileName: 'to-do.csv' }]);
	const lines = Buffer.from(files[0]?.data.data ?? [])
		.toString()
		.replace(/^\ufeff/, '')
		.trim()
		.split(/\r?\n/);
	expect(lines).toEqual([
		'task,who,due',
		'"Book the train, 300 euros",Anna,2027-01-15',
		'"Tell the others ""soon""",,',
	]);
	const execution = await judge('mix-integrations', workflow);
	expect(itemsOf(execution, 'Mistral Agent')[0]?.json.toolCalls).toMatchObject([
		{ name: 'Calculator', result: '300' },
	]);
	const asked = mistral.requests.find(
		({ method, path: route }) => method === 'POST' && route.endsWith('/conversations'),
	);
	expect(JSON.stringify(asked?.json)).toContain('twenty minutes late');
});
