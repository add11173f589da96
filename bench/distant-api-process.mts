// The process that plays a distant API: the stand-in behind TLS 1.3, reached through one relay per round-trip time.
// Arguments: the round-trip times in milliseconds. Told what to do over IPC.
import { once } from 'node:events';
import { type AddressInfo, connect } from 'node:net';
import { createServer, type TLSSocket } from 'node:tls';
import { startStandIn } from '../test/standin/index.mts';
import { makeCertificate } from '../test/support/make-certificate.mts';
import { CannedSpeech } from './canned-speech.mts';
import { startRelay } from './delay-relay.mts';
import type { Connections, DistantApiMessage } from './distant-api.mts';
import { apiKey, settings } from './settings.mts';

/** A client that connects to send something does so with the last message of its handshake. */
const AHEAD_MS = 20;

const cloud = settings.find(({ name }) => name === 'cloud');
if (!cloud) throw new Error('no setting called cloud');
const standIn = await startStandIn({
	profile: cloud.profile,
	apiKeys: [apiKey],
	speech: await CannedSpeech.make(),
});
standIn.answerWith(() => cloud.reply);

let connections: Connections = { opened: 0, ahead: 0, unused: 0 };

function count(socket: TLSSocket): void {
	const shakenAtMs = performance.now();
	const counted = connections;
	counted.opened += 1;
	counted.unused += 1;
	socket.once('data', () => {
		counted.unused -= 1;
		if (performance.now() - shakenAtMs > AHEAD_MS) counted.ahead += 1;
	});
}

const { key, certificate } = makeCertificate(['localhost']);
const terminator = createServer(
	{ key, cert: certificate, minVersion: 'TLSv1.3', noDelay: true },
	(socket) => {
		count(socket);
		const plain = connect({ port: standIn.port, host: '127.0.0.1', noDelay: true });
		socket.pipe(plain);
		plain.pipe(socket);
		socket.on('error', () => plain.destroy());
		plain.on('error', () => socket.destroy());
		socket.on('close', () => plain.destroy());
	},
);
// A client that leaves during the handshake.
terminator.on('tlsClientError', () => undefined);
terminator.listen(0, '127.0.0.1');
await once(terminator, 'listening');
const { port } = terminator.address() as AddressInfo;

const urls: Record<string, string> = {};
for (const rtt of process.argv.slice(2)) {
	const relay = await startRelay(port, Number(rtt));
	urls[rtt] = `https://localhost:${relay.port}`;
}

process.on('message', () => {
	const taken = connections;
	connections = { opened: 0, ahead: 0, unused: 0 };
	standIn.requests.length = 0;
	process.send?.({ connections: taken } satisfies DistantApiMessage);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ urls, certificate } satisfies DistantApiMessage);
