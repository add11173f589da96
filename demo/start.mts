// The demo in Node.js 24: build, start n8n and the API, one turn, then the editor until Ctrl-C.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { checkout, prepare } from '../harness/bootstrap.mjs';
import { buildIfChanged } from '../harness/build.mjs';
import { cacheFolder, tryToHold } from '../harness/cache.mjs';
import { fetchN8n, pinnedVersion } from '../harness/fetch-n8n.mts';
import { startN8n, type N8n } from '../harness/n8n.mts';
import { pack } from '../harness/pack.mjs';
import { freePort } from '../harness/ports.mts';
import { printFailure, Problem } from '../harness/problem.mjs';
import { during } from '../harness/progress.mjs';
import { findCounterpart, sampleQuestion, type Counterpart } from './mistral.mts';
import { servePage } from './page.mts';
import { printRow, printTurn } from './report.mts';
import { type DemoState, loadState, saveState } from './state.mts';
import { readRecording, takeTurn, type Turn } from './turn.mts';
import { publishSample } from './workflow.mts';

const credential = { name: 'Mistral Voice account', type: 'mistralVoiceApi' };

/** Cleanup functions, run in reverse order at the end. */
const undo: (() => unknown)[] = [];

let ending: Promise<never> | undefined;

const end = async (code: number): Promise<never> => {
	ending ??= (async () => {
		for (const step of undo.reverse()) await step();
		process.exit(code);
	})();
	return await ending;
};

const parseArguments = (args: readonly string[]) => {
	const once = args.includes('--once');
	const [question, reply, ...more] = args.filter((arg) => arg !== '--once');
	const unknown = args.find((arg) => arg.startsWith('-') && arg !== '--once');
	if (unknown !== undefined || more.length > 0)
		throw new Problem('Usage: npm start, or npm start -- --once [question-audio] [reply-file]');
	return { once, question, reply };
};

/** The data folder of the demo; a temporary one for a single turn beside a running demo. */
const claimFolder = async (once: boolean): Promise<string> => {
	const folder = resolve(process.env.N8N_VOXTRAL_DEMO || join(cacheFolder(), 'demo'));
	const release = await tryToHold(join(folder, 'demo.lock'));
	if (release) {
		undo.push(release);
		return folder;
	}
	if (!once) {
		const { port } = await loadState(folder);
		throw new Problem(
			`The demo is already running: open http://localhost:${port}, or stop it with Ctrl-C where you started it.`,
		);
	}
	const temporary = await mkdtemp(join(tmpdir(), 'n8n-nodes-voxtral-'));
	undo.push(async () => await rm(temporary, { recursive: true, force: true }));
	return temporary;
};

const saveKey = async (n8n: N8n, { apiKey, baseUrl, isStandIn }: Counterpart): Promise<void> => {
	const filled = { ...credential, data: { apiKey, baseUrl } };
	const id = await n8n.api.saveCredential(filled);
	const { status, message } = await n8n.api.testCredential(id, filled);
	if (status === 'OK') return;
	const reason = message.replaceAll(apiKey, '***');
	throw new Problem(
		isStandIn
			? `The stand-in did not accept its own key: ${reason}`
			: `The key in MISTRAL_API_KEY was tried and refused (${reason}): check it at https://console.mistral.ai and run this again.`,
	);
};

const extensions: Readonly<Record<string, string>> = {
	'audio/mpeg': 'mp3',
	'audio/wav': 'wav',
	'audio/flac': 'flac',
	'audio/ogg': 'ogg',
};

const saveReply = async (turn: Turn, wanted: string | undefined): Promise<string> => {
	const file = resolve(wanted ?? join(checkout, `reply.${extensions[turn.mimeType] ?? 'audio'}`));
	try {
		await writeFile(file, turn.reply);
	} catch (error) {
		throw new Problem(
			`The spoken reply could not be saved as ${file}: ${error instanceof Error ? error.message : ''}`,
		);
	}
	return file;
};

/** Publishes the workflow of the microphone page and serves the page; returns its URL. */
const openTalkPage = async (n8n: N8n, folder: string, state: DemoState): Promise<string> => {
	const talk = await publishSample(n8n, checkout, 'talk-webhook.json', state.talk);
	const webhook = `http://localhost:${n8n.port}/webhook/${talk.path}`;
	const page = await servePage(checkout, webhook, state.pagePort);
	undo.push(page.close);
	await saveState(folder, Object.assign(state, { talk: talk.imported, pagePort: page.port }));
	return page.url;
};

const main = async (): Promise<void> => {
	const { once, question, reply } = parseArguments(process.argv.slice(2));
	const questionFile = resolve(question ?? sampleQuestion(checkout));
	// Read before n8n starts, so that a wrong file name fails at once.
	const recording = await readRecording(questionFile);
	console.log('\nA voice assistant in n8n: a spoken question in, a spoken answer out.\n');
	const tools = await prepare();
	await fetchN8n();
	const folder = await claimFolder(once);
	const state = await loadState(folder);
	const { path: tarball } = await during('Building the nodes', 'a few seconds', async () => {
		await buildIfChanged(tools);
		return await pack();
	});

	state.port = await freePort(state.port);
	const counterpart = await findCounterpart(state.standInPort, [state.port, state.port + 1]);
	undo.push(counterpart.close);
	if (counterpart.port !== undefined) state.standInPort = counterpart.port;

	// Saved before n8n creates its owner, so that an interrupted start keeps the login.
	await saveState(folder, state);
	const n8n = await during(
		`Starting n8n ${await pinnedVersion()}`,
		'about 15 seconds',
		async () =>
			await startN8n({ userFolder: folder, tarball, owner: state.owner, port: state.port }),
	);
	undo.push(async () => await n8n.stop());
	state.port = n8n.port;
	await saveKey(n8n, counterpart);
	const voice = await publishSample(n8n, checkout, 'voice-webhook.json', state.workflow);
	const { workflow, path } = voice;
	state.workflow = voice.imported;
	await saveState(folder, state);

	console.log('');
	printRow('Talking to', counterpart.description);
	const turn = await takeTurn(n8n, workflow, path, recording);
	printTurn(turn, questionFile, await saveReply(turn, reply));
	if (once) return await end(0);

	const address = `http://localhost:${n8n.port}`;
	printRow('Talk to it', [await openTalkPage(n8n, folder, state)]);
	printRow('Editor', [`${address}/workflow/${workflow.id}`]);
	printRow('Login', [`${state.owner.email}, password ${state.owner.password}`]);
	printRow('Ask yourself', [
		`curl -F data=@recording.mp3 ${address}/webhook/${path} -o answer.mp3`,
	]);
	console.log('\n  n8n stays up. Press Ctrl-C to stop it.\n');
	await n8n.ended;
	if (ending) return;
	console.error(`n8n ended by itself. Its log: ${n8n.logFile}`);
	await end(1);
};

const stopQuietly = (): void => {
	if (ending) return;
	if (undo.length > 0) console.log('\n  Stopping n8n ...');
	void end(0);
};
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stopQuietly);
// The parent process has ended.
process.on('disconnect', stopQuietly);
process.channel?.unref();

try {
	await main();
} catch (error) {
	printFailure(error);
	await end(1);
}
