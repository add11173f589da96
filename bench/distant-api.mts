// A stand-in API some round-trip time away, behind TLS: in a process of its own, seen from the bench.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { connect } from 'node:tls';

export interface Connections {
	opened: number;
	/** Opened before there was something to send. */
	ahead: number;
	/** Over which nothing was sent. */
	unused: number;
}

export interface DistantApiMessage {
	/** By round-trip time in milliseconds. */
	urls?: Record<string, string>;
	/** PEM; the one to trust. */
	certificate?: string;
	connections?: Connections;
}

export interface DistantApi {
	urls: Record<string, string>;
	certificate: string;
	/** Of all connections since the last time. */
	takeConnections: () => Promise<Connections>;
	stop: () => void;
}

export async function startDistantApi(rttsMs: readonly number[]): Promise<DistantApi> {
	const child = fork(join(import.meta.dirname, 'distant-api-process.mts'), rttsMs.map(String), {
		execArgv: ['--disable-warning=ExperimentalWarning'],
	});
	const died = once(child, 'exit').then(([code]) => {
		throw new Error(`the distant API ended by itself (${code})`);
	});
	died.catch(() => undefined);
	const answer = async (): Promise<DistantApiMessage> => {
		const [message] = (await Promise.race([once(child, 'message'), died])) as [DistantApiMessage];
		return message;
	};
	const { urls, certificate } = await answer();
	if (!urls || !certificate) throw new Error('the distant API did not say where it is');
	return {
		urls,
		certificate,
		takeConnections: async () => {
			const answered = answer();
			child.send('take connections');
			const { connections } = await answered;
			if (!connections) throw new Error('the distant API did not count connections');
			return connections;
		},
		stop: () => child.disconnect(),
	};
}

/** From the first packet until a request could be sent: two round trips, with TLS 1.3. */
export async function connectMs(url: string, certificate: string): Promise<number> {
	const startMs = performance.now();
	const socket = connect({
		port: Number(new URL(url).port),
		host: '127.0.0.1',
		servername: 'localhost',
		ca: certificate,
	});
	try {
		await once(socket, 'secureConnect');
		return performance.now() - startMs;
	} finally {
		socket.destroy();
	}
}
