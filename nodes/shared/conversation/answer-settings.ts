// How an answer is to be: instructions and completion arguments from the options that several nodes have.
import type { ItemRun } from '../execution/operation';
import type { WireCompletionArgs } from '../mistral/wire';
import { omitUndefined } from '../http/response/json';
import { instructionsOf } from './instructions';

type ReasoningEffort = NonNullable<WireCompletionArgs['reasoning_effort']>;

/** What the options hold when they were set; absent otherwise. */
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

/** The field Instructions, with what the options add to it. */
export function readInstructions(
	{ context, itemIndex }: ItemRun,
	{ persona, language, speechSeconds, tellDate }: AnswerOptions,
): string {
	return instructionsOf({
		instructions: String(context.getNodeParameter('instructions', itemIndex, '') ?? ''),
		persona,
		language,
		speechSeconds,
		today: tellDate === false ? undefined : { now: new Date(), timeZone: context.getTimezone() },
	});
}

/** Only what was set. */
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
