// The Telegram flow in three steps: what a person says, what the workflow does, what the person gets.
import type { Browser, Page } from 'playwright-core';
import type { Owner } from '../../harness/api-shapes.mts';
import { nextExecution, type N8n } from '../../harness/n8n.mts';
import type { StandIn } from '../standin/index.mts';
import { type Call, startTelegram } from '../standin-telegram/index.mts';
import { recording } from '../support/recordings.mts';
import { publishTelegram } from '../support/samples.mts';
import { until } from '../support/until.mts';
import { Editor } from './editor.mts';
import { newPage } from './launch.mts';

const size = { width: 1000, height: 600 };

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A voice bubble; the waves are drawn, not measured. */
const bubble = (seconds: number, isMine: boolean, caption = ''): string => {
	const bars = Array.from({ length: 34 }, (_, index) => {
		const height = 5 + Math.round(17 * Math.abs(Math.sin(index * 1.7) * Math.cos(index * 0.6)));
		return `<i style="height:${height}px"></i>`;
	});
	return `<div class="bubble ${isMine ? 'mine' : ''}"><div class="voice"><b>▶</b><span class="wave">${bars.join('')}</span><small>0:${String(Math.round(seconds)).padStart(2, '0')}</small></div>${caption}</div>`;
};

const chat = (bubbles: string): string => `<div class="chat">${bubbles}</div>`;

const frame = (step: string, title: string, content: string): string => `<!doctype html>
<style>
	* { box-sizing: border-box; margin: 0 }
	body { width: ${size.width}px; height: ${size.height}px; display: flex; flex-direction: column; background: #faf8f5; color: #221f2b; font: 20px/1.45 system-ui, 'DejaVu Sans', sans-serif }
	header { display: flex; align-items: center; gap: 14px; padding: 22px 36px; font-weight: 600; font-size: 23px }
	header b { display: grid; place-items: center; width: 40px; height: 40px; border-radius: 50%; background: #b8420a; color: #fff }
	.stage { flex: 1; min-height: 0; margin: 0 36px 32px; border-radius: 16px; overflow: hidden; border: 1px solid #e3ddd5; background: #fff }
	.stage img { width: 100%; height: 100%; object-fit: cover; display: block }
	.chat { height: 100%; padding: 28px; display: flex; flex-direction: column; gap: 16px; justify-content: center; background: #dfe8dc }
	.bubble { width: 520px; padding: 14px 18px; border-radius: 18px; background: #fff; font-size: 18px }
	.bubble.mine { align-self: flex-end; width: 340px; background: #e3fbcf }
	.voice { display: flex; align-items: center; gap: 12px }
	.voice b { flex: none; display: grid; place-items: center; width: 46px; height: 46px; border-radius: 50%; background: #3e7fb8; color: #fff; font-size: 17px }
	.mine .voice b { background: #4f9a3a }
	.wave { flex: 1; display: flex; align-items: center; gap: 3px; height: 26px; overflow: hidden }
	.wave i { flex: none; width: 4px; border-radius: 2px; background: #3e7fb8 }
	.mine .wave i { background: #4f9a3a }
	small { color: #555 }
	p { margin-top: 10px; white-space: pre-wrap }
	a { color: #22649c }
</style>
<header><b>${step}</b>${title}</header><div class="stage">${content}</div>`;

const taken = async (page: Page, html: string): Promise<Buffer> => {
	await page.setContent(html, { waitUntil: 'load' });
	return await page.screenshot();
};

/** What the bot sent, as Telegram shows it. */
const replyOf = ({ fields, shown }: Call): string => {
	let text = escaped(shown?.text ?? '');
	for (const { text: label, url } of shown?.links ?? [])
		text = text.replace(escaped(label), `<a href="${escaped(url)}">${escaped(label)}</a>`);
	return bubble(Number(fields.duration), false, `<p>${text}</p>`);
};

/** A voice message goes through the sample in a real n8n; three pictures of it, as PNG. */
export const telegramFrames = async (
	browser: Browser,
	n8n: N8n,
	mistral: StandIn,
	owner: Owner,
): Promise<Buffer[]> => {
	const telegram = await startTelegram();
	const page = await newPage(browser, { viewport: { width: 1400, height: 860 } });
	try {
		const workflow = await publishTelegram(n8n.api, telegram, mistral);
		await until(() => telegram.webhook() !== undefined, 'the bot has its webhook');
		await telegram.deliver({ chatId: 4711, voice: recording('question.ogg') });
		const execution = await nextExecution(n8n.api, workflow, [], 60_000);
		const sent = telegram.calls.find(({ method }) => method === 'sendVoice');
		if (!sent) throw new Error('The bot sent no voice message');

		const editor = new Editor(page, n8n.url);
		await editor.signIn(owner.email, owner.password);
		const canvas = await editor.pictureOfExecution(workflow.id, execution.id);
		await page.setViewportSize(size);
		const picture = `<img src="data:image/png;base64,${canvas.toString('base64')}">`;
		const mine = bubble(2, true);
		return [
			await taken(page, frame('1', 'Someone sends your bot a voice message', chat(mine))),
			await taken(page, frame('2', 'The workflow hears it, looks it up, and speaks', picture)),
			await taken(
				page,
				frame(
					'3',
					'A voice message comes back, with words and sources',
					chat(mine + replyOf(sent)),
				),
			),
		];
	} finally {
		await page.context().close();
		await telegram.close();
	}
};
