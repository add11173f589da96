// What the demo keeps between starts: its login, its ports, which workflow it imported.
import { createHash, randomInt } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface ImportedSample {
	id: string;
	/** As imported; another one means that somebody edited it, and then it stays theirs. */
	versionId: string;
	sampleHash: string;
}

export interface DemoState {
	owner: { email: string; password: string };
	/** Of the editor; kept as long as nobody else takes it. */
	port: number;
	standInPort: number;
	/** Of the microphone page; what a browser remembers hangs on it. */
	pagePort: number;
	/** The voice webhook, which the demo's own question goes to. */
	workflow?: ImportedSample;
	/** What the microphone page talks to. */
	talk?: ImportedSample;
}

/** Long enough for a door on loopback, short enough to type. n8n wants a capital letter and a digit. */
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
