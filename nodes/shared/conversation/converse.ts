// One item's question from the settings to the finished turn, whatever answers, remembers and listens.
import { ChatCompletionsSession } from '../mistral/chat/chat-completions';
import {
	type AgentSetup,
	type ChatSession,
	ConversationSession,
	type ConversationStart,
} from '../mistral/conversations/chat-session';
import type { AnswerSink } from '../mistral/conversations/conversations';
import { Toolbox } from '../mistral/tools/toolbox';
import { runToolLoop, type ToolLoopResult } from '../mistral/tools/tool-loop';
import type { WireFunctionTool, WireInput } from '../mistral/wire';
import { asFailure, Failure } from '../errors/failure';
import { addHint } from '../execution/output-hints';
import type { ItemRun } from '../execution/operation';
import { connectedMemory, connectedTools } from './connected-nodes';
import {
	connectedNodeMemory,
	ConversationMemory,
	type Memory,
	noMemory,
	SessionMemory,
} from './memory';
import type { ConversationThread } from './thread';

/** Follows an answer while it is written. */
export interface AnswerListener {
	/** `round` tells what is said before a tool call from what is said after it. */
	text(piece: string, round: number): void;
	/** Mistral began to use a tool of its own, such as `web_search`. */
	tool?(name: string): void;
	/** All text has come, before the memory keeps it. */
	answered?(answer: Pick<ToolLoopResult, 'sources'>): void;
}

