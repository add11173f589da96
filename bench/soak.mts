// Soak test: many turns through a real n8n, to detect leaks of memory or open files: node bench/soak.mts [turns, default 100].
// Up to 2,000 warm-up turns come first. Retained memory is measured: when V8 collects garbage and when the C library
// returns memory is chance, and varies by more than the growth that is judged.
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { prepare } from '../harness/bootstrap.mjs';
import { buildIfChanged } from '../harness/build.mjs';
import { startN8n } from '../harness/n8n.mts';
import { pack } from '../harness/pack.mjs';
import { freePort } from '../harness/ports.mts';
import { startStandIn } from '../test/standin/index.mts';
import { postForm } from '../test/support/webhook-calls.mts';
import { voiceNote } from '../test/support/recordings.mts';
import { publishSample } from '../test/support/sample-workflows.mts';
import { inspect } from './inspector.mts';

const TURNS = Number(process.argv[2] ?? 100);
const AT_ONCE = 4;
const WARM_UP_TURNS = Math.min(TURNS, 2_000);
const SAMPLES = 40;
const TURNS_A_SAMPLE = Math.max(1, Math.floor(TURNS / SAMPLES));
/** Measurements for each sample: n8n still works after a turn, with memory that it frees later. */
const MEASUREMENTS_A_SAMPLE = 5;
const MEASURE_EVERY_MS = 200;
/** Fewer turns are mostly warm-up and not judged. */
const ENOUGH_TURNS = 1_000;
const MAX_MIB_PER_1000 = 1;

interface Sample {
	readonly turn: number;
	readonly rssMib: number;
	readonly heapMib: number;
	readonly descriptors: number;
}

async function measureOnce(turn: number): Promise<Sample> {
	const heapMib = (await inspector.usedHeap()) / 1024 ** 2;
	const { pid } = n8n;
	const status = await readFile(`/proc/${pid}/status`, 'utf8');
	const rssMib = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
	return { turn, rssMib, heapMib, descriptors: (await readdir(`/proc/${pid}/fd`)).length };
}

/** The minimum of several samples: retained memory is in all of them. */
async function measure(turn: number): Promise<Sample> {
	let least = await measureOnce(turn);
	for (let looks = 1; looks < MEASUREMENTS_A_SAMPLE; looks += 1) {
		await setTimeout(MEASURE_EVERY_MS);
		const { rssMib, heapMib, descriptors } = await measureOnce(turn);
		least = {
			turn,
			rssMib: Math.min(least.rssMib, rssMib),
			heapMib: Math.min(least.heapMib, heapMib),
			descriptors: Math.min(least.descriptors, descriptors),
		};
	}
	return least;
}

/** Slope by least squares, in MiB for a thousand turns. */
function slope(samples: readonly Sample[], of: 'rssMib' | 'heapMib'): number {
	const mean = (pick: (sample: Sample) => number) =>
		samples.reduce((sum, sample) => sum + pick(sample), 0) / samples.length;
	const [turn, mib] = [mean((sample) => sample.turn), mean((sample) => sample[of])];
	const over = samples.reduce((sum, s) => sum + (s.turn - turn) * (s[of] - mib), 0);
	const under = samples.reduce((sum, s) => sum + (s.turn - turn) ** 2, 0);
	return (over / under) * 1_000;
}

await buildIfChanged(await prepare());
const { path: tarball } = await pack();
const userFolder = await mkdtemp(join(tmpdir(), 'voxtral-soak-'));
const standIn = await startStandIn();
const inspectorPort = await freePort(9230);
const n8n = await startN8n({
	userFolder,
	tarball,
	owner: { email: 'soak@example.com', password: 'Voice-soak-42' },
	port: 5830,
	environment: {
		EXECUTIONS_DATA_SAVE_ON_SUCCESS: 'none',
		NODE_OPTIONS: `--max-old-space-size=512 --inspect=127.0.0.1:${inspectorPort}`,
		// The C library returns freed memory to the system at once, so that it does not count as retained.
		MALLOC_ARENA_MAX: '1',
		MALLOC_MMAP_THRESHOLD_: '65536',
		MALLOC_TRIM_THRESHOLD_: '65536',
	},
});
const inspector = await inspect(inspectorPort);
try {
	const { url } = await publishSample(n8n, 'voice-webhook', 'voice-for-hours', standIn);
	const note = { data: voiceNote() };
	let reference: number | undefined;
	const turn = async (): Promise<void> => {
		const response = await postForm(url, note);
		const { byteLength } = await response.arrayBuffer();
		reference ??= byteLength;
		if (!response.ok || byteLength !== reference)
			throw new Error(`a turn went wrong: ${response.status}, ${byteLength} bytes`);
	};
	const turns = async (count: number): Promise<void> => {
		await Promise.all(Array.from({ length: count }, turn));
		// Frees the memory of the stand-in, which shares this machine.
		standIn.reset();
	};
	await turn();
	const measuredTurns = async (count: number): Promise<Sample[]> => {
		const samples: Sample[] = [];
		for (let done = 0, next = TURNS_A_SAMPLE; done < count; ) {
			const batch = Math.min(AT_ONCE, count - done);
			await turns(batch);
			done += batch;
			if (done < next && done < count) continue;
			next = done + TURNS_A_SAMPLE;
			const sample = await measure(done);
			samples.push(sample);
			console.log(
				`${done} turns: ${sample.rssMib.toFixed(1)} MiB, heap ${sample.heapMib.toFixed(1)} MiB, ${sample.descriptors} descriptors`,
			);
		}
		return samples;
	};
	console.log('Warming up');
	await measuredTurns(WARM_UP_TURNS);
	console.log('Judged');
	const samples = await measuredTurns(TURNS);
	const mib = slope(samples, 'rssMib');
	// Idle connections are closed from time to time, so the maximum counts.
	const most = (some: readonly Sample[]) => Math.max(...some.map(({ descriptors }) => descriptors));
	const middle = Math.floor(samples.length / 2);
	const grown = most(samples.slice(middle)) - most(samples.slice(0, middle));
	console.log(
		`RSS slope after warming up: ${mib.toFixed(2)} MiB per 1,000 turns; heap ${slope(samples, 'heapMib').toFixed(2)} MiB; descriptors ${grown >= 0 ? '+' : ''}${grown}`,
	);
	if (TURNS < ENOUGH_TURNS) console.log(`(${ENOUGH_TURNS} turns or more are judged)`);
	else if (mib > MAX_MIB_PER_1000 || grown > AT_ONCE) process.exitCode = 1;
} finally {
	inspector.close();
	await n8n.stop();
	await standIn.close();
	await rm(userFolder, { recursive: true, force: true });
}
