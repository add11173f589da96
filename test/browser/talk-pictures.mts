// The microphone page at work, on a desk and in a hand.
import type { Browser } from 'playwright-core';
import { servePage } from '../../demo/page.mts';
import { checkout } from '../../harness/bootstrap.mjs';
import { savePicture } from './picture-files.mts';
import { TalkPage } from './talk-page.mts';

export const talkPictures = async (browser: Browser, webhook: string): Promise<void> => {
	const served = await servePage(checkout, webhook, 5795);
	try {
		const desktop = await TalkPage.open(browser, served.url, {
			viewport: { width: 900, height: 700 },
		});
		await desktop.hold(1500);
		await desktop.reaches('speaking');
		await desktop.page.locator('.turn[data-done-ms] .sources li').first().waitFor();
		await savePicture('talk-desktop', [await desktop.page.screenshot()]);
		await desktop.page.context().close();
		const phone = await TalkPage.open(browser, served.url, {
			viewport: { width: 390, height: 844 },
			deviceScaleFactor: 2,
			colorScheme: 'dark',
			hasTouch: true,
			isMobile: true,
		});
		await phone.orb.tap();
		await phone.reaches('listening');
		await phone.page.waitForTimeout(1200);
		await phone.orb.tap();
		await phone.reaches('speaking');
		await phone.page.locator('.turn[data-done-ms]').waitFor();
		await phone.reaches('ready');
		await phone.orb.tap();
		await phone.reaches('listening');
		await phone.page.waitForTimeout(900);
		await savePicture('talk-phone', [await phone.page.screenshot()], { width: 585 });
		await phone.page.context().close();
	} finally {
		await served.close();
	}
};
