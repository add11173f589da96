// All contenders, round after round, each once a round in changing order, on the same stand-ins.
import { type Apis, standInName } from './apis.mts';
import { secondsOf } from './canned-speech.mts';
import { type CriticalPath, criticalPathOf } from './critical-path.mts';
import type { Contender, Setting } from './settings.mts';
import { type AnswerForm, takeTurn, type TurnTimes } from './turn.mts';

export interface Entry {
	name: Contender;
	form: AnswerForm;
	/** By setting. */
	urls: Record<string, string>;
}

export interface Turn extends TurnTimes {
	/** Of this very turn; absent where no Mistral is asked. */
	limit?: CriticalPath;
}

export type Results = Record<string, Partial<Record<Contender, Turn[]>>>;

/** Joins and paddings may add or take this much. */
const toleranceShare = 0.12;

function check(name: Contender, seconds: number, { reply, label }: Setting): void {
	const wanted = secondsOf(reply);
	if (Math.abs(seconds - wanted) <= wanted * toleranceShare) return;
	throw new Error(`${name}, ${label}: ${seconds.toFixed(1)} s of speech in place of ${wanted} s`);
}

/** More than n8n has to do after a turn. */
const settleMs = 250;

async function one(
	entry: Entry,
	setting: Setting,
	recording: Uint8Array<ArrayBuffer>,
	apis: Apis,
): Promise<Turn> {
	const url = entry.urls[setting.name] ?? '';
	const standIn = standInName(setting.name, entry.name);
	// Done with the turn before, which n8n still keeps and makes ready for the next one: nobody pays for another.
	await new Promise((resolve) => setTimeout(resolve, settleMs));
	if (entry.name !== 'openAi') await apis.takeLog(standIn);
	const times = await takeTurn(url, recording, entry.form);
	if (entry.name === 'floor') return times;
	check(entry.name, times.seconds, setting);
	if (entry.name === 'openAi') return times;
	return { ...times, limit: criticalPathOf(await apis.takeLog(standIn), setting.reply) };
}

export interface Plan {
	setting: Setting;
	rounds: number;
	/** Rounds before these, forgotten. */
	warmUps: number;
}

/** After `limitMs` no further round begins; each setting has at least one that counts. */
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
				const turn = await one(entry, setting, recording, apis);
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
