// The packed package inside a real n8n: its nodes are there, its credential can be saved and tested.
import { describe, expect, jest, test } from '@jest/globals';
import { mistralKey } from '../support/workflow-builder.mts';
import { useN8n } from '../support/running-n8n.mts';

jest.setTimeout(60_000);

const n8n = useN8n('key under test');

describe('nodes', () => {
	test('are loaded under the prefix that saved workflows use', async () => {
		const names = await n8n.api.nodeTypes();
		expect(names).toEqual(
			expect.arrayContaining([
				'n8n-nodes-voxtral.voxtralTranscribe',
				'n8n-nodes-voxtral.mistralAgent',
				'n8n-nodes-voxtral.voxtralSpeak',
			]),
		);
	});

	test('and their tool forms, for AI agents', async () => {
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

	test('is green with a good key', async () => {
		expect(await testKey('stand-in-key')).toMatchObject({ status: 'OK' });
	});

	test('takes an address that ends in /v1/', async () => {
		expect(await testKey('stand-in-key', `${n8n.standIn.url}/v1/`)).toMatchObject({ status: 'OK' });
	});

	test('is red with a wrong key, and does not repeat it', async () => {
		const result = await testKey('not-the-key');
		expect(result.status).toBe('Error');
		expect(result.message).not.toContain('not-the-key');
	});

	test('is red when nobody answers at the address', async () => {
		expect(await testKey('stand-in-key', 'http://127.0.0.1:9')).toMatchObject({ status: 'Error' });
	});
});
