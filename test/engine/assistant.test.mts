// One spoken turn in one node: what reaches the item, whatever came in and wherever it goes.
import { expect, jest, test } from '@jest/globals';
import { recording, useBench } from '../support/bench.mts';

jest.setTimeout(60_000);

const bench = useBench('filesystem');

test('first', async () => {
	const item = await bench.engine.item(
		{ message: { chat: { id: 7 } } },
		{ bytes: recording('question.ogg'), fileName: 'q.oga' },
	);
	for (const streaming of [false, true]) {
		const { items, error, hints, chunks } = await bench.engine.run({
			nodes: [{ type: 'voxtralAssistant' }],
			items: [item],
			streaming,
		});
		console.log(
			JSON.stringify(
				{
					json: items[0]?.json,
					binary: items[0]?.binary,
					error,
					hints,
					chunks: chunks.map((c) => `${c.type} ${String(c.content).slice(0, 150)}`),
				},
				null,
				1,
			),
		);
		console.log(
			bench.standIn.requests.map(
				(r) => `${r.method} ${r.path} ${r.status} ${JSON.stringify(r.json)?.slice(0, 300)}`,
			),
		);
	}
	expect(1).toBe(1);
});
