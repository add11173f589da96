import { expect, test } from '@jest/globals';
import { mainThreadMs } from '../../../bench/computing-time.mts';

const onLinux = process.platform === 'linux' ? test : test.skip;

onLinux('computing counts, waiting does not', async () => {
	const computed = async (work: () => unknown): Promise<number> => {
		const before = (await mainThreadMs(process.pid)) ?? Number.NaN;
		await work();
		return ((await mainThreadMs(process.pid)) ?? Number.NaN) - before;
	};
	const busy = await computed(() => {
		const { user } = process.cpuUsage();
		while (process.cpuUsage().user - user < 60_000);
	});
	expect(busy).toBeGreaterThan(30);
	const idle = await computed(async () => await new Promise((resolve) => setTimeout(resolve, 200)));
	expect(idle).toBeLessThan(busy);
	expect(idle).toBeGreaterThanOrEqual(0);
});

test('a process that is not there has no computing time', async () => {
	expect(await mainThreadMs(2 ** 30)).toBeUndefined();
});
