// The tool loop of one question: the model's function calls are run and their results sent back until it answers.
import { Failure } from '../../errors/failure';
import type { Answer, GeneratedFile, Source, ToolUse } from '../conversations/answer';
import type { ChatSession } from '../conversations/chat-session';
import { omitUndefined } from '../../http/response/json';
import type { CalledTool, Toolbox } from './toolbox';
import type { WireInput, WireUsage } from '../wire';

/** The answer to one question, over all rounds. */
export interface ToolLoopResult {
	/** Of the last answer that has text. */
	readonly text: string;
	readonly sources: readonly Source[];
	readonly toolUses: readonly ToolUse[];
	readonly files: readonly GeneratedFile[];
	readonly conversationId: string;
	readonly model?: string;
	/** Total of all requests. */
	readonly usage?: WireUsage;
	readonly attempts: number;
	/** Whether the model was told to answer without further tools after the last round. */
	readonly cutOff: boolean;
}

/**
 * Sends the question, runs the tools the model calls (those of one round in parallel), and returns their
 * results to it. After `maxRounds` the model is told to answer without further tools.
 *
 * @throws Failure `too-many-tool-rounds` when it calls tools even then
 */
export async function runToolLoop(
	session: ChatSession,
	question: readonly WireInput[],
	toolbox: Toolbox,
	{ maxRounds, operation }: { readonly maxRounds: number; readonly operation: string },
): Promise<ToolLoopResult> {
	const answers = [await session.send(question)];
	const uses: ToolUse[] = [];
	let calls = collect(answers[0], uses);
	let rounds = 0;
	let cutOff = false;
	while (calls.length > 0) {
		if (cutOff) throw tooManyRounds(operation, maxRounds, session.attempts);
		cutOff = rounds >= maxRounds;
		const results = await Promise.all(
			calls.map(async (call) => (cutOff ? reject(call) : await toolbox.run(call))),
		);
		uses.push(...results.map(({ use }) => use));
		rounds += 1;
		const inputs = results.map(
			({ call, result }): WireInput => ({ type: 'function.result', tool_call_id: call.id, result }),
		);
		const answer = await session.send(inputs, { withoutTools: cutOff });
		answers.push(answer);
		calls = collect(answer, uses);
	}
	return summary(answers, uses, session.attempts, cutOff);
}

function collect(answer: Answer | undefined, uses: ToolUse[]): Answer['calls'] {
	uses.push(...(answer?.toolUses ?? []));
	return answer?.calls ?? [];
}

function reject(call: Answer['calls'][number]): CalledTool {
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
	const latestFirst = [...answers].reverse();
	const sources = answers.flatMap((answer) => answer.sources);
	const usages = answers.flatMap(({ usage }) => (usage ? [usage] : []));
	return omitUndefined({
		text: latestFirst.find(({ text }) => text.trim() !== '')?.text ?? '',
		sources: sources.filter(({ url }, index) => sources.findIndex((s) => s.url === url) === index),
		toolUses,
		files: answers.flatMap(({ files }) => files),
		conversationId: latestFirst[0]?.conversationId ?? '',
		model: latestFirst.find((answer) => answer.model)?.model,
		usage: usages.length > 0 ? usages.reduce(sum) : undefined,
		attempts,
		cutOff,
	});
}

/** The sum of all counts, those per connector included; a count that only one side has is kept. */
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
