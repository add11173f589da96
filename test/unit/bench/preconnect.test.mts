import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { orderOf } from '../../../bench/alternation.mts';
import { arrivalMs, startRelay } from '../../../bench/delay-relay.mts';
import { withSection } from '../../../bench/marked-section.mts';
import { type PairedTurns, preconnectTable, verdictOf } from '../../../bench/preconnect-report.mts';
import { patchSource } from '../../../bench/without-preconnect.mts';

describe('taking turns', () => {
	test('who is first changes from round to round', () => {
		expect([0, 1, 2].map((round) => orderOf(round, ['A', 'B']).join(''))).toEqual([
			'AB',
			'BA',
			'AB',
		]);
	});
});

describe('delay relay', () => {
	test('what is sent during the TCP handshake departs when that has ended', () => {
		expect(arrivalMs(1_000, 1_080, 80)).toBe(1_120);
		expect(arrivalMs(1_500, 1_080, 80)).toBe(1_540);
	});

	async function echo(): Promise<Server> {
		const server = createServer({ allowHalfOpen: true }, (socket) => {
			socket.on('data', (bytes) => socket.write(bytes));
			socket.on('end', () => socket.end('over'));
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		return server;
	}

	test('the first exchange takes two round trips, the next one, and bytes stay in order', async () => {
		const server = await echo();
		const relay = await startRelay((server.address() as AddressInfo).port, 60);
		const startMs = performance.now();
		const socket = connect({ port: relay.port, host: '127.0.0.1', allowHalfOpen: true });
		socket.setEncoding('utf8');
		try {
			const exchange = async (text: string) => {
				const sentMs = performance.now();
				socket.write(text);
				expect((await once(socket, 'data')) as string[]).toEqual([text]);
				return performance.now() - sentMs;
			};
			await exchange('one');
			expect(performance.now() - startMs).toBeGreaterThan(118);
			expect(await exchange('two')).toBeGreaterThan(58);
			let rest = '';
			socket.on('data', (text: string) => (rest += text));
			for (let index = 0; index < 50; index += 1) socket.write(`${index},`);
			socket.end();
			await once(socket, 'end');
			const numbers = Array.from({ length: 50 }, (_, index) => `${index},`);
			expect(rest).toBe(`${numbers.join('')}over`);
		} finally {
			socket.destroy();
			await relay.close();
			server.close();
		}
	});

	test('a connection that the client resets is closed at the other end', async () => {
		const server = createServer({ allowHalfOpen: false });
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const relay = await startRelay((server.address() as AddressInfo).port, 20);
		const arrived = once(server, 'connection');
		const client = connect({ port: relay.port, host: '127.0.0.1' });
		const [accepted] = (await arrived) as [ReturnType<typeof connect>];
		accepted.on('error', () => undefined);
		accepted.resume();
		client.resetAndDestroy();
		try {
			await once(accepted, 'close');
		} finally {
			accepted.destroy();
			await relay.close();
			server.close();
		}
	});
});

describe('variant without preconnect', () => {
	test('functions and methods of that name return at once, and nothing else changes', () => {
		const source = [
			'export class Transport {',
			'\tpreconnect(request: Omit<Request, "body">): void {',
			'\t\tthis.line = open(request);',
			'\t}',
			'}',
			'export function preconnectSpeech(',
			'\ttransport: Transport,',
			'): void {',
			'\ttransport.preconnect(requestFor(true));',
			'}',
			'export interface Talk {',
			'\tpreconnect?(): void;',
			'}',
		];
		const returns = [...source];
		returns.splice(8, 0, '\t\treturn;');
		returns.splice(2, 0, '\t\treturn;');
		expect(patchSource(source.join('\n'))).toEqual({ source: returns.join('\n'), count: 2 });
	});

	test('a source without such a definition stays as it is', () => {
		const source = 'begun.talk.preconnect?.();\nif (isLive) preconnectSpeech(transport);\n';
		expect(patchSource(source)).toEqual({ source, count: 0 });
	});
});

describe('report of preconnect', () => {
	const turns = (rttMs: number, gains: readonly number[]): PairedTurns => ({
		rttMs,
		connectMs: rttMs * 2,
		withPreconnect: gains.map(() => 2_000),
		withoutPreconnect: gains.map((gain) => 2_000 + gain),
		aheadWith: 2,
		aheadWithout: 0,
	});

	test('the median gain at 80 ms decides, whatever other round-trip times gain', () => {
		expect(verdictOf([turns(30, [1, 1, 1]), turns(80, [50, 50, 900])])).toBe('keep');
		expect(verdictOf([turns(30, [99, 99, 99]), turns(80, [49, 49, 900])])).toBe('delete');
		expect(verdictOf([turns(30, [99])])).toBeUndefined();
	});

	test('gains are differences within a round', () => {
		const drifting: PairedTurns = {
			...turns(80, []),
			withPreconnect: [1_000, 2_000, 3_000],
			withoutPreconnect: [1_100, 2_100, 3_100],
		};
		expect(preconnectTable([drifting]).split('\n')[2]).toBe(
			'| 80 ms | 160 ms | 2100 ms | 2000 ms | **100 ms** | 100 to 100 ms | 100 to 100 ms | 2.0 / 0.0 | 3 |',
		);
	});
});

describe('section of a page', () => {
	const page = 'before\n<!-- figures -->\nold\n<!-- end of figures -->\nafter\n';

	test('what stands between the comments is replaced, and only that', () => {
		expect(withSection(page, 'figures', 'new $& figures')).toBe(
			'before\n<!-- figures -->\n\nnew $& figures\n\n<!-- end of figures -->\nafter\n',
		);
	});

	test('a page without the section, or with two, is refused', () => {
		expect(() => withSection('nothing', 'figures', 'new')).toThrow('figures');
		expect(() => withSection('<!-- figures -->', 'figures', 'new')).toThrow('figures');
		expect(() => withSection(page + page, 'figures', 'new')).toThrow('figures');
	});
});
