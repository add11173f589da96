// Runs one turn of a conversation: settings, memory, tools, answer, and storing the turn.
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

/** Callbacks for an answer while it is generated. */
export interface AnswerListener {
	/** `round` counts tool rounds: it differs between text before and after a tool call. */
	text(delta: string, round: number): void;
	/** A built-in tool of Mistral, such as `web_search`, has started. */
	tool?(name: string): void;
	/** The answer is complete but not stored in the memory yet. */
	answered?(answer: Pick<ToolLoopResult, 'sources'>): void;
}

export interface Question {
	/** A promise while the question is still being transcribed; meanwhile the memory is read and a connection opened. */
	readonly prompt: string | Promise<string>;
	readonly thread: ConversationThread;
	/** The thread to use when the connected node turns out not to be a memory. */
	readonly fieldThread: () => ConversationThread;
	/** `functions`: the tools connected to the node. */
	readonly setup: (functions: readonly WireFunctionTool[]) => AgentSetup;
	readonly maxToolRounds: number;
	/** Use chat completions, for an OpenAI-compatible server without stored conversations. */
	readonly chatCompletions?: boolean;
	/** Without it the answer is not streamed. */
	readonly listener?: AnswerListener;
	/** Runs the requests, for example between begin and end of a stream; called once the settings are valid. */
	readonly during?: <T>(work: () => Promise<T>) => Promise<T>;
}

export interface Conversed {
	readonly turn: ToolLoopResult;
	readonly setup: AgentSetup;
}

/** Lets a request that times out fail by itself first, since its failure holds the partial answer. */
const GRACE_MS = 200;

/** @throws Failure also when a connected tool or memory never returns, since later turns of the session wait for this one */
export async function converse(run: ItemRun, question: Question): Promise<Conversed> {
	const { budget, operation } = run.client;
	return await budget.race(runTurn(run, question), operation, GRACE_MS);
}

async function runTurn(run: ItemRun, question: Question): Promise<Conversed> {
	const { context, itemIndex, client } = run;
	const { maxToolRounds: maxRounds, listener, during = async (work) => await work() } = question;
	const toolbox = new Toolbox(await connectedTools(context, itemIndex));
	const setup = question.setup(toolbox.functions);
	const { kind } = question.thread;
	const memoryNode = kind === 'memory-node' ? await connectedMemory(context, itemIndex) : undefined;
	// Older n8n versions cannot tell without loading it whether the connected node is a memory.
	const thread = kind === 'memory-node' && !memoryNode ? question.fieldThread() : question.thread;
	checkSettings(run, question, setup, thread);
	const memory = memoryNode ? connectedNodeMemory(run, memoryNode) : memoryOf(run, thread, setup);
	const begin = (start: ConversationStart) => ({
		start,
		session: openSession(run, question, setup, memory, start),
	});
	const first = memory.recall().then((start) => {
		const begun = begin(start);
		if (typeof question.prompt !== 'string') begun.session.preconnect?.();
		return begun;
	});
	// Awaited below; until then a rejection must not count as unhandled.
	first.catch(() => undefined);
	const prompt = await question.prompt;
	const inputs: WireInput[] = [{ type: 'message.input', role: 'user', content: prompt }];
	const ask = async ({ start, session }: ReturnType<typeof begin>): Promise<ToolLoopResult> => {
		try {
			const limits = { maxRounds, operation: client.operation };
			const turn = await runToolLoop(session, inputs, toolbox, limits);
			listener?.answered?.(turn);
			await memory.keep?.(prompt, turn.text, session);
			return turn;
		} catch (thrown) {
			// After a first answer tools may have had side effects, so the turn is not repeated.
			const failure = asFailure(thrown, client.operation);
			const restart = session.answers === 0 ? await memory.recover(failure, start) : undefined;
			if (!restart) throw failure;
			return await ask(begin(restart));
		}
	};
	const turn = await during(async () => await ask(await first)).catch((thrown: unknown) => {
		throw withServerAdvice(asFailure(thrown, client.operation), setup, question);
	});
	if (turn.cutOff) {
		addHint(
			context,
			`The answer to item ${itemIndex} came after "Maximum Tool Rounds" was reached.`,
		);
	}
	return { turn, setup };
}

/** Adds advice to status 404, with which a server other than Mistral answers the Conversations API. */
function withServerAdvice(failure: Failure, { answerer }: AgentSetup, question: Question): Failure {
	const { status, hint } = failure.facts;
	if (status !== 404 || 'agentId' in answerer || question.chatCompletions) return failure;
	const advice =
		'If the credential leads to a server such as vLLM or Ollama, switch on "OpenAI-Compatible Server" in the options.';
	return failure.with({ hint: hint ? `${hint} ${advice}` : advice });
}

function openSession(
	{ client }: ItemRun,
	{ chatCompletions, listener }: Question,
	setup: AgentSetup,
	{ metadata }: Memory,
	start: ConversationStart,
): ChatSession {
	const sink: AnswerSink = listener
		? {
				onText: (delta) => listener.text(delta, session.answers),
				onTool: (name) => listener.tool?.(name),
			}
		: {};
	const { answerer, ...rest } = setup;
	const session: ChatSession =
		chatCompletions && 'model' in answerer
			? new ChatCompletionsSession(
					client,
					{ ...answerer, ...rest, functions: answerer.tools.filter(isFunction) },
					sink,
					start.history,
				)
			: new ConversationSession(
					client,
					{ ...setup, ...(metadata ? { metadata } : {}) },
					sink,
					start,
				);
	return session;
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

/** Hints at settings without effect. @throws Failure for settings that exclude each other */
function checkSettings(
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
