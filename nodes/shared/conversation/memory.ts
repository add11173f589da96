// What was said before a question, and what is kept after it.
import type { IExecuteFunctions } from 'n8n-workflow';
import type { ConversationStart, AgentSetup } from '../mistral/conversations/chat-session';
import { findSession, fingerprint, sessionMetadata } from '../mistral/conversations/session-lookup';
import { readHistory } from '../mistral/conversations/conversations';
import type { WireInput } from '../mistral/wire';
import { asFailure, Failure } from '../errors/failure';
import { addHint } from '../execution/output-hints';
import type { ItemRun } from '../execution/operation';
import { type ConnectedMemory, remembered } from './connected-nodes';
import type { Spoken } from './thread';

export interface Memory {
	/** Kept at Mistral with a new conversation. */
	readonly metadata?: Readonly<Record<string, string>>;
	recall(): Promise<ConversationStart>;
	/** Another way to begin, when the first one failed before anything was answered; undefined when there is none. */
	recover(failure: Failure, opening: ConversationStart): Promise<ConversationStart | undefined>;
	/** Absent where Mistral has kept the turn already. */
	keep?(prompt: string, text: string, spoken: Spoken): Promise<void>;
}

const NOTHING: ConversationStart = { history: [] };

/** As much of an older conversation as is told again when a new one takes its place. */
const MAX_CARRIED_MESSAGES = 60;

export const noMemory: Memory = {
	recall: async () => NOTHING,
	recover: async () => undefined,
};

export function connectedNodeMemory(
	{ context, itemIndex }: ItemRun,
	memory: ConnectedMemory,
): Memory {
	return {
		...noMemory,
		recall: async () => ({ history: await remembered(memory) }),
		keep: async (prompt, text) => {
			try {
				await memory.saveContext({ input: prompt }, { output: text });
			} catch (thrown) {
				const why = thrown instanceof Error ? thrown.message : String(thrown);
				addHint(
					context,
					`The connected memory could not keep the turn of item ${itemIndex}: ${why}`,
				);
			}
		},
	};
}

/** Goes on with a conversation named by its id. */
export class ConversationMemory implements Memory {
	constructor(
		protected readonly run: ItemRun,
		private readonly conversationId?: string,
	) {}

	async recall(): Promise<ConversationStart> {
		return this.conversationId ? { ...NOTHING, conversationId: this.conversationId } : NOTHING;
	}

	/**
	 * A conversation that is gone starts anew. One with an open call (an execution was stopped while
	 * a tool ran) takes no more questions: a new one takes its place and is told what was said.
	 */
	async recover(
		{ facts }: Failure,
		{ conversationId }: ConversationStart,
	): Promise<ConversationStart | undefined> {
		const { context, itemIndex } = this.run;
		if (conversationId === undefined) return undefined;
		if (facts.status === 404) {
			addHint(
				context,
				`The conversation of item ${itemIndex} no longer exists at Mistral; a new one was started without its memory.`,
			);
			return NOTHING;
		}
		if (facts.status !== 400 && facts.status !== 422) return undefined;
		// Where the history cannot be read either, the first failure says more.
		const history = await this.history(conversationId).catch(() => undefined);
		if (!history || history.openCalls.length === 0) return undefined;
		addHint(
			context,
			`The conversation of item ${itemIndex} was interrupted during a tool call; a new one was started that knows what was said.`,
		);
		return { history: carried(history.messages) };
	}

	protected async history(conversationId: string) {
		return await readHistory(this.run.client, conversationId);
	}
}

/** The latest conversation of each session, as long as the execution runs: no need to look it up again. */
const latestOfExecution = new WeakMap<
	IExecuteFunctions,
	Map<string, { id: string; setup: string }>
>();

/**
 * Goes on with the latest conversation of a session. Where the node was changed since, or the day is
 * another, a new conversation begins with what was said in the old one, since Mistral fixes model,
 * instructions and tools at the start of a conversation.
 */
export class SessionMemory extends ConversationMemory {
	private readonly setup: string;

	private isNew = false;

	constructor(
		run: ItemRun,
		private readonly session: string,
		setup: AgentSetup,
	) {
		super(run);
		this.setup = fingerprint(setup);
	}

	get metadata(): Readonly<Record<string, string>> {
		return sessionMetadata(this.session, this.setup);
	}

	override async recall(): Promise<ConversationStart> {
		const latest = this.known.get(this.session) ?? (await this.find())[0];
		this.isNew = latest === undefined;
		if (!latest) return NOTHING;
		if (latest.setup === this.setup) return { ...NOTHING, conversationId: latest.id };
		return { history: await this.carryOver(latest.id) };
	}

	async keep(...[, , { conversationIds }]: [string, string, Spoken]): Promise<void> {
		const id = [...conversationIds].at(-1);
		if (id) this.known.set(this.session, { id, setup: this.setup });
		if (this.isNew) await this.tellFork(conversationIds);
	}

	/** Two workers may each have begun the session, or a start was sent again: that must not go unseen. */
	private async tellFork(mine: ReadonlySet<string>): Promise<void> {
		const all = await this.find().catch(() => []);
		if (all.every(({ id }) => mine.has(id))) return;
		addHint(
			this.run.context,
			`The session of item ${this.run.itemIndex} began twice at the same moment; later questions go on with the newer conversation only.`,
		);
	}

	private get known() {
		const { context } = this.run;
		const known =
			latestOfExecution.get(context) ?? new Map<string, { id: string; setup: string }>();
		latestOfExecution.set(context, known);
		return known;
	}

	private async find() {
		return await findSession(this.run.client, this.session);
	}

	private async carryOver(conversationId: string): Promise<readonly WireInput[]> {
		try {
			return carried((await this.history(conversationId)).messages);
		} catch (thrown) {
			if (thrown instanceof Failure && thrown.facts.status === 404) return [];
			throw asFailure(thrown, this.run.client.operation);
		}
	}
}

function carried(messages: readonly { role: 'user' | 'assistant'; text: string }[]): WireInput[] {
	return messages
		.slice(-MAX_CARRIED_MESSAGES)
		.map(({ role, text }) => ({ type: 'message.input', role, content: text }));
}
