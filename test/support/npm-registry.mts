// A local npm registry under the real registry's host name, serving one package: a tarball of this checkout.
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { makeCertificate } from './make-certificate.mts';
import { startHttpsProxy } from './https-proxy.mts';

const host = 'registry.npmjs.org';

export interface Registry {
	/** Environment variables that route the registry's host here. */
	environment: Record<string, string>;
	asked: string[];
	close(): Promise<void>;
}

/** Writes `certificateFile`, for the program that must trust this server. */
export async function startRegistry(
	tarball: string,
	manifest: { name: string; version: string },
	certificateFile: string,
): Promise<Registry> {
	const bytes = await readFile(tarball);
	const { name, version } = manifest;
	const path = `/${name}/-/${name}-${version}.tgz`;
	const hash = createHash('sha512').update(bytes).digest('base64');
	const entry = {
		...manifest,
		dist: { tarball: `https://${host}${path}`, integrity: `sha512-${hash}` },
	};
	const answers: Record<string, object> = {
		[`/${name}`]: { name, 'dist-tags': { latest: version }, versions: { [version]: entry } },
		[`/${name}/latest`]: entry,
		[`/${name}/${version}`]: entry,
	};
	const asked: string[] = [];
	const { key, certificate } = makeCertificate([host]);
	await writeFile(certificateFile, certificate);
	const server = createServer({ key, cert: certificate }, ({ url = '' }, response) => {
		asked.push(url);
		if (url === path) return response.end(bytes);
		const answer = answers[url];
		response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
		return response.end(JSON.stringify(answer ?? { error: 'Not found' }));
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	const tunnel = await startHttpsProxy([host], (server.address() as AddressInfo).port);
	return {
		environment: { HTTPS_PROXY: tunnel.url, NODE_EXTRA_CA_CERTS: certificateFile },
		asked,
		close: async () => {
			await tunnel.close();
			server.close();
			server.closeAllConnections();
			await once(server, 'close');
		},
	};
}
