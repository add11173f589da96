// LLM stage of a turn: answers the question with the memory of its session, in the order of the session's turns.
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
import { readLocator } from '../../shared/execution/parameters';
import { addHint } from '../../shared/execution/output-hints';
import type { AgentSetup } from '../../shared/mistral/conversations/chat-session';
import type { ToolLoopResult } from '../../shared/mistral/tools/tool-loop';
import { languageCode } from '../../shared/text/language/language-identification';
import { sorryNotHeard } from '../../shared/text/language/nothing-heard-reply';
import type { TalkOptions } from '../talk.options';
import type { Heard } from './stt';

/** Tools cannot be connected to this node, and built-in tools need no rounds. */
const MAX_TOOL_ROUNDS = 1;

/** The answer of the model, or the fixed request to repeat a question that was not understood. */
export type Answer = ToolLoopResult | { readonly text: string };

/** The session of the item; without a session key there is no memory. */
export function readThread(run: ItemRun): ConversationThread {
	const key = readSessionKey(run);
	return key === '' ? { kind: 'none' } : sessionThread(run, key);
}

/**
 * Queues for the session's mutex synchronously, looks up the conversation while the question is still
 * being transcribed, and streams the answer to `listener`.
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
	// May reject while the mutex is still held by an earlier turn: not an unhandled rejection.
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
			model: readLocator(run, 'model'),
			instructions: readInstructions(run, options),
			tools: webSearch === false ? [] : [{ type: 'web_search' }],
		},
		completionArgs: completionArgs(options),
		store: true,
	};
}
