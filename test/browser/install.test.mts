// Installs and uninstalls the package in n8n's own dialog, as docs/first-hour.md describes.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { N8nApi } from '../../harness/n8n-api.mts';
import { fetchN8n } from '../../harness/fetch-n8n.mts';
import { pack } from '../../harness/pack.mjs';
import { type Server, startServer } from '../../harness/n8n-process.mts';
import { type Registry, startRegistry } from '../support/npm-registry.mts';
import { Editor } from './editor.mts';
import { launch, newPage, watched } from './launch.mts';

jest.setTimeout(400_000);

const read = async (path: string) =>
	await readFile(new URL(`../../${path}`, import.meta.url), 'utf8');

const owner = { email: 'tests@example.com', password: 'Voice-tests-42' };
const nodes = ['Voxtral Transcribe', 'Mistral Agent', 'Voxtral Speak', 'Voxtral Assistant'];

let manifest: { name: string; version: string };
let userFolder: string;
let registry: Registry;
let server: Server;
let browser: Browser;
let page: Page;
let editor: Editor;

beforeAll(async () => {
	manifest = JSON.parse(await read('package.json')) as typeof manifest;
	userFolder = await mkdtemp(join(tmpdir(), 'voxtral-dialog-'));
	const tarball = process.env.N8N_VOXTRAL_TARBALL ?? (await pack()).path;
	registry = await startRegistry(tarball, manifest, join(userFolder, 'trusted.pem'));
	const ownNpm = {
		npm_config_userconfig: join(userFolder, 'npmrc'),
		npm_config_cache: join(userFolder, 'npm'),
	};
	server = await startServer({
		n8n: await fetchN8n(),
		userFolder,
		port: 5820,
		environment: { ...registry.environment, ...ownNpm },
	});
	await new N8nApi(server.url).signIn(owner);
	browser = await launch();
	page = await newPage(browser);
	editor = new Editor(page, server.url);
	await editor.signIn(owner.email, owner.password);
});
afterAll(async () => {
	await browser?.close();
	await server?.stop();
	await registry?.close();
	await rm(userFolder, { recursive: true, force: true });
});

/** A test that continues where the one before it ended. */
const step = (name: string, work: () => Promise<void>): void =>
	test(name, async () => await watched(page, `install-${name.replaceAll(/\W+/g, '-')}`, work));

const card = () => editor.get('community-package-card').filter({ hasText: manifest.name });

step('the install dialog accepts the package name once the risks are accepted', async () => {
	await editor.openCommunityNodes();
	const dialog = await editor.openInstallDialog(manifest.name);
	const install = dialog.getByRole('button', { name: 'Install', exact: true });
	expect(await install.isDisabled()).toBe(true);
	await editor.acceptRisks(dialog);
	await install.click();
	await page.getByText('Package installed', { exact: true }).waitFor();
	expect(registry.asked).toContain(`/${manifest.name}/-/${manifest.name}-${manifest.version}.tgz`);
});

step('the installed package is listed with its nodes and version', async () => {
	await editor.openCommunityNodes();
	await card().waitFor();
	const shown = await card().innerText();
	for (const node of nodes) expect(shown).toContain(node);
	expect(shown).toContain(`v${manifest.version}`);
});

step('the node creator finds the nodes of the installed package', async () => {
	await editor.newWorkflow();
	expect(await editor.searchNodes('voxtral')).toEqual(expect.arrayContaining(nodes));
});

step('the package can be uninstalled', async () => {
	await editor.openCommunityNodes();
	await card().locator('[data-test-id="action-toggle"]').click();
	await page.getByText('Uninstall package', { exact: true }).locator('visible=true').click();
	await page.getByRole('button', { name: 'Confirm uninstall' }).click();
	await page.getByText('Package uninstalled', { exact: true }).waitFor();
	await editor.openCommunityNodes();
	await page.getByRole('button', { name: 'Install a community node', exact: true }).waitFor();
	expect(await card().count()).toBe(0);
});
