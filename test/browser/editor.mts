// Page object of n8n's editor: clicks, typing, and what is visible afterwards.
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

	/** Opens the list of installed community packages in n8n's settings. */
	async openCommunityNodes(): Promise<void> {
		await this.page.goto(`${this.#url}/settings/community-nodes`, { waitUntil: 'commit' });
		await this.get('settings-community-nodes').waitFor();
	}

	/** Opens the dialog that installs a package and types its name. */
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

	/** Searches the node creator for `words` and returns the names of the nodes it offers. */
	async searchNodes(words: string): Promise<string[]> {
		const bar = this.get('node-creator-search-bar');
		if (!(await bar.isVisible())) await this.get('node-creator-plus-button').click();
		const names = this.get('node-creator-item-name');
		// Results of an earlier search must be gone first.
		await bar.fill('qqqq');
		await names.first().waitFor({ state: 'hidden' });
		await bar.fill(words);
		await names
			.filter({ hasText: /voxtral|mistral/i })
			.first()
			.waitFor();
		return (await names.allTextContents()).map((name) => name.trim());
	}

	/** Adds a node from the node creator; of several actions the named one. */
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

	/** Opens the credential of the open node, a new one if it has none. */
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

	/** Returns the options of a list field, all and those found for `words`, and chooses the first one found. */
	async searchList(field: string, words: string): Promise<{ all: string[]; found: string[] }> {
		const items = this.get('rlc-item').locator('visible=true');
		const texts = async (): Promise<string[]> =>
			(await items.allTextContents()).map((text) => text.trim());
		await this.get(`resource-locator-${field}`).locator(byTestId('rlc-input')).click();
		// While the list loads, only the current choice is shown.
		await items.nth(1).waitFor();
		const all = await texts();
		await this.get('rlc-search')
			.locator('visible=true')
			.locator('xpath=descendant-or-self::input')
			.fill(words);
		await items.nth(all.length - 1).waitFor({ state: 'hidden' });
		const match = items.filter({ hasText: new RegExp(words, 'i') });
		await match.first().waitFor();
		// The current choice stays at the top, found or not.
		const found = (await texts()).filter((text, index) => index > 0 || text !== all[0]);
		await match.first().click();
		return { all, found };
	}

	async #viewOutput(tab: string): Promise<Locator> {
		const panel = this.get('output-panel');
		await panel.getByText(tab, { exact: true }).click();
		return panel;
	}

	/** Shows the binary output of the open node; audio is shown in a player. */
	async viewFile(): Promise<void> {
		const panel = await this.#viewOutput('Binary');
		await panel.locator(byTestId('ndv-view-binary-data')).click();
		await this.page.locator('audio').last().waitFor();
	}

	/** Shows the output fields of the open node, scrolled to that one. */
	async viewFields(first: string): Promise<void> {
		const panel = await this.#viewOutput('Schema');
		const field = panel.getByText(first, { exact: true }).first();
		// n8n renders only visible rows, so the row has to be scrolled into view.
		await panel.hover();
		for (let tries = 0; tries < 50 && !(await field.isVisible()); tries++) {
			await this.page.mouse.wheel(0, 150);
			await this.page.waitForTimeout(100);
		}
		await field.evaluate((element) => element.scrollIntoView({ block: 'start' }));
		await this.page.mouse.wheel(0, -4);
	}

	/** Waits until that node is marked as successful. */
	async hasRun(name: string): Promise<void> {
		await this.page
			.locator(`${byTestId('canvas-node')}[data-node-name="${name}"]`)
			.locator(byTestId('canvas-node-status-success'))
			.waitFor();
	}

	/** Executes the workflow; with a webhook trigger n8n then listens at the test URL. */
	async execute(): Promise<void> {
		await this.get('execute-workflow-button').click();
	}
}
