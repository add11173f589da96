// Every sample with a webhook, form or chat trigger, executed once in a real n8n; its items have the stored shape.
import { expect, jest, test } from '@jest/globals';
import type { Execution, StoredWorkflow } from '../../harness/n8n-api-types.mts';
import { nextExecution } from '../../harness/n8n.mts';
import { compareShape } from '../samples/shape.mts';
import { postChat, postForm, postJson } from '../support/webhook-calls.mts';
import { filesOn, submitForm } from '../support/forms.mts';
import { voiceNote } from '../support/recordings.mts';
import { useN8n } from '../support/running-n8n.mts';
import { itemsOf, publishSample } from '../support/sample-workflows.mts';

jest.setTimeout(240_000);

const n8n = useN8n('samples in tests');

/** Publishes the sample under its own path, since other tests use the path of the sample too. */
const publish = async (sample: string) =>
	await publishSample(n8n, sample, `shape-of-${sample}`, n8n.standIn);

const judge = async (sample: string, workflow: StoredWorkflow): Promise<Execution> => {
	const execution = await nextExecution(n8n.api, workflow, [], 120_000);
	expect(execution.data.resultData.error).toBeUndefined();
	expect(execution.status).toBe('success');
	const { stored, now } = await compareShape(sample, execution);
	expect(now).toEqual(stored);
	return execution;
};

test('voice-webhook answers a voice note with speech', async () => {
	const { workflow, url } = await publish('voice-webhook');
	const reply = await postForm(url, { data: voiceNote() });
	expect(reply.headers.get('content-type')).toBe('audio/mpeg');
	await reply.arrayBuffer();
	await judge('voice-webhook', workflow);
});

test('narrate-article reads a text aloud', async () => {
	const { workflow, url } = await publish('narrate-article');
	const reply = await postJson(url, { text: 'Good morning.' });
	expect(reply.headers.get('content-type')).toBe('audio/mpeg');
	await reply.arrayBuffer();
	await judge('narrate-article', workflow);
});

test('chat-with-sources answers a chat message', async () => {
	const { workflow, url } = await publish('chat-with-sources');
	await (await postChat(url, 'somebody', 'What is new?')).arrayBuffer();
	await judge('chat-with-sources', workflow);
});

test('talk-webhook answers a spoken question', async () => {
	const { workflow, url } = await publish('talk-webhook');
	const reply = await postForm(url, { data: voiceNote() });
	expect(await reply.text()).toMatch(/"type":"item"/);
	await judge('talk-webhook', workflow);
});

test('meeting-minutes makes minutes of a recording', async () => {
	const { workflow, url } = await publish('meeting-minutes');
	await submitForm(url, voiceNote('dialogue.ogg'));
	await judge('meeting-minutes', workflow);
});

test('mix-integrations makes summary, mail and list with the Mistral credential alone, with a calculator tool', async () => {
	const memo = {
		summary: 'Two things about the train to Lyon.',
		todos: [
			{ task: 'Book the train, 300 euros', who: 'Anna', due: '2027-01-15' },
			{ task: 'Tell the others "soon"', who: '', due: '' },
		],
		mail: { subject: 'Lyon', text: 'Dear all, the train is booked.' },
	};
	n8n.standIn.answerWith(({ history }) =>
		history.at(-1)?.type === 'function.result'
			? JSON.stringify(memo)
			: [{ type: 'function.call', name: 'Calculator', arguments: '{"input":"2 * 150"}' }],
	);
	const { workflow, url } = await publish('mix-integrations');
	const page = await submitForm(url, voiceNote('dialogue.ogg'));
	expect(page).toContain(memo.summary);
	expect(page).toContain(memo.mail.text);
	const [file, ...others] = filesOn(page);
	expect([file?.fileName, ...others]).toEqual(['to-do.csv']);
	const lines = file?.text
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
	const asked = n8n.standIn.requests.find(
		({ method, path: route }) => method === 'POST' && route.endsWith('/conversations'),
	);
	expect(JSON.stringify(asked?.json)).toContain('twenty minutes late');
});
