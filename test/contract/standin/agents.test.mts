// The agents endpoints of the stand-in, called by the official SDK.
import { describe, expect, test } from '@jest/globals';
import { useStandInFixture } from './standin-fixture.mts';

const fixture = useStandInFixture();
const body = {
	model: 'mistral-small-latest',
	name: 'Websearch Agent',
	instructions: 'Be brief.',
	tools: [{ type: 'web_search' as const }],
	completionArgs: { temperature: 0.3, topP: 0.95 },
};

describe('agents through the SDK', () => {
	test('an agent can be created, read, updated to a new version and deleted', async () => {
		const { agents } = fixture.client.beta;
		const made = await agents.create(body);
		expect(made).toMatchObject({
			name: 'Websearch Agent',
			version: 0,
			versions: [0],
			source: 'api',
		});
		const agentId = made.id;
		const changed = await agents.update({
			agentId,
			updateAgentRequest: { instructions: 'Be long.' },
		});
		expect(changed).toMatchObject({
			version: 1,
			versions: [0, 1],
			instructions: 'Be long.',
			model: body.model,
		});
		expect(await agents.get({ agentId })).toMatchObject({ version: 1 });
		expect(await agents.get({ agentId, agentVersion: 0 })).toMatchObject({
			instructions: 'Be brief.',
		});
		expect(await agents.updateVersion({ agentId, version: 0 })).toMatchObject({ version: 0 });
		expect(await agents.get({ agentId })).toMatchObject({ instructions: 'Be brief.' });
		await agents.delete({ agentId });
		await expect(agents.get({ agentId })).rejects.toMatchObject({ statusCode: 404 });
	});

	test('both list endpoints page and filter agents', async () => {
		const { agents } = fixture.client.beta;
		for (let number = 0; number < 5; number += 1) {
			await agents.create({
				...body,
				name: `Agent ${number}`,
				metadata: { odd: number % 2 === 1 },
			});
		}
		expect(await agents.list({ page: 1, pageSize: 2 })).toHaveLength(2);
		expect((await agents.list({ metadata: { odd: true } })).map(({ name }) => name)).toEqual([
			'Agent 1',
			'Agent 3',
		]);
		const first = await agents.listPages({ pageSize: 3 });
		const names = [];
		for await (const { result } of first) names.push(...result.data.map(({ name }) => name));
		expect(names).toEqual(['Agent 0', 'Agent 1', 'Agent 2', 'Agent 3', 'Agent 4']);
	});

	test('the paged list endpoint can be switched off', async () => {
		fixture.standIn.behave({ agentPagesMissing: true });
		expect((await fixture.call('/v1/agents/pages')).status).toBe(404);
		expect((await fixture.call('/v1/agents')).status).toBe(200);
	});

	test('a conversation with an agent uses its model and tools', async () => {
		const { id } = await fixture.client.beta.agents.create(body);
		const response = await fixture.client.beta.conversations.start({
			agentId: id,
			inputs: 'What is the news today?',
		});
		expect(response.outputs[0]).toMatchObject({ type: 'tool.execution', agentId: id });
		const { conversationId } = response;
		expect(await fixture.client.beta.conversations.get({ conversationId })).toMatchObject({
			agentId: id,
		});
	});
});
