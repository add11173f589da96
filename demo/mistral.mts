// The API of the demo: Mistral if there is an API key, else a local stand-in.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../harness/ports.mts';
import { startStandIn } from '../test/standin/index.mts';

export interface Counterpart {
	/** Description for the output of the demo. */
	description: string[];
	apiKey: string;
	baseUrl: string;
	isStandIn: boolean;
	/** Stops the stand-in; undefined for Mistral. */
	port?: number;
	close: () => Promise<void>;
}

/** Mistral if `MISTRAL_API_KEY` is set; `MISTRAL_BASE_URL` may name another base URL. */
export const findCounterpart = async (
	wantedPort: number,
	taken: readonly number[],
): Promise<Counterpart> => {
	const apiKey = process.env.MISTRAL_API_KEY?.trim();
	if (apiKey) {
		const baseUrl = process.env.MISTRAL_BASE_URL?.trim() || 'https://api.mistral.ai';
		return {
			description: [
				`Mistral, at ${new URL(baseUrl).host}, with your key. This uses your Mistral account.`,
			],
			apiKey,
			baseUrl,
			isStandIn: false,
			close: async () => undefined,
		};
	}
	const standIn = await startStandIn({ port: await freePort(wantedPort, taken) });
	return {
		description: [
			'a stand-in on this computer, not Mistral. The speech is real, the answer is made up.',
			'For real answers: MISTRAL_API_KEY=your-key npm start',
		],
		apiKey: 'stand-in-key',
		baseUrl: standIn.url,
		isStandIn: true,
		port: standIn.port,
		close: async () => await standIn.close(),
	};
};

/** Path of the recorded question in the project. */
export const sampleQuestion = (checkout: string): string => {
	const folder = join(checkout, 'test', 'recordings');
	const ogg = join(folder, 'question.ogg');
	return existsSync(ogg) ? ogg : join(folder, 'question.wav');
};
