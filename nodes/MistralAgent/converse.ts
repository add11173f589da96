// One item's question from the settings to the finished turn, whatever answers and whatever remembers.
import { cancelled, cancelSignal } from '../shared/mistral/attempt';
import { nowMs, onceAfter, timedOut } from '../shared/mistral/body';
import { Chat } from '../shared/mistral/chat';
import type { Dialogue, Opening, Setup } from '../shared/mistral/conversation-dialogue';
import { Conversation } from '../shared/mistral/conversation-dialogue';
import type { OnText } from '../shared/mistral/conversation-stream';
import type { Delivery } from '../shared/mistral/conversations';
import { remainingMs } from '../shared/mistral/conversations';
import { Toolbox } from '../shared/mistral/tools';
import type { Turn } from '../shared/mistral/tools-rounds';
import { takeTurn } from '../shared/mistral/tools-rounds';
import type { WireFunctionTool, WireInput } from '../shared/mistral/wire';
import { addHint, asFailure, Failure } from '../shared/run/failure';
import type { ItemRun } from '../shared/run/operation';
import type { AskOptions } from './ask.options';
import { DEFAULT_TIMEOUT_SECONDS, DEFAULT_TOOL_ROUNDS } from './ask.options';
import { sourceList } from './ask.output';
import { readSetup } from './ask.question';
import { connectedMemory, connectedTools } from './canvas';
import type { Memory } from './memory';
import { canvasMemory, ConversationMemory, noMemory, SessionMemory } from './memory';
import { AnswerStream } from './stream';
import type { Thread } from './thread';
import { readFieldThread } from './thread';

export interface Conversed {
	readonly turn: Turn;
	readonly setup: Setup;
}

/** So that a request that is late tells itself, with what had arrived, before its turn is given up. */
const GRACE_MS = 200;

/**
 * @throws Failure also when a connected tool or memory never answers: later turns of the session
 * wait for this one
 */
