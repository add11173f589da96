// A TCP relay on loopback that behaves like a network with a round-trip time, the TCP handshake included.
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export interface Relay {
	port: number;
	close(): Promise<void>;
}

/**
 * When bytes arrive at the other end. A relay accepts at once, whereas a client on a real network may
 * send only one round trip after it began to connect: nothing departs before that.
 */
export const arrivalMs = (nowMs: number, connectedAtMs: number, rttMs: number): number =>
	Math.max(nowMs, connectedAtMs) + rttMs / 2;

/** Delivers in order, each delivery at its own time. */
class DelayLine {
	private readonly queue: { atMs: number; deliver: () => void }[] = [];

	private timer: NodeJS.Timeout | undefined;

	push(atMs: number, deliver: () => void): void {
		this.queue.push({ atMs, deliver });
		if (!this.timer) this.wait();
	}

	close(): void {
		clearTimeout(this.timer);
		this.queue.length = 0;
	}

	private wait(): void {
		const [next] = this.queue;
		this.timer = next && setTimeout(() => this.flush(), Math.max(0, next.atMs - performance.now()));
	}

	private flush(): void {
		for (let [next] = this.queue; next && next.atMs <= performance.now(); [next] = this.queue) {
			this.queue.shift();
			next.deliver();
		}
		this.wait();
	}
}

/** One direction. There is no back-pressure: a turn of a bench is a megabyte or two. */
function forward(from: Socket, to: Socket, connectedAtMs: number, rttMs: number): DelayLine {
	const line = new DelayLine();
	const later = (deliver: () => void): void =>
		line.push(arrivalMs(performance.now(), connectedAtMs, rttMs), deliver);
	from.on('data', (chunk) => later(() => to.write(chunk)));
	from.on('end', () => later(() => to.end()));
	from.on('close', () => later(() => to.destroySoon()));
	// `close` follows.
	from.on('error', () => undefined);
	to.on('close', () => line.close());
	return line;
}

/** Relays a free port of this machine to `port`, so that both seem `rttMs` apart. */
export async function startRelay(port: number, rttMs: number): Promise<Relay> {
	const sockets = new Set<Socket>();
	const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
		const connectedAtMs = performance.now() + rttMs;
		const target = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
		for (const socket of [client, target]) {
			sockets.add(socket);
			socket.on('close', () => sockets.delete(socket));
		}
		forward(client, target, connectedAtMs, rttMs);
		forward(target, client, connectedAtMs, rttMs);
	});
	server.listen(0, '127.0.0.1');
	await once(server, 'listening');
	return {
		port: (server.address() as AddressInfo).port,
		close: async () => {
			server.close();
			for (const socket of sockets) socket.destroy();
			await once(server, 'close');
		},
	};
}
