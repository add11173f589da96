// The chat session of one question: the requests of its tool rounds and the state they share.
import { asFailure } from '../../errors/failure';
import type { Answer } from './answer';
import {
	type AnswerSink,
	continueConversation,
	preconnectConversation,
	type StartBody,
	startConversation,
} from './conversations';
import { asRecord, type JsonRecord } from '../../http/response/json';
import type { HttpClient, WithAttempts } from '../../http/client';
import type { WireCompletionArgs, WireInput, WireTool } from '../wire';

/** A dialogue with a model; each `send` continues it. */
export interface ChatSession {
	/** @throws Failure with `attempts` of all requests so far, and `partial` when part of the answer was received */
	send(inputs: readonly WireInput[], how?: { readonly withoutTools?: boolean }): Promise<Answer>;
	/** Opens the connection for the first `send` while its question is still being transcribed. */
	preconnect?(): void;
	/** Conversation ids of the answers, the latest last; empty where the server stores no conversations. */
	readonly conversationIds: ReadonlySet<string>;
	/** Requests sent so far. */
	readonly attempts: number;
	/** Answers received so far. */
	readonly answers: number;
}

/** The model or agent that answers, and its settings. */
export interface AgentSetup {
	readonly answerer:
		| { readonly model: string; readonly instructions: string; readonly tools: readonly WireTool[] }
		| { readonly agentId: string; readonly agentVersion?: string };
	readonly completionArgs: WireCompletionArgs;
	/** Whether Mistral stores the conversation. */
	readonly store: boolean;
	/** Stored with a new conversation, to find it by. */
	readonly metadata?: Readonly<Record<string, string>>;
	/** Further fields for the body that starts a conversation. */
	readonly additionalFields?: JsonRecord;
}

/** The conversation to continue, or the history of a new one. */
export interface ConversationStart {
	/** A new conversation is started when absent. */
	readonly conversationId?: string;
	/** Earlier messages, for a new conversation. */
	readonly history: readonly WireInput[];
}

/** What chat sessions of every endpoint share: the transcript and the counts of requests and answers. */
export abstract class CountingSession implements ChatSession {
	attempts = 0;

	answers = 0;

	readonly conversationIds = new Set<string>();

	/** All inputs and answers so far, for a server that stores no conversation. */
	protected readonly transcript: WireInput[];

	protected constructor(
		protected readonly client: HttpClient,
		private readonly sink: AnswerSink,
		history: readonly WireInput[],
	) {
		this.transcript = [...history];
	}

	async send(
		inputs: readonly WireInput[],
		{ withoutTools = false }: { readonly withoutTools?: boolean } = {},
	): Promise<Answer> {
		this.transcript.push(...inputs);
		const { operation, budget } = this.client;
		const { onText } = this.sink;
		let partial = '';
		const recording = onText && {
			onText: (piece: string) => {
				partial += piece;
				onText(piece);
			},
		};
		try {
			// After a tool that returned too late, the turn has timed out already: nothing more is sent.
			budget.check(operation);
			const sent = await this.request(inputs, withoutTools, { ...this.sink, ...recording });
			this.attempts += sent.attempts;
			this.answers += 1;
			this.transcript.push(...sent.value.replay);
			return sent.value;
		} catch (thrown) {
			const failure = asFailure(thrown, operation);
			this.attempts += failure.facts.attempts ?? 0;
			throw failure.with({ attempts: this.attempts, ...(partial ? { partial } : {}) });
		}
	}

	/** One request of the session; `inputs` are those since the previous request. */
	protected abstract request(
		inputs: readonly WireInput[],
		withoutTools: boolean,
		sink: AnswerSink,
	): Promise<WithAttempts<Answer>>;
}

export class ConversationSession extends CountingSession {
	private conversationId: string | undefined;

	constructor(
		client: HttpClient,
		private readonly setup: AgentSetup,
		sink: AnswerSink,
		{ conversationId, history }: ConversationStart,
	) {
		super(client, sink, history);
		this.conversationId = conversationId;
	}

	preconnect(): void {
		preconnectConversation(this.client, this.storedId);
	}

	protected async request(
		inputs: readonly WireInput[],
		withoutTools: boolean,
		sink: AnswerSink,
	): Promise<WithAttempts<Answer>> {
		const { client, storedId } = this;
		const args: WireCompletionArgs = {
			...this.setup.completionArgs,
			...(withoutTools ? { tool_choice: 'none' } : {}),
		};
		const sent =
			storedId === undefined
				? await startConversation(client, this.startBody(args), sink)
				: await continueConversation(
						client,
						storedId,
						{ inputs: asInputs(inputs), ...completionArgs(args), store: true },
						sink,
					);
		// Mistral may answer under a new id; the latest one is to be continued.
		const id = sent.value.conversationId;
		this.conversationId = id;
		this.conversationIds.delete(id);
		this.conversationIds.add(id);
		return sent;
	}

	/** The stored conversation that the next request continues. */
	private get storedId(): string | undefined {
		return this.setup.store ? this.conversationId : undefined;
	}

	private startBody(args: WireCompletionArgs): StartBody {
		const { answerer, store, metadata, additionalFields } = this.setup;
		const body: StartBody = {
			inputs: asInputs(this.transcript),
			...('agentId' in answerer ? agentFields(answerer) : modelFields(answerer)),
			...completionArgs(args),
			...(metadata && store ? { metadata } : {}),
			store,
		};
		return withFields(body, additionalFields);
	}
}

function modelFields({
	model,
	instructions,
	tools,
}: Extract<AgentSetup['answerer'], { model: string }>) {
	return {
		model,
		...(instructions ? { instructions } : {}),
		...(tools.length > 0 ? { tools: [...tools] } : {}),
	};
}

function agentFields({
	agentId,
	agentVersion,
}: Extract<AgentSetup['answerer'], { agentId: string }>) {
	const version = agentVersion?.trim();
	return {
		agent_id: agentId,
		...(version ? { agent_version: /^\d+$/.test(version) ? Number(version) : version } : {}),
	};
}

/** A single question as plain text, as in Mistral's own examples; anything else as a list. */
function asInputs(inputs: readonly WireInput[]): string | WireInput[] {
	const [only] = inputs;
	const isQuestion = inputs.length === 1 && only?.type === 'message.input' && only.role === 'user';
	return isQuestion ? only.content : [...inputs];
}

function completionArgs(args: WireCompletionArgs): { completion_args?: WireCompletionArgs } {
	return Object.keys(args).length > 0 ? { completion_args: args } : {};
}

/** Set by this package alone. */
const RESERVED_FIELDS: ReadonlySet<string> = new Set(['inputs', 'messages', 'stream', 'store']);

/** The body with the user's Additional Body Fields, which override all but the reserved fields. */
export function withFields<Body extends JsonRecord>(
	body: Body,
	additional: JsonRecord | undefined,
): Body {
	if (!additional) return body;
	const allowed = Object.entries(additional).filter(([key]) => !RESERVED_FIELDS.has(key));
	const own = Object.fromEntries(allowed);
	const args = { ...asRecord(body.completion_args), ...asRecord(own.completion_args) };
	// Metadata of this package wins: it is what a session is found by.
	const metadata = { ...asRecord(own.metadata), ...asRecord(body.metadata) };
	return {
		...body,
		...own,
		...(Object.keys(args).length > 0 ? { completion_args: args } : {}),
		...(Object.keys(metadata).length > 0 ? { metadata } : {}),
	};
}