export async function converse(
	run: ItemRun,
	options: AskOptions,
	prompt: string,
	thread: Thread,
): Promise<Conversed> {
	const { context, transport } = run;
	const timeoutMs = (options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
	const deadline = nowMs() + timeoutMs;
	transport.limitTo(timeoutMs, true);
	const stop = cancelSignal(context);
	let onStop: (() => void) | undefined;
	let disarm: (() => void) | undefined;
	const givenUp = new Promise<never>((_, reject) => {
		const late = () => reject(timedOut(transport.operation));
		disarm = onceAfter(remainingMs(deadline) + GRACE_MS, late);
		onStop = () => reject(cancelled(transport.operation));
		stop?.addEventListener('abort', onStop, { once: true });
	});
	try {
		return await Promise.race([talkThrough(run, options, prompt, thread, deadline), givenUp]);
	} finally {
		disarm?.();
		if (onStop) stop?.removeEventListener('abort', onStop);
	}
}

async function talkThrough(
	run: ItemRun,
	options: AskOptions,
	prompt: string,
	expected: Thread,
	deadline: number,
): Promise<Conversed> {
	const { context, itemIndex, transport } = run;
	const toolbox = new Toolbox(await connectedTools(context, itemIndex));
	const setup = readSetup(run, options, toolbox.functions);
	const canvas = expected.kind === 'canvas' ? await connectedMemory(context, itemIndex) : undefined;
	// Older n8n cannot tell beforehand whether what is connected is a memory.
	const thread = expected.kind === 'canvas' && !canvas ? readFieldThread(run) : expected;
	check(run, options, setup, thread);
	const memory = canvas ? canvasMemory(run, canvas) : memoryOf(run, thread, setup, deadline);
	const stream = new AnswerStream(context, itemIndex, options.enableStreaming !== false);
	const limits = {
		maxRounds: options.maxToolRounds ?? DEFAULT_TOOL_ROUNDS,
		operation: transport.operation,
	};
	const question: WireInput[] = [{ type: 'message.input', role: 'user', content: prompt }];
	const take = async (opening: Opening): Promise<Turn> => {
		const talk = opened(run, options, setup, memory, { deadline }, opening, stream);
		try {
			const turn = await takeTurn(talk, question, toolbox, limits);
			await memory.keep?.(prompt, turn.text, talk);
			return turn;
		} catch (thrown) {
			// Once something was answered, tools may have acted: the turn must not be taken twice.
			const failure = asFailure(thrown, transport.operation);
			const other = talk.answers === 0 ? await memory.recover(failure, opening) : undefined;
			if (!other) throw failure;
			return await take(other);
		}
	};
	const turn = await stream
		.during(async () => {
			const taken = await take(await memory.recall());
			if (options.listSources && !options.jsonSchema) stream.close(sourceList(taken));
			return taken;
		})
		.catch((thrown: unknown) => {
			throw withWayOut(asFailure(thrown, transport.operation), setup, options);
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
function withWayOut(failure: Failure, { answerer }: Setup, options: AskOptions): Failure {
	const { status, hint } = failure.facts;
	if (status !== 404 || 'agentId' in answerer || options.chatCompletions) return failure;
	const way =
		'If the credential leads to a server such as vLLM or Ollama, switch on "OpenAI-Compatible Server" in the options.';
	return failure.with({ hint: hint ? `${hint} ${way}` : way });
}

type Talk = Dialogue & { readonly conversationIds: ReadonlySet<string> };

function opened(
	{ transport }: ItemRun,
	options: AskOptions,
	setup: Setup,
	{ metadata }: Memory,
	{ deadline }: Delivery,
	opening: Opening,
	stream: AnswerStream,
): Talk {
	const onText: OnText | undefined = stream.wanted
		? (piece) => stream.text(piece, talk.answers)
		: undefined;
	const delivery: Delivery = { deadline, ...(onText ? { onText } : {}) };
	const { answerer, ...rest } = setup;
	const talk: Talk =
		options.chatCompletions && 'model' in answerer
			? new Chat(
					transport,
					{ ...answerer, ...rest, functions: answerer.tools.filter(isFunction) },
					delivery,
					opening.history,
				)
			: new Conversation(
					transport,
					{ ...setup, ...(metadata ? { metadata } : {}) },
					delivery,
					opening,
				);
	return talk;
}

const isFunction = (tool: { type: string }): tool is WireFunctionTool => tool.type === 'function';

function memoryOf(run: ItemRun, thread: Thread, setup: Setup, deadline: number): Memory {
	switch (thread.kind) {
		case 'conversation':
			return new ConversationMemory(run, deadline, thread.conversationId);
		case 'session':
			return new SessionMemory(run, deadline, thread.session, setup);
		default:
			return noMemory;
	}
}

/** Settings that contradict each other stop the item; those that merely have no effect are told. */
function check(
	{ context, itemIndex }: ItemRun,
	options: AskOptions,
	setup: Setup,
	thread: Thread,
): void {
	const atMistral = thread.kind === 'conversation' || thread.kind === 'session';
	if (options.storeNothing && atMistral) {
		throw new Failure({
			stage: 'ask.nothing-stored',
			message: 'Memory at Mistral and "Store Nothing at Mistral" exclude each other',
			hint: 'Set Memory to None and connect a memory node below this one, or take "Store Nothing at Mistral" out of the options.',
		});
	}
	const styled = options.persona || options.language || options.speechSeconds;
	if ('agentId' in setup.answerer) {
		if (styled && itemIndex === 0) {
			addHint(
				context,
				'Persona, Answer Language and Seconds of Speech have no effect on a saved agent.',
			);
		}
		return;
	}
	if (!options.chatCompletions) return;
	if (atMistral) {
		throw new Failure({
			stage: 'ask.no-memory-there',
			message: 'An OpenAI-compatible server keeps no conversations',
			hint: 'Set Memory to None and connect a memory node below this one.',
		});
	}
	if (itemIndex === 0 && setup.answerer.tools.some((tool) => !isFunction(tool))) {
		addHint(
			context,
			'Built-in Tools do not exist on an OpenAI-compatible server; the answer was made without them.',
		);
	}
}
