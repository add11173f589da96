// Finds a free TCP port on loopback, from a preferred one upwards.
import { createServer } from 'node:net';

const canListen = async (port: number): Promise<boolean> =>
	await new Promise((resolve) => {
		const server = createServer();
		server.once('error', () => resolve(false));
		server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
			server.close(() => resolve(true));
		});
	});

/** The first free port from `wanted` upwards that is not in `taken`. */
export const freePort = async (wanted: number, taken: readonly number[] = []): Promise<number> => {
	for (let port = wanted; port < wanted + 200; port++)
		if (!taken.includes(port) && (await canListen(port))) return port;
	throw new Error(`No free port between ${wanted} and ${wanted + 200}`);
};
