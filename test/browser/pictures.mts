// npm run pictures: starts a real n8n with a stand-in for Mistral, and takes pictures of it for docs/pictures.
// With names (editor, talk, telegram, turn) only those.
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout, prepare } from '../../harness/bootstrap.mjs';
import { build } from '../../harness/build.mjs';
import { startN8n } from '../../harness/n8n.mts';
import { pack } from '../../harness/pack.mjs';
import { latencyProfiles, startStandIn } from '../standin/index.mts';
import { editorPictures } from './editor-pictures.mts';
import { saveFilm } from './film.mts';
import { savePicture } from './picture-files.mts';
import { hearTheQuestion, pictured, saveCredentials } from './pictured.mts';
import { talkPictures } from './talk-pictures.mts';
import { launchWithMicrophone } from './talk-page.mts';
import { telegramFrames } from './telegram-frames.mts';
import { turnFilm } from './turn-film.mts';

const owner = { email: 'pictures@example.com', password: 'Voice-pictures-42' };

const main = async (wanted: readonly string[]): Promise<void> => {
	const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name);
	await build(await prepare());
	const { path: tarball } = await pack();
	const userFolder = await mkdtemp(join(tmpdir(), 'voxtral-pictures-'));
	const standIn = await startStandIn({ profile: latencyProfiles.fast });
	const n8n = await startN8n({ userFolder, tarball, owner, port: 5750 });
	const browser = await launchWithMicrophone();
	try {
		await saveCredentials(n8n.api, {
			mistralVoiceApi: { baseUrl: standIn.url, apiKey: 'stand-in-key' },
		});
		pictured(standIn);
		if (isWanted('editor')) await editorPictures(browser, n8n, standIn, owner);
		if (isWanted('talk')) {
			standIn.heal();
			hearTheQuestion(standIn);
			const sample = JSON.parse(
				await readFile(join(checkout, 'workflows', 'talk-webhook.json'), 'utf8'),
			) as Parameters<typeof n8n.api.importWorkflow>[0];
			await n8n.api.publish(await n8n.api.importWorkflow(sample));
			await new Promise((resolve) => setTimeout(resolve, 3000));
			await talkPictures(browser, `${n8n.url}/webhook/talk`);
		}
		if (isWanted('turn')) await saveFilm('turn', await turnFilm(browser, n8n, owner));
		if (isWanted('telegram')) {
			const frames = await telegramFrames(browser, n8n, owner);
			const options = { width: 1100, quality: 82, largestBytes: 600_000 };
			await savePicture('telegram-flow', frames, options);
			// For whoever wants little motion.
			await savePicture('telegram-flow-end', frames.slice(-1), options);
		}
	} finally {
		await browser.close();
		await n8n.stop();
		await standIn.close();
		await rm(userFolder, { recursive: true, force: true });
	}
};

await main(process.argv.slice(2));
