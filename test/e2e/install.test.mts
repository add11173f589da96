// Installation by environment variable, as in the Compose file: n8n itself fetches the package from the registry.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { parse } from 'yaml';
import { N8nApi } from '../../harness/n8n-api.mts';
import { fetchN8n } from '../../harness/fetch-n8n.mts';
import { type Server, startServer } from '../../harness/n8n-process.mts';
import { owner, tarball } from '../support/n8n-setup.mts';
import { type Registry, startRegistry } from '../support/npm-registry.mts';

jest.setTimeout(400_000);

const read = async (path: string) =>
	await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

let userFolder: string;
let registry: Registry;
let server: Server;
let api: N8nApi;

beforeAll(async () => {
	userFolder = await mkdtemp(join(tmpdir(), 'voxtral-install-'));
	const manifest = JSON.parse(await read('package.json')) as { name: string; version: string };
	registry = await startRegistry(await tarball(), manifest, join(userFolder, 'trusted.pem'));
	const compose = parse(await read('docker-compose.yml')) as {
		services: { n8n: { environment: Record<string, string> } };
	};
	// Compose substitutes `${…}` from the environment; here n8n's defaults apply.
	const settings = Object.entries(compose.services.n8n.environment).filter(
		([, value]) => !value.includes('${'),
	);
	const ownNpm = {
		npm_config_userconfig: join(userFolder, 'npmrc'),
		npm_config_cache: join(userFolder, 'npm'),
	};
	server = await startServer({
		n8n: await fetchN8n(),
		userFolder,
		port: 5800,
		environment: { ...Object.fromEntries(settings), ...registry.environment, ...ownNpm },
	});
	api = new N8nApi(server.url);
	await api.signIn(owner);
});
afterAll(async () => {
	await server?.stop();
	await registry?.close();
	await rm(userFolder, { recursive: true, force: true });
});

test('n8n fetches, verifies and loads the package', async () => {
	const { name, version, n8n } = JSON.parse(await read('package.json')) as {
		name: string;
		version: string;
		n8n: { nodes: string[] };
	};
	const nodes = n8n.nodes.map((path) => {
		const className = /(\w+)\.node\.js$/.exec(path)?.[1] ?? '';
		return `${name}.${className.charAt(0).toLowerCase()}${className.slice(1)}`;
	});
	expect(registry.asked).toContain(`/${name}/-/${name}-${version}.tgz`);
	expect(await api.nodeTypes()).toEqual(expect.arrayContaining(nodes));
	for (const type of ['mistralVoiceApi', 'tokenInUrlApi'])
		expect(await api.saveCredential({ name: type, type, data: {} })).toMatch(/\w/);
});
