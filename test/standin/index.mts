// A local server that behaves as Mistral's API does, for tests, benchmarks and the demo.
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { AnswerScript } from './assistant.mts';
import { AudioReader } from './audio-reader.mts';
import { FaultBox, type Fault } from './faults.mts';
import { noLatency, type LatencyProfile } from './latency.mts';
import { defaultQuirks, type Quirks } from './quirks.mts';
import type { RecordedRequest } from './recorder.mts';
import { serve } from './serve.mts';
import { SpeechEngine } from './speech-engine.mts';
import { emptyStores, type World } from './world.mts';

export type { AnswerScript, ScriptedOutput, ScriptedTurn } from './assistant.mts';
export { faults } from './fault-catalogue.mts';
export type { EventFault, Fault } from './faults.mts';
export { latencyProfiles, noLatency, type LatencyProfile } from './latency.mts';
export { defaultQuirks, type Quirks } from './quirks.mts';
export type { RecordedRequest } from './recorder.mts';

export interface StandInOptions {
	/** 0 = any free port. */
	port?: number;
	/** Accepted API keys; default `['stand-in-key']`. */
	apiKeys?: string[];
	/** Fixed latencies; none by default. */
	profile?: LatencyProfile;
	/** The speech engine; eSpeak by default. */
	speech?: SpeechEngine;
}

export interface StandIn {
	url: string;
	port: number;
	requests: RecordedRequest[];
	/** Open connections that have not sent a request yet. */
	silent: ReadonlySet<Socket>;
	/** Clears requests, faults, quirks, script and all stored data. */
	reset(): void;
	inject(fault: Fault): void;
	/** Removes the injected faults of exactly this path or caller; all without either. */
	heal(where?: string | { apiKey: string }): void;
	behave(quirks: Partial<Quirks>): void;
	answerWith(script: AnswerScript | undefined): void;
	close(): Promise<void>;
}

export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
	const apiKeys = new Set(options.apiKeys ?? ['stand-in-key']);
	const requests: RecordedRequest[] = [];
	const faults = new FaultBox();
	const speech = options.speech ?? new SpeechEngine();
	const world: World = {
		...emptyStores(),
		quirks: { ...defaultQuirks },
		script: undefined,
		profile: options.profile ?? noLatency,
		speech,
		audio: new AudioReader(speech.spoken),
		url: '',
	};
	const server = createServer(
		{ requestTimeout: 0, headersTimeout: 60_000, keepAliveTimeout: 60_000 },
		serve({ world, apiKeys, requests, faults }),
	);
	const silent = new Set<Socket>();
	server.on('connection', (socket) => {
		silent.add(socket);
		socket.on('close', () => silent.delete(socket));
	});
	server.prependListener('request', ({ socket }) => silent.delete(socket));
	server.listen(options.port ?? 0, '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	world.url = `http://127.0.0.1:${port}`;

	return {
		url: world.url,
		port,
		requests,
		silent,
		reset() {
			requests.length = 0;
			faults.clear();
			Object.assign(world, emptyStores(), { quirks: { ...defaultQuirks }, script: undefined });
		},
		inject: (fault) => faults.arm(fault),
		heal: (where) => faults.clear(typeof where === 'string' ? { path: where } : where),
		behave: (quirks) => Object.assign(world.quirks, quirks),
		answerWith: (script) => {
			world.script = script;
		},
		async close() {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
			await Promise.all([speech.close(), world.audio.close()]);
		},
	};
}
