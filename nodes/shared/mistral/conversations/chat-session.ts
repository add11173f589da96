// One question's worth of talking over the Conversations API: several requests, one state.
import { asFailure } from '../../errors/failure';
import type { Answer } from './answer';
import { timedOut } from '../../http/errors/failures';
import { nowMs } from '../../http/clock';
import type { AnswerSink, StartBody } from './conversations';
import { continueConversation, preconnectConversation, startConversation } from './conversations';
import type { JsonRecord } from '../../http/response/json';
import { asRecord } from '../../http/response/json';
import type { HttpClient } from '../../http/client';
import type { WireCompletionArgs, WireInput, WireTool } from '../wire';

/** Talks with a model. Each `send` adds to what was said before. */
export interface ChatSession {
	/** @throws Failure with `attempts` of all requests, and `partial` when part of the answer had come */
	send(inputs: readonly WireInput[], how?: { readonly withoutTools?: boolean }): Promise<Answer>;
	/** Connects for the first `send`, whose question is not known yet. */
	preconnect?(): void;
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

export class ConversationSession implements ChatSession {
	attempts = 0;

	answers = 0;

	/** Ids the answers came under, the latest last. */
	readonly conversationIds = new Set<string>();

	private conversationId: string | undefined;

	/** Everything said, for a server that keeps nothing. */
	private said: WireInput[];

	constructor(
		private readonly client: HttpClient,
		private readonly setup: AgentSetup,
		private readonly delivery: AnswerSink,
		{ conversationId, history }: ConversationStart,
	) {
		this.conversationId = conversationId;
		this.said = [...history];
	}

	preconnect(): void {
		preconnectConversation(this.client, this.continued, this.delivery);
	}

	async send(
		inputs: readonly WireInput[],
		{ withoutTools = false }: { readonly withoutTools?: boolean } = {},
	): Promise<Answer> {
		const args: WireCompletionArgs = {
			...this.setup.completionArgs,
			...(withoutTools ? { tool_choice: 'none' } : {}),
		};
		this.said.push(...inputs);
		const answer = await countAttempts(
			this,
			this.client.operation,
			this.delivery,
			async (delivery) =>
				this.continued === undefined
					? await startConversation(this.client, this.startBody(args), delivery)
					: await continueConversation(
							this.client,
							this.continued,
							{ inputs: asInputs(inputs), ...whenAny(args), store: true },
							delivery,
						),
		);
		this.said.push(...answer.replay);
		// Mistral may answer under a new id: the latest one is the thread.
		this.conversationId = answer.conversationId;
		this.conversationIds.delete(answer.conversationId);
		this.conversationIds.add(answer.conversationId);
		return answer;
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

/** Keeps a dialogue's count, and tells a failure how far things had come. */
export async function countAttempts(
	dialogue: { attempts: number; answers: number },
	operation: string,
	delivery: AnswerSink,
	send: (delivery: AnswerSink) => Promise<{ value: Answer; attempts: number }>,
): Promise<Answer> {
	const { onText, deadline } = delivery;
	// A tool that came back too late: its turn was given up, and nothing may be said in it any more.
	if (nowMs() >= deadline) throw timedOut(operation).with({ attempts: dialogue.attempts });
	let partial = '';
	const watched = onText && {
		onText: (piece: string) => {
			partial += piece;
			onText(piece);
		},
	};
	try {
		const { value, attempts } = await send({ ...delivery, ...watched });
		dialogue.attempts += attempts;
		dialogue.answers += 1;
		return value;
	} catch (thrown) {
		const failure = asFailure(thrown, operation);
		dialogue.attempts += failure.facts.attempts ?? 0;
		throw failure.with({ attempts: dialogue.attempts, ...(partial ? { partial } : {}) });
	}
}
