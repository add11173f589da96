// What most engine tests begin with: a stand-in, an engine that talks to it, and recordings.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type StandIn, startStandIn } from '../standin/index.mts';
import { type BinaryMode, type Engine, startEngine } from './engine.mts';

export { recording, sha256 } from './recordings.mts';

export const KEY = 'stand-in-key';

export interface Bench {
	readonly standIn: StandIn;
	readonly engine: Engine;
}

/** Starts both before the tests of this scope, resets the stand-in before each, and ends both. */
export function useBench(binaryMode: BinaryMode = 'memory'): Bench {
	const bench: { standIn?: StandIn; engine?: Engine } = {};
	beforeAll(async () => {
		bench.standIn = await startStandIn({ apiKeys: [KEY] });
		bench.engine = await startEngine({ apiKey: KEY, baseUrl: bench.standIn.url }, binaryMode);
	});
	beforeEach(() => bench.standIn?.reset());
	afterAll(async () => {
		await bench.engine?.close();
		await bench.standIn?.close();
	});
	return bench as Bench;
}
