// Submits a form of n8n's Form Trigger as a browser does.
import { postForm } from './webhook-calls.mts';
import { until } from './until.mts';

/** Uploads the file to the form and returns the next form page once the execution waits there. */
export const submitForm = async (url: string, file: File): Promise<string> => {
	const { formWaitingUrl } = (await (await postForm(url, { 'field-0': file })).json()) as {
		formWaitingUrl: string;
	};
	const status = new URL(formWaitingUrl);
	status.pathname += '/n8n-execution-status';
	const waits = async () => (await (await fetch(status)).text()).trim() === 'form-waiting';
	await until(waits, 'the next page is there');
	const page = await (await fetch(formWaitingUrl)).text();
	// The script of the page reports that the page was shown.
	await fetch(formWaitingUrl, { method: 'POST' });
	return page;
};

/** The files the page offers for download, as text. */
export const filesOn = (page: string): { fileName: string; text: string }[] => {
	const packed = /JSON\.parse\(decodeURIComponent\("([^"]+)"\)\)/.exec(page)?.[1] ?? '';
	const files = JSON.parse(decodeURIComponent(packed)) as {
		fileName: string;
		data: { data: number[] };
	}[];
	return files.map(({ fileName, data }) => ({ fileName, text: Buffer.from(data.data).toString() }));
};
