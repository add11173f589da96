// Serves the microphone page on localhost, where browsers allow the microphone without https.
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../harness/ports.mts';

export interface Page {
	/** URL of the page with its webhook parameter. */
	url: string;
	port: number;
	close: () => Promise<void>;
}

/** Serves `talk.html` only, on loopback. */
export const servePage = async (
	checkout: string,
	webhook: string,
	wantedPort: number,
	taken: readonly number[] = [],
): Promise<Page> => {
	const file = join(checkout, 'workflows', 'talk.html');
	const server = createServer((request, reply) => {
		const { pathname } = new URL(request.url ?? '/', 'http://localhost');
		if (pathname !== '/' && pathname !== '/talk.html') {
			reply.writeHead(404).end();
			return;
		}
		readFile(file).then(
			(page) => {
				reply.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
			},
			() => {
				reply.writeHead(500).end();
			},
		);
	});
	server.listen(await freePort(wantedPort, taken), '127.0.0.1');
	await once(server, 'listening');
	const { port } = server.address() as AddressInfo;
	return {
		url: `http://localhost:${port}/?webhook=${webhook}`,
		port,
		close: async () => {
			server.closeAllConnections();
			await new Promise<void>((resolve) => server.close(() => resolve()));
		},
	};
};
