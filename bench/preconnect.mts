// What preconnecting (nodes open the connection of a request before its body is known) gains over a network:
// node bench/preconnect.mts [rounds, default 20] [--write]. Turns of Voxtral Assistant in a real n8n, with and
// without it in turn, through TLS 1.3 and an emulated round-trip time. About six minutes, on loopback only.
import { rmSync } from 'node:fs';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { checkout, prepare } from '../harness/bootstrap.mjs';
import { buildIfChanged } from '../harness/build.mjs';
import { beforeStopping } from '../harness/child-processes.mjs';
import { pinnedVersion } from '../harness/fetch-n8n.mts';
import type { N8n } from '../harness/n8n.mts';
import { pack } from '../harness/pack.mjs';
import { printFailure } from '../harness/problem.mjs';
import { orderOf } from './alternation.mts';
import { checkSeconds, settleMs } from './interleaved-turns.mts';
import { connectMs, type DistantApi, startDistantApi } from './distant-api.mts';
import { withSection } from './marked-section.mts';
import { buildAndPack, copyCheckout } from './package-builds.mts';
import { startPair } from './paired-servers.mts';
import { type PairedTurns, preconnectTable, verdictOf } from './preconnect-report.mts';
import { apiKey, settings } from './settings.mts';
import { median } from './statistics.mts';
import { takeTurn } from './turn.mts';
import { takeOutPreconnect } from './without-preconnect.mts';
import { publishContender, saveAccess } from './workflows.mts';

const words = process.argv.slice(2);
const rounds = Math.min(200, Number(words.find((word) => /^[1-9]\d*$/.test(word)) ?? 20));
const RTTS_MS = [30, 80] as const;
/** Forgotten: the first turns of a server compile its code. */
const WARM_UPS = 3;
/** No round begins later than this. */
const MOST_MS = 20 * 60_000;
const SECTION = 'measured: written by node bench/preconnect.mts --write';

const startMs = performance.now();
const say = (what: string): void =>
	console.log(`${((performance.now() - startMs) / 1000).toFixed(0).padStart(4)} s  ${what}`);

const cloud = settings.find(({ name }) => name === 'cloud');
if (!cloud) throw new Error('no setting called cloud');

interface Variant {
	/** Addresses of the webhook, by round-trip time. */
	urls: Record<number, string>;
	firstAudioMs: Record<number, number[]>;
	ahead: Record<number, number>;
}

async function publish(n8n: N8n, api: DistantApi): Promise<Variant> {
	const variant: Variant = { urls: {}, firstAudioMs: {}, ahead: {} };
	for (const rtt of RTTS_MS) {
		const access = await saveAccess(n8n, { name: `rtt-${rtt}`, url: api.urls[rtt] ?? '' }, apiKey);
		variant.urls[rtt] = await publishContender(n8n, 'assistant', access.name, access);
		variant.firstAudioMs[rtt] = [];
		variant.ahead[rtt] = 0;
	}
	return variant;
}

type Setting = NonNullable<typeof cloud>;

async function measure(
	variants: readonly [Variant, Variant],
	api: DistantApi,
	setting: Setting,
): Promise<void> {
	const recording = new Uint8Array(await readFile(join(checkout, 'test/recordings/question.ogg')));
	const endMs = performance.now() + MOST_MS;
	for (let round = 0; round < rounds + WARM_UPS && performance.now() < endMs; round += 1) {
		for (const rtt of RTTS_MS) {
			for (const variant of orderOf(round, variants)) {
				await setTimeout(settleMs);
				await api.takeConnections();
				const turn = await takeTurn(variant.urls[rtt] ?? '', recording, 'chunks');
				checkSeconds('assistant', turn.seconds, setting);
				const { ahead } = await api.takeConnections();
				if (round < WARM_UPS) continue;
				variant.firstAudioMs[rtt]?.push(turn.firstAudioMs);
				variant.ahead[rtt] = (variant.ahead[rtt] ?? 0) + ahead;
			}
		}
		if ((round + 1) % 5 === 0) say(`round ${round + 1} of ${rounds + WARM_UPS}`);
	}
}

async function handshakeMs(api: DistantApi, rtt: number): Promise<number> {
	const tries: number[] = [];
	for (let index = 0; index < 7; index += 1)
		tries.push(await connectMs(api.urls[rtt] ?? '', api.certificate));
	return median(tries);
}

async function packBoth(folder: string): Promise<[string, string]> {
	const tools = await prepare();
	const sources = join(folder, 'without-preconnect');
	await copyCheckout(sources);
	await takeOutPreconnect(sources);
	const without = await buildAndPack(sources, tools);
	await buildIfChanged(tools);
	return [(await pack()).path, without.path];
}

async function measureIn(folder: string, setting: Setting): Promise<PairedTurns[]> {
	say('building the package with and without preconnecting');
	const tarballs = await packBoth(folder);
	const api = await startDistantApi(RTTS_MS);
	try {
		const trusted = join(folder, 'certificate.pem');
		await writeFile(trusted, api.certificate);
		say('starting two n8n');
		const { servers, stop } = await startPair(tarballs, folder, { NODE_EXTRA_CA_CERTS: trusted });
		try {
			const withIt = await publish(servers[0], api);
			const withoutIt = await publish(servers[1], api);
			const handshakes: Record<number, number> = {};
			for (const rtt of RTTS_MS) handshakes[rtt] = await handshakeMs(api, rtt);
			say(`${WARM_UPS} rounds to warm up, ${rounds} that count`);
			await measure([withIt, withoutIt], api, setting);
			return RTTS_MS.map((rtt) => {
				const withPreconnect = withIt.firstAudioMs[rtt] ?? [];
				const turns = withPreconnect.length;
				return {
					rttMs: rtt,
					connectMs: handshakes[rtt] ?? Number.NaN,
					withPreconnect,
					withoutPreconnect: withoutIt.firstAudioMs[rtt] ?? [],
					aheadWith: (withIt.ahead[rtt] ?? 0) / turns,
					aheadWithout: (withoutIt.ahead[rtt] ?? 0) / turns,
				};
			});
		} finally {
			await stop();
		}
	} finally {
		api.stop();
	}
}

/** Otherwise something else than preconnecting was measured. */
function refuseMixedUp({ rttMs, aheadWith, aheadWithout }: PairedTurns): void {
	if (aheadWith >= 1.5 && aheadWithout < 0.1) return;
	throw new Error(
		`${rttMs} ms: ${aheadWith} connections opened ahead per turn with preconnect, ${aheadWithout} without`,
	);
}

const folder = await mkdtemp(join(tmpdir(), 'voxtral-preconnect-'));
const clear = (): void => rmSync(folder, { recursive: true, force: true });
const settled = beforeStopping(clear);
try {
	const loadBefore = loadavg()[0] ?? 0;
	const measured = await measureIn(folder, cloud);
	const machine = [
		`${cpus().length} cores`,
		`Node.js ${process.versions.node}`,
		`n8n ${await pinnedVersion()}`,
		`load ${loadBefore.toFixed(1)} before, ${(loadavg()[0] ?? 0).toFixed(1)} after`,
	].join(' · ');
	const text = `${preconnectTable(measured)}\n\n${machine}`;
	console.log(`\n${text}\n\nVerdict: ${verdictOf(measured)}.`);
	measured.forEach(refuseMixedUp);
	if (words.includes('--write')) {
		const page = join(checkout, 'docs/bench.md');
		await writeFile(page, withSection(await readFile(page, 'utf8'), SECTION, text));
	}
} catch (error) {
	printFailure(error);
	process.exitCode = 1;
} finally {
	settled();
	clear();
}
