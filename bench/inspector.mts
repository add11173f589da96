// Measures the heap of a running Node.js process over the inspector protocol, after garbage collection.

export interface Inspector {
	/** Bytes in use on the heap after garbage collection. */
	usedHeap(): Promise<number>;
	close(): void;
}

/** @param port inspector port of the process on loopback */
export async function inspect(port: number): Promise<Inspector> {
	const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json();
	const [{ webSocketDebuggerUrl }] = targets as [{ webSocketDebuggerUrl: string }];
	const socket = new WebSocket(webSocketDebuggerUrl);
	await new Promise((resolve, reject) => {
		socket.onopen = resolve;
		socket.onerror = reject;
	});
	let last = 0;
	const waiting = new Map<number, (result: unknown) => void>();
	socket.onmessage = ({ data }) => {
		const { id, result } = JSON.parse(String(data)) as { id: number; result: unknown };
		waiting.get(id)?.(result);
		waiting.delete(id);
	};
	const ask = async (method: string): Promise<unknown> =>
		await new Promise((resolve) => {
			waiting.set(++last, resolve);
			socket.send(JSON.stringify({ id: last, method }));
		});
	return {
		async usedHeap() {
			await ask('HeapProfiler.collectGarbage');
			return ((await ask('Runtime.getHeapUsage')) as { usedSize: number }).usedSize;
		},
		close: () => socket.close(),
	};
}
