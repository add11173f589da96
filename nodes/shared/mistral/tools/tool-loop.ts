// Question, calls, results, and again, until the model has its answer.
import { Failure } from '../../errors/failure';
import type { Answer, GeneratedFile, Source, ToolUse } from '../conversations/answer';
import type { ChatSession } from '../conversations/chat-session';
import type { Toolbox } from './toolbox';
import type { WireInput, WireUsage } from '../wire';

/** What came of one question, over all rounds. */
export interface ToolLoopResult {
	/** The last answer that had words. */
	readonly text: string;
	readonly sources: readonly Source[];
	readonly toolUses: readonly ToolUse[];
	readonly files: readonly GeneratedFile[];
	readonly conversationId: string;
	readonly model?: string;
	/** Of all requests together. */
	readonly usage?: WireUsage;
	readonly attempts: number;
	/** The model wanted more rounds than it was given. */
	readonly cutOff: boolean;
}

/**
 * Asks, runs the tools the model calls (all of one round at once), and gives it their results. After
 * `maxRounds` the model is told to answer with what it has.
 *
 * @throws Failure when it calls tools even then
 */
export async function runToolLoop(
	dialogue: ChatSession,
	question: readonly WireInput[],
	toolbox: Toolbox,
	{ maxRounds, operation }: { readonly maxRounds: number; readonly operation: string },
): Promise<ToolLoopResult> {
	const answers = [await dialogue.send(question)];
	const uses: ToolUse[] = [];
	let calls = collect(answers[0], uses);
	let rounds = 0;
	let cutOff = false;
	while (calls.length > 0) {
		if (cutOff) throw tooManyRounds(operation, maxRounds, dialogue.attempts);
		cutOff = rounds >= maxRounds;
		const results = await Promise.all(
			calls.map(async (call) => (cutOff ? await refuse(call) : await toolbox.run(call))),
		);
		uses.push(...results.map(({ use }) => use));
		rounds += 1;
		const inputs = results.map(
			({ call, result }): WireInput => ({ type: 'function.result', tool_call_id: call.id, result }),
		);
		const answer = await dialogue.send(inputs, { withoutTools: cutOff });
		answers.push(answer);
		calls = collect(answer, uses);
	}
	return summary(answers, uses, dialogue.attempts, cutOff);
}

function collect(answer: Answer | undefined, uses: ToolUse[]): Answer['calls'] {
	uses.push(...(answer?.toolUses ?? []));
	return answer?.calls ?? [];
}

async function refuse(call: Answer['calls'][number]) {
	const result = 'Error: no more tool calls are allowed; answer with what you know';
	const use = { name: call.name, arguments: call.arguments, result, failed: true };
	return { call, result, use };
}

function tooManyRounds(operation: string, maxRounds: number, attempts: number): Failure {
	return new Failure({
		stage: `${operation}.too-many-tool-rounds`,
		message: `The model still called tools after ${maxRounds} rounds of them`,
		hint: 'Raise "Maximum Tool Rounds" in the options, or say in the Instructions when each tool is to be used.',
		attempts,
	});
}

function summary(
	answers: readonly Answer[],
	toolUses: ToolUse[],
	attempts: number,
	cutOff: boolean,
): ToolLoopResult {
	const latest = [...answers].reverse();
	const sources = answers.flatMap((answer) => answer.sources);
	const model = latest.find((answer) => answer.model)?.model;
	const usages = answers.flatMap(({ usage }) => (usage ? [usage] : []));
	return {
		text: latest.find(({ text }) => text.trim() !== '')?.text ?? '',
		sources: sources.filter(({ url }, index) => sources.findIndex((s) => s.url === url) === index),
		toolUses,
		files: answers.flatMap(({ files }) => files),
		conversationId: latest[0]?.conversationId ?? '',
		...(model ? { model } : {}),
		...(usages.length > 0 ? { usage: usages.reduce(sum) } : {}),
		attempts,
		cutOff,
	};
}

/** Numbers added up, counts per connector too; what only one of them has is kept. */
export function sum(a: WireUsage, b: WireUsage): WireUsage {
	const { connectors, ...counts } = a;
	const { connectors: more, ...moreCounts } = b;
	const both = add(connectors ?? {}, more ?? {});
	return {
		...add(counts, moreCounts),
		...(Object.keys(both).length > 0 ? { connectors: both } : {}),
	};
}

function add(a: Record<string, unknown>, b: Record<string, unknown>): Record<string, number> {
	const total: Record<string, number> = {};
	for (const [key, value] of [...Object.entries(a), ...Object.entries(b)]) {
		if (typeof value === 'number') total[key] = (total[key] ?? 0) + value;
	}
	return total;
}
