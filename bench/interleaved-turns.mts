// Compares the contenders interleaved: one turn each per round, in alternating order, on the same stand-ins.
import { type Apis, standInName } from './apis.mts';
import { secondsOf } from './canned-speech.mts';
import { type CriticalPath, criticalPathOf } from './critical-path.mts';
import type { Contender, Setting } from './settings.mts';
import { type AnswerForm, takeTurn, type TurnTimes } from './turn.mts';

export interface Entry {
	name: Contender;
	form: AnswerForm;
	/** Webhook URL by setting. */
	urls: Record<string, string>;
}

export interface Turn extends TurnTimes {
	/** Critical path of this turn; absent for turns without Mistral. */
	limit?: CriticalPath;
}

export type Results = Record<string, Partial<Record<Contender, Turn[]>>>;

/** Tolerance for the length of the audio, which joins and padding change. */
const toleranceShare = 0.12;

/** @throws when so much speech is not the whole reply */
export function checkSeconds(name: Contender, seconds: number, { reply, label }: Setting): void {
	const wanted = secondsOf(reply);
	if (Math.abs(seconds - wanted) <= wanted * toleranceShare) return;
	throw new Error(`${name}, ${label}: ${seconds.toFixed(1)} s of speech in place of ${wanted} s`);
}

/** Longer than n8n works after a turn. */
export const settleMs = 250;

async function measureTurn(
	entry: Entry,
	setting: Setting,
	recording: Uint8Array<ArrayBuffer>,
	apis: Apis,
): Promise<Turn> {
	const url = entry.urls[setting.name] ?? '';
	const standIn = standInName(setting.name, entry.name);
	// Waits until n8n has finished saving the turn before, so that no contender pays for another one.
	await new Promise((resolve) => setTimeout(resolve, settleMs));
	if (entry.name !== 'openAi') await apis.takeLog(standIn);
	const times = await takeTurn(url, recording, entry.form);
	if (entry.name === 'floor') return times;
	checkSeconds(entry.name, times.seconds, setting);
	if (entry.name === 'openAi') return times;
	return { ...times, limit: criticalPathOf(await apis.takeLog(standIn), setting.reply) };
}

export interface Plan {
	setting: Setting;
	rounds: number;
	/** Warm-up rounds, not counted. */
	warmUps: number;
}

/** No round starts after `limitMs`; each setting gets at least one counted round. */
export async function compareContenders(
	entries: readonly Entry[],
	plans: readonly Plan[],
	recording: Uint8Array<ArrayBuffer>,
	apis: Apis,
	limitMs = Number.POSITIVE_INFINITY,
): Promise<Results> {
	const results: Results = {};
	const endMs = performance.now() + limitMs;
	const most = Math.max(...plans.map(({ rounds, warmUps }) => rounds + warmUps));
	for (let round = 0; round < most; round += 1) {
		for (const { setting, rounds, warmUps } of plans) {
			const isLate = performance.now() > endMs && round > warmUps;
			if (round >= rounds + warmUps || isLate) continue;
			const turns = (results[setting.name] ??= {});
			const take = async (entry: Entry): Promise<void> => {
				const turn = await measureTurn(entry, setting, recording, apis);
				if (round >= warmUps) (turns[entry.name] ??= []).push(turn);
			};
			const present = entries.filter(({ urls }) => urls[setting.name] !== undefined);
			const start = round % present.length;
			const order = [...present.slice(start), ...present.slice(0, start)];
			const isBeside = ({ name }: Entry) => setting.isParallel && name !== 'assistant';
			await Promise.all(order.filter(isBeside).map(take));
			for (const entry of order) if (!isBeside(entry)) await take(entry);
		}
	}
	return results;
}
