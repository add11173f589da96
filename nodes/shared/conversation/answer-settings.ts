// Reads instructions and completion arguments from the answer options that several nodes share.
import type { ItemRun } from '../execution/operation';
import { readText } from '../execution/parameters';
import type { WireCompletionArgs } from '../mistral/wire';
import { omitUndefined } from '../http/response/json';
import { instructionsOf } from './instructions';

type ReasoningEffort = NonNullable<WireCompletionArgs['reasoning_effort']>;

/** As n8n stores the options: only those the user added. */
export interface AnswerOptions {
	readonly language?: string;
	readonly maxTokens?: number;
	readonly persona?: string;
	readonly reasoningEffort?: string;
	readonly seed?: number;
	readonly speechSeconds?: number;
	readonly stop?: string;
	readonly tellDate?: boolean;
	readonly temperature?: number;
	readonly topP?: number;
}

/** The field Instructions, with additions for persona, language, length and date. */
export function readInstructions(
	run: ItemRun,
	{ persona, language, speechSeconds, tellDate }: AnswerOptions,
): string {
	return instructionsOf({
		instructions: readText(run, 'instructions'),
		persona,
		language,
		speechSeconds,
		today:
			tellDate === false ? undefined : { now: new Date(), timeZone: run.context.getTimezone() },
	});
}

/** Completion arguments of the options that are set. */
export function completionArgs(options: AnswerOptions): WireCompletionArgs {
	const stop = (options.stop ?? '').split('\n').filter((line) => line !== '');
	return omitUndefined({
		temperature: options.temperature,
		top_p: options.topP,
		max_tokens: options.maxTokens,
		random_seed: options.seed,
		stop: stop.length === 0 ? undefined : stop,
		reasoning_effort: (options.reasoningEffort || undefined) as ReasoningEffort | undefined,
	});
}
