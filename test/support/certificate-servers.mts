// HTTPS servers with invalid certificates: self-signed, expired, wrong host name.
import { jest } from '@jest/globals';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import tls from 'node:tls';

const read = (name: string) => readFileSync(new URL(`certificates/${name}.pem`, import.meta.url));

const names = { selfSigned: 'self-signed', expired: 'expired', wrongName: 'wrong-name' } as const;
type Kind = keyof typeof names;

export function startCertificateServers() {
	const servers: Server[] = [];
	return {
		async addresses(): Promise<Record<Kind, string>> {
			const entries: [string, string][] = [];
			for (const [kind, name] of Object.entries(names)) {
				const cert = read(name);
				const server = createServer({ key: read('loopback-test-key'), cert }, (_, response) => {
					response.end('{}');
				});
				server.listen(0, '127.0.0.1');
				await once(server, 'listening');
				servers.push(server);
				const { port } = server.address() as AddressInfo;
				// The host name is checked only after the certificate is trusted.
				if (kind === 'wrongName') trust(cert, port);
				entries.push([kind, `https://127.0.0.1:${port}`]);
			}
			return Object.fromEntries(entries) as Record<Kind, string>;
		},
		async close() {
			for (const server of servers) {
				server.closeAllConnections();
				server.close();
				await once(server, 'close');
			}
		},
	};
}

function trust(ca: Buffer, port: number): void {
	const connect = tls.connect.bind(tls) as (options: tls.ConnectionOptions) => tls.TLSSocket;
	jest
		.spyOn(tls, 'connect')
		.mockImplementation(((options: tls.ConnectionOptions) =>
			connect(Number(options.port) === port ? { ...options, ca } : options)) as typeof tls.connect);
}
