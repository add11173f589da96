// State of the demo between starts: login, ports, imported workflows.
import { createHash, randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ImportedSample {
	id: string;
	/** Checksum at import; a workflow with another one was edited by the user and is not overwritten. */
	versionId: string;
	sampleHash: string;
}

export interface DemoState {
	owner: { email: string; password: string };
	/** Port of the editor; kept while it is free. */
	port: number;
	standInPort: number;
	/** Port of the microphone page; browser permissions and storage depend on it. */
	pagePort: number;
	/** The voice webhook sample, which gets the demo's question. */
	workflow?: ImportedSample;
	/** The sample of the microphone page. */
	talk?: ImportedSample;
}

/** Long enough for a login on loopback, short enough to type. n8n requires a capital letter and a digit. */
const newPassword = (): string => {
	const letters = 'abcdefghjkmnpqrstuvwxyz';
	const tail = Array.from({ length: 8 }, () => letters[randomInt(letters.length)]).join('');
	return `Voice-${tail}-${randomInt(10, 100)}`;
};

const fileIn = (folder: string): string => join(folder, 'demo.json');

export const loadState = async (folder: string): Promise<DemoState> => {
	const fresh: DemoState = {
		owner: { email: 'demo@example.com', password: newPassword() },
		port: 5678,
		standInPort: 5690,
		pagePort: 5695,
	};
	try {
		return { ...fresh, ...(JSON.parse(await readFile(fileIn(folder), 'utf8')) as DemoState) };
	} catch {
		return fresh;
	}
};

export const saveState = async (folder: string, state: DemoState): Promise<void> => {
	await mkdir(folder, { recursive: true });
	await writeFile(fileIn(folder), `${JSON.stringify(state, null, '\t')}\n`, { mode: 0o600 });
};

export const sha256 = (data: string | Uint8Array): string =>
	createHash('sha256').update(data).digest('hex');
