// Fixture of the contract tests: a stand-in, the official SDK pointed at it, and plain requests.
import { afterAll, beforeAll, beforeEach, jest } from '@jest/globals';
import { Mistral } from '@mistralai/mistralai';
import { readFile } from 'node:fs/promises';
import { startStandIn, type StandIn, type StandInOptions } from '../../standin/index.mts';
import type { KnownRecording } from '../../standin/recordings.mts';

export interface StandInFixture {
	standIn: StandIn;
	client: Mistral;
	/** Sends a request with a valid key; `json` becomes the body. */
	call(path: string, options?: RequestInit & { json?: unknown }): Promise<Response>;
}

export function useStandInFixture(options?: StandInOptions): StandInFixture {
	// Speech synthesis and ffmpeg are slow on a busy machine.
	jest.setTimeout(30_000);
	const fixture = {
		call(path: string, { json, ...rest }: RequestInit & { json?: unknown } = {}) {
			const headers = new Headers(rest.headers);
			if (!headers.has('authorization') && !headers.has('x-api-key')) {
				headers.set('authorization', 'Bearer stand-in-key');
			}
			if (json !== undefined) headers.set('content-type', 'application/json');
			const body = json === undefined ? rest.body : JSON.stringify(json);
			const method = rest.method ?? (body === undefined || body === null ? 'GET' : 'POST');
			return fetch(fixture.standIn.url + path, { ...rest, method, headers, body: body ?? null });
		},
	} as StandInFixture;
	beforeAll(async () => {
		fixture.standIn = await startStandIn(options);
		fixture.client = new Mistral({ apiKey: 'stand-in-key', serverURL: fixture.standIn.url });
	});
	beforeEach(() => fixture.standIn.reset());
	afterAll(() => fixture.standIn.close());
	return fixture;
}

const folder = new URL('../../recordings/', import.meta.url);

export const recording = (file: string) => readFile(new URL(file, folder));

export async function knownRecording(file: string): Promise<KnownRecording> {
	const { recordings } = JSON.parse(await readFile(new URL('recordings.json', folder), 'utf8')) as {
		recordings: KnownRecording[];
	};
	const found = recordings.find((entry) => entry.file === file);
	if (!found) throw new Error(`No recording ${file}`);
	return found;
}

export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
	const all: T[] = [];
	for await (const item of stream) all.push(item);
	return all;
}

/** A form with the given text fields; a list becomes a repeated field. */
export function form(
	fields: Record<string, string | string[]>,
	file?: Uint8Array,
	fileName = 'audio.bin',
): FormData {
	const data = new FormData();
	for (const [name, value] of Object.entries(fields)) {
		for (const item of [value].flat()) data.append(name, item);
	}
	if (file) data.append('file', new Blob([new Uint8Array(file)]), fileName);
	return data;
}
