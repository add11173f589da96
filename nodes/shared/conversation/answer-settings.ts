// How an answer is to be: instructions and completion arguments from the options that several nodes have.
import type { ItemRun } from '../execution/operation';
import type { WireCompletionArgs } from '../mistral/wire';
import { instructionsOf } from './instructions';

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
	const { temperature, topP, maxTokens, seed, reasoningEffort } = options;
	const stop = (options.stop ?? '').split('\n').filter((line) => line !== '');
	return {
		...(temperature === undefined ? {} : { temperature }),
		...(topP === undefined ? {} : { top_p: topP }),
		...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
		...(seed === undefined ? {} : { random_seed: seed }),
		...(stop.length === 0 ? {} : { stop }),
		...(reasoningEffort
			? { reasoning_effort: reasoningEffort as NonNullable<WireCompletionArgs['reasoning_effort']> }
			: {}),
	};
}
