// Starts everything the comparison needs: the API stand-ins, n8n with all workflows, the script with the SDK.
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import { checkout, prepare } from '../harness/bootstrap.mjs';
import { buildIfChanged } from '../harness/build.mjs';
import { type N8n, startN8n } from '../harness/n8n.mts';
import { type Package, pack } from '../harness/pack.mjs';
import { type Apis, standInName, startApis } from './apis.mts';
import type { Entry } from './interleaved-turns.mts';
import { apiKey, type Contender, type Setting } from './settings.mts';
import type { AnswerForm } from './turn.mts';
import { publishContender, saveAccess } from './workflows.mts';

export interface BenchEnvironment {
	apis: Apis;
	n8n: N8n;
	/** A folder n8n may read files from. */
	folder: string;
	package: Package;
	entries: Entry[];
	recording: Uint8Array<ArrayBuffer>;
	stop: () => Promise<void>;
}

const forms: Record<Contender, AnswerForm> = {
	chain: 'mp3',
	openAi: 'mp3',
	sdk: 'samples',
	three: 'mp3',
	threeStreaming: 'chunks',
	assistant: 'chunks',
	minimal: 'mp3',
	floor: 'empty',
};

async function startScript(apiUrl: string): Promise<{ url: string; child: ChildProcess }> {
	const child = fork(join(import.meta.dirname, 'contenders', 'sdk-turn.mts'), [apiUrl], {
		execArgv: ['--disable-warning=ExperimentalWarning'],
	});
	const [{ url }] = (await once(child, 'message')) as [{ url: string }];
	return { url, child };
}

/** Builds the minimal node into n8n's folder of custom nodes. */
async function addMinimalNode(userFolder: string): Promise<void> {
	await build({
		entryPoints: [join(import.meta.dirname, 'contenders', 'minimal-node.mts')],
		outfile: join(userFolder, '.n8n', 'custom', 'Minimal.node.js'),
		format: 'cjs',
		platform: 'node',
		logLevel: 'warning',
	});
}

export async function startBenchEnvironment(wanted: readonly Setting[]): Promise<BenchEnvironment> {
	await buildIfChanged(await prepare());
	const packed = await pack();
	const folder = await mkdtemp(join(tmpdir(), 'voxtral-bench-'));
	const apis = await startApis();
	const scripts: ChildProcess[] = [];
	let n8n: N8n | undefined;
	const stop = async (): Promise<void> => {
		for (const script of scripts) script.disconnect();
		apis.stop();
		await n8n?.stop();
		await rm(folder, { recursive: true, force: true });
	};
	try {
		await addMinimalNode(folder);
		n8n = await startN8n({
			userFolder: folder,
			tarball: packed.path,
			owner: { email: 'bench@example.com', password: 'Voice-bench-42' },
			port: 5930,
			environment: { N8N_RESTRICT_FILE_ACCESS_TO: folder },
		});
		const types = await n8n.api.nodeTypes();
		const hasAssistant = types.includes('n8n-nodes-voxtral.voxtralAssistant');
		const entries: Entry[] = [];
		for (const name of Object.keys(forms) as Contender[]) {
			if (name === 'assistant' && !hasAssistant) continue;
			const entry: Entry = { name, form: forms[name], urls: {} };
			entries.push(entry);
			for (const setting of wanted.filter(({ contenders }) => contenders.includes(name))) {
				const path = standInName(setting.name, name);
				const url = apis.urls[path] ?? '';
				if (name === 'sdk') {
					const script = await startScript(url);
					scripts.push(script.child);
					entry.urls[setting.name] = script.url;
				} else {
					const access = await saveAccess(n8n, { name: path, url }, apiKey);
					entry.urls[setting.name] = await publishContender(n8n, name, path, access);
				}
			}
		}
		const recording = new Uint8Array(
			await readFile(join(checkout, 'test/recordings/question.ogg')),
		);
		return { apis, n8n, folder, package: packed, entries, recording, stop };
	} catch (error) {
		await stop();
		throw error;
	}
}
