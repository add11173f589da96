// The packed package in a real n8n: its nodes are loaded, its credential can be saved and tested.
import { describe, expect, jest, test } from '@jest/globals';
import { mistralKey } from '../support/workflow-builder.mts';
import { useN8n } from '../support/running-n8n.mts';

jest.setTimeout(60_000);

const n8n = useN8n('key under test');

describe('nodes', () => {
	test('the nodes are loaded under the prefix that saved workflows use', async () => {
		const names = await n8n.api.nodeTypes();
		expect(names).toEqual(
			expect.arrayContaining([
				'n8n-nodes-voxtral.voxtralTranscribe',
				'n8n-nodes-voxtral.mistralAgent',
				'n8n-nodes-voxtral.voxtralSpeak',
			]),
		);
	});

	test('the tool variants of the nodes are loaded', async () => {
		const names = await n8n.api.nodeTypes();
		expect(names).toEqual(expect.arrayContaining(['n8n-nodes-voxtral.voxtralSpeakTool']));
	});
});

describe('the credential test', () => {
	const testKey = async (apiKey: string, url = n8n.standIn.url) => {
		const credential = mistralKey('key under test', { url, apiKey });
		const id = await n8n.api.saveCredential(credential);
		return await n8n.api.testCredential(id, credential);
	};

	test('the credential test passes with a valid API key', async () => {
		expect(await testKey('stand-in-key')).toMatchObject({ status: 'OK' });
	});

	test('the credential test accepts a base URL that ends in /v1/', async () => {
		expect(await testKey('stand-in-key', `${n8n.standIn.url}/v1/`)).toMatchObject({ status: 'OK' });
	});

	test('the credential test fails with a wrong API key, without repeating it', async () => {
		const result = await testKey('not-the-key');
		expect(result.status).toBe('Error');
		expect(result.message).not.toContain('not-the-key');
	});

	test('the credential test fails when no server answers at the base URL', async () => {
		expect(await testKey('stand-in-key', 'http://127.0.0.1:9')).toMatchObject({ status: 'Error' });
	});
});
