// One frame of the Telegram flow: what happens in words, the steps on n8n's canvas, the chat below.
import type { Page } from 'playwright-core';
import type { Sent } from './telegram-frames.mts';

export interface Frame {
	caption: string | undefined;
	/** A screenshot, as PNG. */
	canvas: Buffer;
	/** The bot has told Telegram that it records a voice message. */
	isRecording?: boolean;
	sent?: Sent;
}

const escaped = (text: string): string =>
	text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** A voice bubble; the waves are drawn, not measured. */
const bubble = (seconds: number, side: 'mine' | 'theirs', below = ''): string => {
	const bars = Array.from({ length: side === 'mine' ? 24 : 70 }, (_, index) => {
		const height = 5 + Math.round(17 * Math.abs(Math.sin(index * 1.7) * Math.cos(index * 0.6)));
		return `<i style="height:${height}px"></i>`;
	});
	const time = `0:${String(Math.round(seconds)).padStart(2, '0')}`;
	return `<div class="bubble ${side}"><div class="voice"><b><svg viewBox="0 0 10 10"><path d="M2.5 1 9 5 2.5 9z"/></svg></b><span>${bars.join('')}</span><small>${time}</small></div>${below}</div>`;
};

const written = ({ text, links }: Sent): string => {
	let html = escaped(text);
	for (const { text: label, url } of links)
		html = html.replace(escaped(label), `<a href="${escaped(url)}">${escaped(label)}</a>`);
	return `<p>${html}</p>`;
};

const style = `
	* { box-sizing: border-box; margin: 0 }
	body { width: 1100px; height: 800px; display: flex; flex-direction: column; background: #faf8f5; color: #221f2b; font: 18px/1.4 'DejaVu Sans', sans-serif }
	h1 { padding: 18px 28px 14px; font-size: 22px; font-weight: 600 }
	.canvas { flex: 1; min-height: 0; margin: 0 28px; border: 1px solid #e3ddd5; border-radius: 14px; overflow: hidden; background: #f6f6f6; display: grid; place-items: center }
	.canvas img { width: 100%; display: block }
	.chat { flex: none; height: 240px; margin: 14px 28px 24px; padding: 16px 20px; border-radius: 14px; display: flex; gap: 16px; background: #dfe8dc }
	.bubble { align-self: flex-start; padding: 12px 16px; border-radius: 16px; font-size: 16px }
	.theirs { width: 640px; background: #fff; order: 1 }
	.mine { width: 310px; margin-left: auto; background: #e3fbcf; order: 2 }
	.voice { display: flex; align-items: center; gap: 12px }
	.voice b { flex: none; display: grid; place-items: center; width: 40px; height: 40px; border-radius: 50%; background: #3e7fb8 }
	.voice svg { width: 17px; fill: #fff }
	.mine b { background: #4f9a3a }
	.voice span { flex: 1; display: flex; align-items: center; gap: 3px; height: 26px; overflow: hidden }
	.voice i { flex: none; width: 4px; border-radius: 2px; background: #3e7fb8 }
	.mine i { background: #4f9a3a }
	small { color: #555 }
	p { margin-top: 8px; white-space: pre-wrap }
	.doing { align-self: flex-start; order: 1; margin: 0; padding: 10px 2px; color: #46583f; font-style: italic }
	a { color: #22649c }
`;

/** Draws frames on that page. */
export const storyboard =
	(page: Page) =>
	async ({ caption = '', canvas, isRecording = false, sent }: Frame): Promise<Buffer> => {
		const theirs = sent ? bubble(sent.seconds, 'theirs', written(sent)) : '';
		const doing =
			isRecording && !sent ? '<p class="doing">The bot is recording a voice message …</p>' : '';
		await page.setContent(
			`<!doctype html><style>${style}</style><h1>${escaped(caption)}</h1>
			<div class="canvas"><img src="data:image/png;base64,${canvas.toString('base64')}"></div>
			<div class="chat">${theirs}${doing}${bubble(2, 'mine')}</div>`,
			{ waitUntil: 'load' },
		);
		return await page.screenshot();
	};
