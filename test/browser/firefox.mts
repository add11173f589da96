// Drives the installed Firefox by WebDriver BiDi (w3.org/TR/webdriver-bidi): Playwright needs newer commands than
// Firefox ESR has, or its own build.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const commands = ['firefox', 'firefox-esr'];

/** `FIREFOX_PATH`, else the first one found; undefined if there is none. */
export const findFirefox = (environment = process.env): string | undefined => {
	if (environment.FIREFOX_PATH) return environment.FIREFOX_PATH;
	const onPath = (environment.PATH ?? '')
		.split(delimiter)
		.flatMap((folder) => commands.map((command) => join(folder, command)));
	return [...onPath, '/Applications/Firefox.app/Contents/MacOS/firefox'].find((place) =>
		existsSync(place),
	);
};

/** A fake microphone that plays a tone, without a permission prompt. */
const preferences = {
	'media.navigator.streams.fake': true,
	'media.navigator.permission.disabled': true,
	'media.autoplay.default': 0,
	'app.normandy.enabled': false,
	'app.update.auto': false,
	'browser.shell.checkDefaultBrowser': false,
	'datareporting.policy.dataSubmissionEnabled': false,
	'network.captive-portal-service.enabled': false,
	'network.connectivity-service.enabled': false,
	'toolkit.telemetry.enabled': false,
};

interface Reply {
	id?: number;
	type: string;
	message?: string;
	result?: Record<string, unknown>;
}

class Session {
	readonly #socket: WebSocket;

	readonly #waiting = new Map<number, (reply: Reply) => void>();

	#last = 0;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.addEventListener('message', ({ data }) => {
			const reply = JSON.parse(String(data)) as Reply;
			if (reply.id === undefined) return;
			this.#waiting.get(reply.id)?.(reply);
			this.#waiting.delete(reply.id);
		});
		socket.addEventListener('close', () => {
			for (const [id, settle] of this.#waiting)
				settle({ id, type: 'error', message: 'Firefox has gone' });
		});
	}

	static async open(url: string): Promise<Session> {
		const socket = new WebSocket(url);
		await new Promise((resolve, reject) => {
			socket.addEventListener('open', resolve);
			socket.addEventListener('error', () => reject(new Error(`Nobody answers at ${url}`)));
		});
		const session = new Session(socket);
		await session.send('session.new', { capabilities: {} });
		return session;
	}

	async send(method: string, params: object): Promise<Record<string, unknown>> {
		const id = ++this.#last;
		const reply = await new Promise<Reply>((resolve) => {
			this.#waiting.set(id, resolve);
			this.#socket.send(JSON.stringify({ id, method, params }));
		});
		if (reply.type === 'error') throw new Error(`${method}: ${reply.message}`);
		return reply.result ?? {};
	}

	close(): void {
		this.#socket.close();
	}
}

export class FirefoxPage {
	readonly #session: Session;

	readonly #context: string;

	constructor(session: Session, context: string) {
		this.#session = session;
		this.#context = context;
	}

	async goto(url: string): Promise<void> {
		await this.#session.send('browsingContext.navigate', {
			context: this.#context,
			url,
			wait: 'complete',
		});
	}

	/** Runs `work` in the page and returns its JSON result. */
	async evaluate<Value>(work: () => Value | Promise<Value>): Promise<Value> {
		const reply = (await this.#session.send('script.evaluate', {
			expression: `Promise.resolve((${work.toString()})()).then((value) => JSON.stringify(value))`,
			target: { context: this.#context },
			awaitPromise: true,
			userActivation: false,
		})) as { result?: { value?: unknown }; exceptionDetails?: { text: string } };
		if (reply.exceptionDetails) throw new Error(reply.exceptionDetails.text);
		const { value } = reply.result ?? {};
		return (typeof value === 'string' ? JSON.parse(value) : undefined) as Value;
	}

	/** Waits until `isSo` holds in the page. */
	async until(what: string, isSo: () => boolean, limitMs = 45_000): Promise<void> {
		for (const endMs = Date.now() + limitMs; Date.now() < endMs; ) {
			if (await this.evaluate(isSo)) return;
			await new Promise((resolve) => setTimeout(resolve, 50));
		}
		const shown = await this.evaluate(() => document.body.innerText);
		throw new Error(`Not within ${limitMs / 1000} s: ${what}. The page shows:\n${shown}`);
	}

	/** Holds the mouse button down on an element during `work`. */
	async hold(selector: string, work: () => Promise<void>): Promise<void> {
		const nodes = (await this.#session.send('browsingContext.locateNodes', {
			context: this.#context,
			locator: { type: 'css', value: selector },
		})) as { nodes: { sharedId: string }[] };
		const origin = { type: 'element', element: { sharedId: nodes.nodes[0]?.sharedId } };
		const perform = async (...actions: object[]) =>
			await this.#session.send('input.performActions', {
				context: this.#context,
				actions: [{ type: 'pointer', id: 'mouse', actions }],
			});
		await perform({ type: 'pointerMove', x: 0, y: 0, origin }, { type: 'pointerDown', button: 0 });
		await work();
		await perform({ type: 'pointerUp', button: 0 });
	}

	async press(...keys: string[]): Promise<void> {
		await this.#session.send('input.performActions', {
			context: this.#context,
			actions: [
				{
					type: 'key',
					id: 'keyboard',
					actions: keys.flatMap((value) => [
						{ type: 'keyDown', value },
						{ type: 'keyUp', value },
					]),
				},
			],
		});
	}

	async screenshot(): Promise<Buffer> {
		const { data } = await this.#session.send('browsingContext.captureScreenshot', {
			context: this.#context,
		});
		return Buffer.from(String(data), 'base64');
	}
}

export interface Firefox {
	page: FirefoxPage;
	close(): Promise<void>;
}

/** Starts Firefox with an empty profile; `beforeScripts` runs in every page before its own scripts. */
export const startFirefox = async (path: string, beforeScripts: () => void): Promise<Firefox> => {
	const profile = await mkdtemp(join(tmpdir(), 'voxtral-firefox-'));
	const lines = Object.entries(preferences).map(
		([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`,
	);
	await writeFile(join(profile, 'user.js'), lines.join(''));
	const child = spawn(
		path,
		['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile],
		{ stdio: ['ignore', 'ignore', 'pipe'] },
	);
	const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
	const close = async (): Promise<void> => {
		child.kill('SIGKILL');
		await ended;
		await rm(profile, { recursive: true, force: true, maxRetries: 5 });
	};
	try {
		const url = await new Promise<string>((resolve, reject) => {
			let said = '';
			child.stderr.on('data', (data) => {
				said += String(data);
				const [, found] = /WebDriver BiDi listening on (ws:\S+)/.exec(said) ?? [];
				if (found) resolve(found);
			});
			child.on('error', reject);
			child.on('exit', () => reject(new Error(`Firefox ended while starting. It said: ${said}`)));
		});
		const session = await Session.open(`${url}/session`);
		await session.send('script.addPreloadScript', {
			functionDeclaration: beforeScripts.toString(),
		});
		const { context } = await session.send('browsingContext.create', { type: 'tab' });
		return { page: new FirefoxPage(session, String(context)), close };
	} catch (error) {
		await close();
		throw error;
	}
};
