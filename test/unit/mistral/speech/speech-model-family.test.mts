// The generation of a speech model: by its id, or behind an alias by one look-up that all items of an execution share.
import { describe, expect, test } from '@jest/globals';
import { HttpClient } from '../../../../nodes/shared/http/client.ts';
import { speechFamily } from '../../../../nodes/shared/mistral/speech/speech-model-family.ts';
import { budgetOf } from '../../http/budget-of.mts';
import { type Answer, json, QUICK, server } from '../../http/scripted-server.mts';

const LATEST = 'voxtral-mini-tts-latest';
const NEW = json({ data: [{ id: LATEST, name: 'voxtral-mini-tts-3-0' }] });

test.each<[string, object[] | undefined, number, number]>([
	['voxtral-mini-tts-3-0', undefined, 3, 0],
	['voxtral-mini-tts-2603', undefined, 2, 0],
	['my-own-voice-model', undefined, 2, 0],
	[LATEST, [{ id: LATEST, name: 'voxtral-mini-tts-2603' }], 2, 1],
	[LATEST, [{ id: LATEST, name: 'voxtral-mini-tts-3-0' }], 3, 1],
	[` ${LATEST} `, [{ id: LATEST, name: 'voxtral-mini-tts-3-0' }], 3, 1],
	[LATEST, [{ id: LATEST }], 2, 1],
	[LATEST, [], 2, 1],
])('%s with the models %j is of generation %i', async (model, models, family, lookUps) => {
	const { client, requests } = server([json({ data: models })]);
	const execution = {};
	expect(await speechFamily(client, execution, model)).toBe(family);
	expect(await speechFamily(client, execution, model)).toBe(family);
	expect(requests).toHaveLength(lookUps);
});

describe('a look-up of the model list', () => {
	const once = { ...QUICK, attempts: 1 };
	const refused = json({}, 500);

	/** Clients of several items of one execution. */
	const items = (answers: readonly Answer[], cancel?: AbortSignal) => {
		const mistral = server(answers, { policy: once, ...(cancel ? { cancel } : {}) });
		const item = (budget = budgetOf()) =>
			new HttpClient(mistral.context, 'speak', 0, { budget, policy: once });
		return { ...mistral, item };
	};

	test('that failed is made anew by the next item', async () => {
		const { item, context, requests } = items([refused, NEW]);
		expect(await speechFamily(item(), context, LATEST)).toBe(2);
		expect(await speechFamily(item(), context, LATEST)).toBe(3);
		expect(await speechFamily(item(), context, LATEST)).toBe(3);
		expect(requests).toHaveLength(2);
	});

	test('is shared by items that run at the same time', async () => {
		const { item, context, requests } = items([NEW]);
		const families = [1, 2, 3, 4].map(() => speechFamily(item(), context, LATEST));
		expect(await Promise.all(families)).toEqual([3, 3, 3, 3]);
		expect(requests).toHaveLength(1);
	});

	test('that the first item no longer waits for goes on for the others', async () => {
		let answer = () => {};
		const after = new Promise<void>((resolve) => (answer = resolve));
		const { item, context, requests } = items([{ ...NEW, after }]);
		const bargeIn = new AbortController();
		const first = speechFamily(item(budgetOf(5_000, bargeIn.signal)), context, LATEST);
		const short = speechFamily(item(budgetOf(20)), context, LATEST);
		const second = speechFamily(item(), context, LATEST);
		bargeIn.abort();
		expect(await Promise.all([first, short])).toEqual([2, 2]);
		answer();
		expect(await second).toBe(3);
		expect(requests).toHaveLength(1);
	});

	test('is given up when the execution is stopped', async () => {
		const stop = new AbortController();
		const after = new Promise<void>(() => undefined);
		const { item, context, requests, log } = items([{ after }], stop.signal);
		const family = speechFamily(item(budgetOf(5_000, stop.signal)), context, LATEST);
		await new Promise((resolve) => setTimeout(resolve, 5));
		const [sender] = log.receiver as [{ getExecutionCancelSignal(): AbortSignal }];
		stop.abort();
		expect(await family).toBe(2);
		expect(requests).toHaveLength(1);
		expect(sender.getExecutionCancelSignal().aborted).toBe(true);
	});

	test('does not storm a server that is down: three look-ups for a hundred items', async () => {
		const { item, context, requests } = items([refused]);
		for (let n = 0; n < 25; n++) {
			const families = [1, 2, 3, 4].map(() => speechFamily(item(), context, LATEST));
			expect(await Promise.all(families)).toEqual([2, 2, 2, 2]);
		}
		expect(requests).toHaveLength(3);
	});
});
