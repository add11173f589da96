// The language model, the second stage of a turn: who answers, what is remembered, in which order.
import { completionArgs, readInstructions } from '../../shared/conversation/answer-settings';
import { type AnswerListener, converse } from '../../shared/conversation/converse';
import {
	type ConversationThread,
	readSessionKey,
	sessionThread,
} from '../../shared/conversation/thread';
import { asFailure, Failure } from '../../shared/errors/failure';
import { withMutex } from '../../shared/execution/keyed-mutex';
import type { ItemRun } from '../../shared/execution/operation';
import { addHint } from '../../shared/execution/output-hints';
import type { AgentSetup } from '../../shared/mistral/conversations/chat-session';
import type { ToolLoopResult } from '../../shared/mistral/tools/tool-loop';
import { languageCode } from '../../shared/text/language/language-identification';
import { sorryNotHeard } from '../../shared/text/language/nothing-heard-reply';
import type { TalkOptions } from '../talk.options';
import type { Heard } from './stt';

/** No tools are connected to this node; Mistral's own do not count. */
const MAX_TOOL_ROUNDS = 1;

/** An answer that Mistral gave, or the one that asks to say it again. */
export type Answer = ToolLoopResult | { readonly text: string };

/** Without a key every question stands alone. */
export function readThread(run: ItemRun): ConversationThread {
	const key = readSessionKey(run);
	return key === '' ? { kind: 'none' } : sessionThread(run, key);
}

/**
 * Takes its place among the turns of the session at once, looks up the conversation while the question
 * is still being understood, and tells `listener` the answer while it is written.
 */
export async function answerQuestion(
	run: ItemRun,
	options: TalkOptions,
	thread: ConversationThread,
	heard: Promise<Heard>,
	listener: AnswerListener,
): Promise<Answer> {
	const { client, context, itemIndex } = run;
	const prompt = heard.then(({ text }) => {
		if (text === '') throw nothingHeard();
		return text;
	});
	// An earlier turn of the session may still be waited for when this fails.
	prompt.catch(() => undefined);
	const setup = readSetup(run, options);
	const question = {
		prompt,
		thread,
		fieldThread: () => thread,
		setup: () => setup,
		maxToolRounds: MAX_TOOL_ROUNDS,
		listener,
	};
	try {
		const ask = async () => await converse(run, question);
		return (await withMutex(thread.mutexKey, client, ask)).turn;
	} catch (thrown) {
		const { text, language } = await heard;
		if (text !== '') throw asFailure(thrown, client.operation);
		addHint(context, `No words were heard in item ${itemIndex}.`);
		const reply = sorryNotHeard(languageCode(options.language) ?? languageCode(language));
		listener.text(reply, 0);
		listener.answered?.({ sources: [] });
		return { text: reply };
	}
}

function nothingHeard(): Failure {
	return new Failure({ stage: 'transcribe.nothing-heard', message: 'No words were heard' });
}

function readSetup(run: ItemRun, options: TalkOptions): AgentSetup {
	const { context, itemIndex } = run;
	const webSearch = context.getNodeParameter('webSearch', itemIndex, true);
	return {
		answerer: {
			model: readModel(run),
			instructions: readInstructions(run, options),
			tools: webSearch === false ? [] : [{ type: 'web_search' }],
		},
		completionArgs: completionArgs(options),
		store: true,
	};
}

export const readModel = ({ context, itemIndex }: ItemRun): string =>
	String(context.getNodeParameter('model', itemIndex, '', { extractValue: true })).trim();
