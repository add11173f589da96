// Whom the demo talks to: Mistral, if there is a key, else the stand-in on this computer.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../harness/ports.mts';
import { startStandIn } from '../test/standin/index.mts';

export interface Counterpart {
	/** For the person who reads the demo's output. */
	description: string[];
	apiKey: string;
	baseUrl: string;
	isStandIn: boolean;
	/** Set for the stand-in. */
	port?: number;
	close: () => Promise<void>;
}

/** `MISTRAL_API_KEY` decides; `MISTRAL_BASE_URL` may name another address than Mistral's own. */
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

/** The recorded question that comes with the project. */
export const sampleQuestion = (checkout: string): string => {
	const folder = join(checkout, 'test', 'recordings');
	const ogg = join(folder, 'question.ogg');
	return existsSync(ogg) ? ogg : join(folder, 'question.wav');
};
