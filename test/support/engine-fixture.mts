// Fixture of the engine tests: a stand-in, an engine whose credential points at it, and recordings.
import { afterAll, beforeAll, beforeEach } from '@jest/globals';
import { type StandIn, startStandIn } from '../standin/index.mts';
import { type BinaryMode, type Engine, startEngine } from './engine.mts';

export { recording, sha256 } from './recordings.mts';

export const KEY = 'stand-in-key';

export interface EngineFixture {
	readonly standIn: StandIn;
	readonly engine: Engine;
}

/** Starts both before the tests of this scope, resets the stand-in before each test, and closes both at the end. */
export function useEngineFixture(binaryMode: BinaryMode = 'memory'): EngineFixture {
	const fixture: { standIn?: StandIn; engine?: Engine } = {};
	beforeAll(async () => {
		fixture.standIn = await startStandIn({ apiKeys: [KEY] });
		fixture.engine = await startEngine({ apiKey: KEY, baseUrl: fixture.standIn.url }, binaryMode);
	});
	beforeEach(() => fixture.standIn?.reset());
	afterAll(async () => {
		await fixture.engine?.close();
		await fixture.standIn?.close();
	});
	return fixture as EngineFixture;
}
