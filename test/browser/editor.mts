// n8n's editor as a person uses it: what is clicked and typed, and what is then to be seen.
import type { Locator, Page } from 'playwright-core';

export const byTestId = (id: string): string => `[data-test-id="${id}"]`;

export class Editor {
	readonly page: Page;

	readonly #url: string;

	constructor(page: Page, url: string) {
		this.page = page;
		this.#url = url;
	}

	get(id: string): Locator {
		return this.page.locator(byTestId(id));
	}

	async signIn(email: string, password: string): Promise<void> {
		await this.page.goto(`${this.#url}/signin`);
		await this.page.locator('input[name="emailOrLdapLoginId"]').fill(email);
		await this.page.locator('input[name="password"]').fill(password);
		await this.get('form-submit-button').click();
		await this.page.waitForURL((url) => !url.pathname.startsWith('/signin'), {
			waitUntil: 'commit',
		});
	}

	async newWorkflow(): Promise<void> {
		await this.page.goto(`${this.#url}/workflow/new`, { waitUntil: 'commit' });
		await this.get('node-creator-plus-button').waitFor();
	}

	/** The list of installed packages in n8n's settings. */
	async openCommunityNodes(): Promise<void> {
		await this.page.goto(`${this.#url}/settings/community-nodes`, { waitUntil: 'commit' });
		await this.get('settings-community-nodes').waitFor();
	}

	/** The dialog to install a package, its name typed in. */
	async openInstallDialog(name: string): Promise<Locator> {
		await this.page.getByRole('button', { name: 'Install a community node', exact: true }).click();
		const dialog = this.page.getByRole('dialog').filter({ hasText: 'Install community nodes' });
		await dialog.locator('input[name="packageNameInput"]').fill(name);
		return dialog;
	}

	async acceptRisks(dialog: Locator): Promise<void> {
		await dialog
			.getByText('I understand the risks of installing unverified code from a public source.')
			.click();
	}

	async importWorkflow(file: string): Promise<void> {
		await this.newWorkflow();
		await this.get('workflow-import-input').setInputFiles(file);
		await this.get('canvas-node').first().waitFor();
	}

	/** Names of the nodes that the node creator offers for `words`. */
	async searchNodes(words: string): Promise<string[]> {
		const bar = this.get('node-creator-search-bar');
		if (!(await bar.isVisible())) await this.get('node-creator-plus-button').click();
		const names = this.get('node-creator-item-name');
		// Nothing of an earlier search may be taken for what this one finds.
		await bar.fill('qqqq');
		await names.first().waitFor({ state: 'hidden' });
		await bar.fill(words);
		await names
			.filter({ hasText: /voxtral|mistral/i })
			.first()
			.waitFor();
		return (await names.allTextContents()).map((name) => name.trim());
	}

	/** Adds a node the way the node creator offers it; of several actions the one named. */
	async addNode(name: string, action?: string): Promise<void> {
		await this.searchNodes(name);
		await this.get('node-creator-item-name').filter({ hasText: name }).first().click();
		const offered = action
			? this.get('node-creator-item-name').filter({ hasText: action })
			: this.page.getByRole('button', { name: 'Add to workflow' });
		await offered.first().click();
		await this.get('node-parameters').waitFor();
	}

	async openNode(name: string): Promise<void> {
		await this.page.locator(`${byTestId('canvas-node')}[data-node-name="${name}"]`).dblclick();
		await this.get('node-parameters').waitFor();
	}

	async closeNode(): Promise<void> {
		await this.get('ndv-close-button').click();
		await this.get('ndv').waitFor({ state: 'hidden' });
	}

	/** Opens the credential of the open node: a new one, unless there is one already. */
	async openCredential(): Promise<void> {
		const connect = this.get('node-credentials-empty-state').getByRole('button');
		const edit = this.get('credential-edit-button');
		await connect.or(edit).first().waitFor();
		await ((await edit.isVisible()) ? edit : connect).click();
		await this.get('credential-save-button').waitFor();
	}

	/** Types into fields of the open credential and saves it; n8n tests it when it is saved. */
	async saveCredential(fields: Readonly<Record<string, string>>): Promise<void> {
		for (const [name, value] of Object.entries(fields))
			await this.get(`parameter-input-${name}`).locator('input').fill(value);
		await this.get('credential-save-button').click();
	}

	async closeCredential(): Promise<void> {
		const dialog = this.get('editCredential-modal');
		await dialog.getByRole('button', { name: 'Close this dialog' }).click();
		await dialog.waitFor({ state: 'hidden' });
	}

	/** What the list of a field offers, all of it and once `words` are searched for. The first one found is chosen. */
	async searchList(field: string, words: string): Promise<{ all: string[]; found: string[] }> {
		const items = this.get('rlc-item').locator('visible=true');
		const texts = async (): Promise<string[]> =>
			(await items.allTextContents()).map((text) => text.trim());
		await this.get(`resource-locator-${field}`).locator(byTestId('rlc-input')).click();
		// While the list is on its way, the present choice stands there alone.
		await items.nth(1).waitFor();
		const all = await texts();
		await this.get('rlc-search')
			.locator('visible=true')
			.locator('xpath=descendant-or-self::input')
			.fill(words);
		await items.nth(all.length - 1).waitFor({ state: 'hidden' });
		const match = items.filter({ hasText: new RegExp(words, 'i') });
		await match.first().waitFor();
		// The present choice stays on top, found or not.
		const found = (await texts()).filter((text, index) => index > 0 || text !== all[0]);
		await match.first().click();
		return { all, found };
	}

	async #viewOutput(tab: string): Promise<Locator> {
		const panel = this.get('output-panel');
		await panel.getByText(tab, { exact: true }).click();
		return panel;
	}

	/** Shows the file that the open node made: a recording is in a player then. */
	async viewFile(): Promise<void> {
		const panel = await this.#viewOutput('Binary');
		await panel.locator(byTestId('ndv-view-binary-data')).click();
		await this.page.locator('audio').last().waitFor();
	}

	/** Shows the fields of the open node's output, that one on top. */
	async viewFields(first: string): Promise<void> {
		const panel = await this.#viewOutput('Schema');
		const field = panel.getByText(first, { exact: true }).first();
		// n8n draws only what fits, so it has to be scrolled to.
		await panel.hover();
		for (let tries = 0; tries < 50 && !(await field.isVisible()); tries++) {
			await this.page.mouse.wheel(0, 150);
			await this.page.waitForTimeout(100);
		}
		await field.evaluate((element) => element.scrollIntoView({ block: 'start' }));
		await this.page.mouse.wheel(0, -4);
	}

	/** Until that step is marked as done. */
	async hasRun(name: string): Promise<void> {
		await this.page
			.locator(`${byTestId('canvas-node')}[data-node-name="${name}"]`)
			.locator(byTestId('canvas-node-status-success'))
			.waitFor();
	}

	/** Starts the workflow; with a webhook trigger n8n then listens at the test address. */
	async execute(): Promise<void> {
		await this.get('execute-workflow-button').click();
	}
}