export interface Question {
	/** A promise where the words are still being understood; meanwhile the thread is looked up and a connection opened. */
	readonly prompt: string | Promise<string>;
	readonly thread: ConversationThread;
	/** The thread when what is connected as a memory turns out to be none. */
	readonly fieldThread: () => ConversationThread;
	/** Who answers and how; `functions` are the tools connected on the canvas. */
	readonly setup: (functions: readonly WireFunctionTool[]) => AgentSetup;
	readonly maxToolRounds: number;
	/** The server keeps no conversations, see `Chat`. */
	readonly chatCompletions?: boolean;
	/** Absent where nobody listens: the answer is then asked for whole. */
	readonly listener?: AnswerListener;
	/** Surrounds the asking once the settings are known to be fit. */
	readonly during?: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface Conversed {
	readonly turn: ToolLoopResult;
	readonly setup: AgentSetup;
}

/** A request that is late then tells itself, with what had arrived, before its turn is given up. */
const GRACE_MS = 200;

/**
 * @throws Failure also when a connected tool or memory never answers: later turns of the session
 * wait for this one
 */
export async function converse(run: ItemRun, question: Question): Promise<Conversed> {
	const { budget, operation } = run.client;
	return await budget.race(talkThrough(run, question), operation, GRACE_MS);
}

async function talkThrough(run: ItemRun, question: Question): Promise<Conversed> {
	const { context, itemIndex, client } = run;
	const { maxToolRounds: maxRounds, listener, during = async (work) => await work() } = question;
	const toolbox = new Toolbox(await connectedTools(context, itemIndex));
	const setup = question.setup(toolbox.functions);
	const { kind } = question.thread;
	const canvas = kind === 'canvas' ? await connectedMemory(context, itemIndex) : undefined;
	// Older n8n cannot tell beforehand whether what is connected is a memory.
	const thread = kind === 'canvas' && !canvas ? question.fieldThread() : question.thread;
	check(run, question, setup, thread);
	const memory = canvas ? connectedNodeMemory(run, canvas) : memoryOf(run, thread, setup);
	const begin = (opening: ConversationStart) => ({
		opening,
		talk: openSession(run, question, setup, memory, opening),
	});
	const first = memory.recall().then((opening) => {
		const begun = begin(opening);
		if (typeof question.prompt !== 'string') begun.talk.preconnect?.();
		return begun;
	});
	// It is awaited below; until then its failure must not count as one that nobody handles.
	first.catch(() => undefined);
	const prompt = await question.prompt;
	const inputs: WireInput[] = [{ type: 'message.input', role: 'user', content: prompt }];
	const take = async ({ opening, talk }: ReturnType<typeof begin>): Promise<ToolLoopResult> => {
		try {
			const limits = { maxRounds, operation: client.operation };
			const turn = await runToolLoop(talk, inputs, toolbox, limits);
			listener?.answered?.(turn);
			await memory.keep?.(prompt, turn.text, talk);
			return turn;
		} catch (thrown) {
			// Once something was answered, tools may have acted: the turn must not be taken twice.
			const failure = asFailure(thrown, client.operation);
			const other = talk.answers === 0 ? await memory.recover(failure, opening) : undefined;
			if (!other) throw failure;
			return await take(begin(other));
		}
	};
	const turn = await during(async () => await take(await first)).catch((thrown: unknown) => {
		throw withWayOut(asFailure(thrown, client.operation), setup, question);
	});
	if (turn.cutOff) {
		addHint(
			context,
			`The answer to item ${itemIndex} came after "Maximum Tool Rounds" was reached.`,
		);
	}
	return { turn, setup };
}

/** A server of one's own knows no conversations: its "not found" alone would not lead to the switch. */
function withWayOut(failure: Failure, { answerer }: AgentSetup, question: Question): Failure {
	const { status, hint } = failure.facts;
	if (status !== 404 || 'agentId' in answerer || question.chatCompletions) return failure;
	const way =
		'If the credential leads to a server such as vLLM or Ollama, switch on "OpenAI-Compatible Server" in the options.';
	return failure.with({ hint: hint ? `${hint} ${way}` : way });
}

type Talk = ChatSession & { readonly conversationIds: ReadonlySet<string> };

function openSession(
	{ client }: ItemRun,
	{ chatCompletions, listener }: Question,
	setup: AgentSetup,
	{ metadata }: Memory,
	opening: ConversationStart,
): Talk {
	const sink: AnswerSink = {
		...(listener
			? {
					onText: (piece: string) => listener.text(piece, talk.answers),
					onTool: (name: string) => listener.tool?.(name),
				}
			: {}),
	};
	const { answerer, ...rest } = setup;
	const talk: Talk =
		chatCompletions && 'model' in answerer
			? new ChatCompletionsSession(
					client,
					{ ...answerer, ...rest, functions: answerer.tools.filter(isFunction) },
					sink,
					opening.history,
				)
			: new ConversationSession(
					client,
					{ ...setup, ...(metadata ? { metadata } : {}) },
					sink,
					opening,
				);
	return talk;
}

const isFunction = (tool: { type: string }): tool is WireFunctionTool => tool.type === 'function';

function memoryOf(run: ItemRun, thread: ConversationThread, setup: AgentSetup): Memory {
	switch (thread.kind) {
		case 'conversation':
			return new ConversationMemory(run, thread.conversationId);
		case 'session':
			return new SessionMemory(run, thread.session, setup);
		default:
			return noMemory;
	}
}

/** Settings that contradict each other stop the item; those that merely have no effect are told. */
function check(
	{ context, itemIndex }: ItemRun,
	{ chatCompletions }: Question,
	{ store, answerer }: AgentSetup,
	thread: ConversationThread,
): void {
	const atMistral = thread.kind === 'conversation' || thread.kind === 'session';
	if (!store && atMistral) {
		throw new Failure({
			stage: 'ask.nothing-stored',
			message: 'Memory at Mistral and "Store Nothing at Mistral" exclude each other',
			hint: 'Set Memory to None and connect a memory node below this one, or take "Store Nothing at Mistral" out of the options.',
		});
	}
	if ('agentId' in answerer || !chatCompletions) return;
	if (atMistral) {
		throw new Failure({
			stage: 'ask.no-memory-there',
			message: 'An OpenAI-compatible server keeps no conversations',
			hint: 'Set Memory to None and connect a memory node below this one.',
		});
	}
	if (itemIndex === 0 && answerer.tools.some((tool) => !isFunction(tool))) {
		addHint(
			context,
			'Built-in Tools do not exist on an OpenAI-compatible server; the answer was made without them.',
		);
	}
}
