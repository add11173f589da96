// The one HTTP door to Mistral: address, key, retries, deadline and scrubbing, for every request.
import { sleep } from 'n8n-workflow';
import { Failure } from '../run/failure';
import { apiRoot } from './address';
import type { Connection, Reply, TransportContext, TransportRequest } from './attempt';
import { Attempt, cancelled, cancelSignal, CREDENTIAL_NAME } from './attempt';
import { isJson, notAsDocumented, nowMs, readAll } from './body';
import type { RetryPolicy } from './retry';
import { DEFAULT_RETRY, RetryBudget } from './retry';

/** What came of it, and how many requests it took. */
export interface Sent<T> {
	readonly value: T;
	readonly attempts: number;
}

/** Sends requests for one item of one operation. */
export class Transport {
	private connection: Promise<Connection> | undefined;

	constructor(
		private readonly context: TransportContext,
		readonly operation: string,
		private readonly itemIndex: number,
		private readonly budget: RetryBudget = new RetryBudget(),
		private readonly policy: RetryPolicy = DEFAULT_RETRY,
	) {}

	/** A JSON reply, shaped by `read`, which throws or returns undefined when the shape is not as documented. */
	async json<T>(
		request: TransportRequest,
		read: (body: unknown) => T | undefined,
	): Promise<Sent<T>> {
		return await this.send(request, async ({ headers, body }) => {
			const bytes = await readAll(body);
			const value = isJson(headers) ? parseJson(bytes) : undefined;
			const shaped = value === undefined ? undefined : read(value);
			if (shaped === undefined) throw notAsDocumented(this.operation);
			return shaped;
		});
	}

	/**
	 * Sends, retries, and hands a 2xx reply to `read`, which consumes the body within the try: what
	 * breaks while reading counts as a broken try.
	 *
	 * @throws Failure with `attempts`, the API key scrubbed from every text
	 */
	async send<T>(
		request: TransportRequest,
		read: (reply: Reply) => Promise<T>,
	): Promise<Sent<T>> {
		const connection = await this.connect();
		const { policy } = this;
		const deadlineMs = nowMs() + request.deadlineMs;
		for (let attempt = 1; ; attempt++) {
			const once = new Attempt(this.context, this.operation, connection, request, deadlineMs);
			try {
				const value = await once.run(read);
				this.budget.giveBack();
				return { value, attempts: attempt };
			} catch (thrown) {
				const failure = once.explain(thrown);
				const waitMs = once.waitBeforeRetry(attempt, policy);
				const again = waitMs !== undefined && attempt < policy.attempts && this.budget.take();
				if (!again) throw scrubbed(failure.with({ attempts: attempt }), connection.apiKey);
				await this.pause(waitMs);
			}
		}
	}

	private async connect(): Promise<Connection> {
		this.connection ??= this.readCredential();
		return await this.connection;
	}

	private async readCredential(): Promise<Connection> {
		const credential = await this.context.getCredentials(CREDENTIAL_NAME, this.itemIndex);
		const apiKey = String(credential.apiKey ?? '').trim();
		if (apiKey === '') {
			throw new Failure({
				stage: `${this.operation}.no-key`,
				message: 'The Mistral Voice API credential has no API Key',
				hint: 'Open the credential, paste a key from console.mistral.ai > API Keys, and save.',
			});
		}
		const root = apiRoot(String(credential.baseUrl ?? ''), credential.allowHttp === true);
		if ('hint' in root) {
			throw new Failure({ stage: `${this.operation}.wrong-base-url`, ...root });
		}
		return { root: root.url, apiKey };
	}

	private async pause(ms: number): Promise<void> {
		const cancel = cancelSignal(this.context);
		if (cancel?.aborted) throw cancelled(this.operation);
		let onCancel: (() => void) | undefined;
		const interrupted = new Promise<never>((_, reject) => {
			onCancel = () => reject(cancelled(this.operation));
			cancel?.addEventListener('abort', onCancel, { once: true });
		});
		try {
			// Older n8n knows no second argument: there the timer runs out by itself.
			const slept = sleep(ms, cancel);
			slept.catch(() => undefined);
			await Promise.race([slept, interrupted]);
		} finally {
			if (onCancel) cancel?.removeEventListener('abort', onCancel);
		}
	}
}

function parseJson(bytes: Buffer): unknown {
	try {
		return JSON.parse(bytes.toString('utf8')) as unknown;
	} catch {
		return undefined;
	}
}

/** The failure with the key taken out of everything a server may have echoed. */
function scrubbed(failure: Failure, apiKey: string): Failure {
	// Taking a very short "key" out would only garble the sentence.
	if (apiKey.length < 8) return failure;
	const facts: Record<string, unknown> = { ...failure.facts };
	for (const [name, value] of Object.entries(facts)) {
		if (typeof value === 'string') facts[name] = value.split(apiKey).join('[key]');
	}
	return new Failure(facts as unknown as Failure['facts']);
}
