// The second stage: who answers, what is remembered.
import type { Question } from '../../shared/conversation/converse';
import { instructionsOf } from '../../shared/conversation/instructions';
import {
	readSessionKey,
	sessionThread,
	type ConversationThread,
} from '../../shared/conversation/thread';
import type { AgentSetup } from '../../shared/mistral/conversations/chat-session';
import type { WireCompletionArgs } from '../../shared/mistral/wire';
import type { ItemRun } from '../../shared/execution/operation';
import type { TalkOptions } from '../talk.options';

export const ANSWER_STAGE = 'ask';
/** No tools of the canvas are connected here; Mistral's own do not count. */
const TOOL_ROUNDS = 1;

/** A question whose words are not known yet. */
export type OpenQuestion = Omit<Question, 'prompt' | 'listener'>;

export function readQuestion(run: ItemRun, options: TalkOptions): OpenQuestion {
	const thread = readThread(run);
	const setup = readSetup(run, options);
	return {
		thread,
		fieldThread: () => thread,
		setup: () => setup,
		timeoutMs: options.timeoutMs,
		maxToolRounds: TOOL_ROUNDS,
	};
}

/** Without a key every question stands alone. */
function readThread(run: ItemRun): ConversationThread {
	const key = readSessionKey(run);
	return key === '' ? { kind: 'none' } : sessionThread(run, key);
}

function readSetup({ context, itemIndex }: ItemRun, options: TalkOptions): AgentSetup {
	const { persona, language, speechSeconds, tellDate } = options;
	const model = context.getNodeParameter('model', itemIndex, '', { extractValue: true });
	const webSearch = context.getNodeParameter('webSearch', itemIndex, true);
	const instructions = instructionsOf({
		instructions: String(context.getNodeParameter('instructions', itemIndex, '') ?? ''),
		...(persona ? { persona } : {}),
		...(language ? { language } : {}),
		...(speechSeconds ? { speechSeconds } : {}),
		...(tellDate === false ? {} : { today: { now: new Date(), timeZone: context.getTimezone() } }),
	});
	return {
		answerer: {
			model: String(model).trim(),
			instructions,
			tools: webSearch === false ? [] : [{ type: 'web_search' }],
		},
		completionArgs: completionArgs(options),
		store: true,
	};
}

function completionArgs({ temperature, maxTokens, reasoningEffort }: TalkOptions) {
	return {
		...(temperature === undefined ? {} : { temperature }),
		...(maxTokens === undefined ? {} : { max_tokens: maxTokens }),
		...(reasoningEffort
			? { reasoning_effort: reasoningEffort as NonNullable<WireCompletionArgs['reasoning_effort']> }
			: {}),
	};
}
