// One question's worth of talking over the Conversations API: several requests, one state.
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

/** Talks with a model. Each `send` adds to what was said before. */
export interface ChatSession {
	/** @throws Failure with `attempts` of all requests, and `partial` when part of the answer had come */
	send(inputs: readonly WireInput[], how?: { readonly withoutTools?: boolean }): Promise<Answer>;
	/** Connects for the first `send`, whose question is not known yet. */
	preconnect?(): void;
	/** Ids the answers came under, the latest last; none where the server keeps no conversations. */
	readonly conversationIds: ReadonlySet<string>;
	/** Requests sent so far. */
	readonly attempts: number;
	/** Answers received so far. */
	readonly answers: number;
}

/** Who answers, and how. */
export interface AgentSetup {
	readonly answerer:
		| { readonly model: string; readonly instructions: string; readonly tools: readonly WireTool[] }
		| { readonly agentId: string; readonly agentVersion?: string };
	readonly completionArgs: WireCompletionArgs;
	/** Whether Mistral keeps the conversation. */
	readonly store: boolean;
	/** Kept with a new conversation, to find it again. */
	readonly metadata?: Readonly<Record<string, string>>;
	/** Further fields for the body that starts a conversation. */
	readonly additionalFields?: JsonRecord;
}

/** Where to take up the thread. */
export interface ConversationStart {
	/** Goes on with this conversation; a new one is started when absent. */
	readonly conversationId?: string;
	/** What was said before, for a new conversation. */
	readonly history: readonly WireInput[];
}

/** What a session over any endpoint keeps: everything said, and how many requests it took. */
export abstract class CountingSession implements ChatSession {
	attempts = 0;

	answers = 0;

	/** Ids the answers came under, the latest last. */
	readonly conversationIds = new Set<string>();

	/** For a server that keeps nothing. */
	protected readonly said: WireInput[];

	protected constructor(
		protected readonly client: HttpClient,
		private readonly sink: AnswerSink,
		history: readonly WireInput[],
	) {
		this.said = [...history];
	}

	async send(
		inputs: readonly WireInput[],
		{ withoutTools = false }: { readonly withoutTools?: boolean } = {},
	): Promise<Answer> {
		this.said.push(...inputs);
		const { operation, budget } = this.client;
		const { onText } = this.sink;
		let partial = '';
		const watched = onText && {
			onText: (piece: string) => {
				partial += piece;
				onText(piece);
			},
		};
		try {
			// A tool that came back too late: its turn was given up, and nothing may be said in it any more.
			budget.check(operation);
			const sent = await this.request(inputs, withoutTools, { ...this.sink, ...watched });
			this.attempts += sent.attempts;
			this.answers += 1;
			this.said.push(...sent.value.replay);
			return sent.value;
		} catch (thrown) {
			const failure = asFailure(thrown, operation);
			this.attempts += failure.facts.attempts ?? 0;
			throw failure.with({ attempts: this.attempts, ...(partial ? { partial } : {}) });
		}
	}

	/** One request of the session; `inputs` are new since the last one. */
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
		preconnectConversation(this.client, this.continued);
	}

	protected async request(
		inputs: readonly WireInput[],
		withoutTools: boolean,
		sink: AnswerSink,
	): Promise<WithAttempts<Answer>> {
		const { client, continued } = this;
		const args: WireCompletionArgs = {
			...this.setup.completionArgs,
			...(withoutTools ? { tool_choice: 'none' } : {}),
		};
		const sent =
			continued === undefined
				? await startConversation(client, this.startBody(args), sink)
				: await continueConversation(
						client,
						continued,
						{ inputs: asInputs(inputs), ...whenAny(args), store: true },
						sink,
					);
		// Mistral may answer under a new id: the latest one is the thread.
		const id = sent.value.conversationId;
		this.conversationId = id;
		this.conversationIds.delete(id);
		this.conversationIds.add(id);
		return sent;
	}

	/** What the server keeps and the next question goes to. */
	private get continued(): string | undefined {
		return this.setup.store ? this.conversationId : undefined;
	}

	private startBody(args: WireCompletionArgs): StartBody {
		const { answerer, store, metadata, additionalFields } = this.setup;
		const body: StartBody = {
			inputs: asInputs(this.said),
			...('agentId' in answerer ? agentFields(answerer) : modelFields(answerer)),
			...whenAny(args),
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

/** A lone question travels as plain text, as in Mistral's own examples. */
function asInputs(inputs: readonly WireInput[]): string | WireInput[] {
	const [only] = inputs;
	const lone = inputs.length === 1 && only?.type === 'message.input' && only.role === 'user';
	return lone ? only.content : [...inputs];
}

function whenAny(args: WireCompletionArgs): { completion_args?: WireCompletionArgs } {
	return Object.keys(args).length > 0 ? { completion_args: args } : {};
}

const OWN_FIELDS: ReadonlySet<string> = new Set(['inputs', 'messages', 'stream', 'store']);

/** The body with a person's own fields; what this package must know itself cannot be overridden. */
export function withFields<Body extends JsonRecord>(
	body: Body,
	more: JsonRecord | undefined,
): Body {
	if (!more) return body;
	const own = Object.fromEntries(Object.entries(more).filter(([key]) => !OWN_FIELDS.has(key)));
	const args = { ...asRecord(body.completion_args), ...asRecord(own.completion_args) };
	// The session is found again by the metadata of this package.
	const metadata = { ...asRecord(own.metadata), ...asRecord(body.metadata) };
	return {
		...body,
		...own,
		...(Object.keys(args).length > 0 ? { completion_args: args } : {}),
		...(Object.keys(metadata).length > 0 ? { metadata } : {}),
	};
}
