// Page object of the microphone page, in a Chromium with a fake microphone and an observed audio output.
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright-core';
import { launch, newPage } from './launch.mts';

const question = fileURLToPath(new URL('../recordings/question.wav', import.meta.url));

/** A fake microphone that repeats the recorded question. */
export const launchWithMicrophone = async (): Promise<Browser> =>
	await launch([
		'--use-fake-device-for-media-stream',
		`--use-file-for-fake-audio-capture=${question}`,
		'--autoplay-policy=no-user-gesture-required',
	]);

/** Runs in the page before its own scripts: records when the audio output is not silent. */
export const watchLoudspeaker = (): void => {
	const connect = AudioNode.prototype.connect as (this: AudioNode, ...args: unknown[]) => AudioNode;
	Object.assign(globalThis, { soundAtMs: undefined });
	AudioNode.prototype.connect = function (this: AudioNode, ...args: unknown[]) {
		if (args[0] instanceof AudioDestinationNode) {
			const analyser = new AnalyserNode(this.context, { fftSize: 2048 });
			connect.call(this, analyser);
			const samples = new Float32Array(analyser.fftSize);
			setInterval(() => {
				analyser.getFloatTimeDomainData(samples);
				if (samples.every((sample) => Math.abs(sample) < 0.01)) return;
				const { soundAtMs = performance.now() } = globalThis as { soundAtMs?: number };
				Object.assign(globalThis, { soundAtMs, lastSoundAtMs: performance.now() });
			}, 20);
		}
		return connect.apply(this, args);
	};
	// When the last byte of a reply has been read.
	const read = ReadableStreamDefaultReader.prototype.read;
	ReadableStreamDefaultReader.prototype.read = async function (
		this: ReadableStreamDefaultReader<unknown>,
	) {
		const result = await read.call(this);
		if (result.done) Object.assign(globalThis, { replyEndedAtMs: performance.now() });
		return result;
	} as typeof read;
};

/** Times by the clock of the page. */
export interface Observed {
	soundAtMs?: number;
	lastSoundAtMs?: number;
	replyEndedAtMs?: number;
}

export class TalkPage {
	readonly page: Page;

	constructor(page: Page) {
		this.page = page;
	}

	static async open(
		browser: Browser,
		url: string,
		{
			microphone = true,
			...options
		}: { microphone?: boolean } & Parameters<typeof newPage>[1] = {},
	): Promise<TalkPage> {
		const page = await newPage(browser, {
			...options,
			permissions: microphone ? ['microphone'] : [],
		});
		await page.addInitScript(watchLoudspeaker);
		await page.goto(url);
		return new TalkPage(page);
	}

	get orb(): Locator {
		return this.page.locator('#orb');
	}

	get lastTurn(): Locator {
		return this.page.locator('.turn').last();
	}

	get problem(): Locator {
		return this.page.getByRole('alert');
	}

	async reaches(stage: 'ready' | 'listening' | 'thinking' | 'speaking'): Promise<void> {
		await this.page.locator(`body[data-stage="${stage}"]`).waitFor();
	}

	/** Push to talk for that long. */
	async hold(ms: number): Promise<void> {
		const box = await this.orb.boundingBox();
		if (!box) throw new Error('The button is not to be seen');
		await this.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
		await this.page.mouse.down();
		await this.reaches('listening');
		await this.page.waitForTimeout(ms);
		await this.page.mouse.up();
	}

	async observed(): Promise<Observed> {
		return await this.page.evaluate(() => {
			const { soundAtMs, lastSoundAtMs, replyEndedAtMs } = globalThis as unknown as Observed;
			return { soundAtMs, lastSoundAtMs, replyEndedAtMs };
		});
	}
}
