// An HTTPS proxy that tunnels the named hosts to a local port and refuses all others.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';

export interface HttpsProxy {
	url: string;
	/** Requested hosts that were refused. */
	refused: string[];
	close(): Promise<void>;
}

export async function startHttpsProxy(hosts: readonly string[], port: number): Promise<HttpsProxy> {
	const refused: string[] = [];
	/** Node's server does not track connections after CONNECT, so they are closed from here. */
	const open = new Set<Duplex>();
	const server = createServer((_request, response) => response.writeHead(403).end());
	server.on('connect', ({ url = '' }, client, head) => {
		if (!hosts.some((host) => url === `${host}:443`)) {
			refused.push(url);
			client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
			return;
		}
		open.add(client);
		client.on('close', () => {
			open.delete(client);
			through.destroy();
		});
		const through = connect(port, '127.0.0.1', () => {
			client.write('HTTP/1.1 200 Connection established\r\n\r\n');
			through.write(head);
			through.pipe(client);
			client.pipe(through);
		});
		through.on('error', () => client.destroy());
		client.on('error', () => client.destroy());
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		refused,
		close: async () => {
			server.close();
			server.closeAllConnections();
			for (const client of open) client.destroy();
			await once(server, 'close');
		},
	};
}
