// A form of n8n's, as a browser goes through it.
import { postForm } from './webhook-calls.mts';
import { until } from './until.mts';

/** Uploads the file to the form, and reads the page that follows once the run waits with it. */
export const submitForm = async (url: string, file: File): Promise<string> => {
	const { formWaitingUrl } = (await (await postForm(url, { 'field-0': file })).json()) as {
		formWaitingUrl: string;
	};
	const status = new URL(formWaitingUrl);
	status.pathname += '/n8n-execution-status';
	const waits = async () => (await (await fetch(status)).text()).trim() === 'form-waiting';
	await until(waits, 'the next page is there');
	const page = await (await fetch(formWaitingUrl)).text();
	// The page's own script says so when it has been shown.
	await fetch(formWaitingUrl, { method: 'POST' });
	return page;
};

/** The files that the page hands out, as texts. */
export const filesOn = (page: string): { fileName: string; text: string }[] => {
	const packed = /JSON\.parse\(decodeURIComponent\("([^"]+)"\)\)/.exec(page)?.[1] ?? '';
	const files = JSON.parse(decodeURIComponent(packed)) as {
		fileName: string;
		data: { data: number[] };
	}[];
	return files.map(({ fileName, data }) => ({ fileName, text: Buffer.from(data.data).toString() }));
};
