// The memory of a conversation: the history recalled before a question, and what is stored after the answer.
import type { IExecuteFunctions } from 'n8n-workflow';
import type {
	AgentSetup,
	ChatSession,
	ConversationStart,
} from '../mistral/conversations/chat-session';
import { findSession, fingerprint, sessionMetadata } from '../mistral/conversations/session-lookup';
import { readHistory } from '../mistral/conversations/conversations';
import type { WireInput } from '../mistral/wire';
import { asFailure, Failure } from '../errors/failure';
import { addHint } from '../execution/output-hints';
import type { ItemRun } from '../execution/operation';
import { type ConnectedMemory, readMemory } from './connected-nodes';

export interface Memory {
	/** Stored at Mistral with a new conversation. */
	readonly metadata?: Readonly<Record<string, string>>;
	recall(): Promise<ConversationStart>;
	/** Another start for a conversation that failed before its first answer; undefined when there is none. */
	recover(failure: Failure, start: ConversationStart): Promise<ConversationStart | undefined>;
	/** Stores the turn; absent where Mistral has stored it already. */
	keep?(prompt: string, text: string, session: ChatSession): Promise<void>;
}

const NOTHING: ConversationStart = { history: [] };

/** Messages copied from an earlier conversation into the one that replaces it. */
const MAX_COPIED_MESSAGES = 60;

export const noMemory: Memory = {
	recall: async () => NOTHING,
	recover: async () => undefined,
};

/** The memory node connected on the canvas. */
export function connectedNodeMemory(
	{ context, itemIndex }: ItemRun,
	memory: ConnectedMemory,
): Memory {
	return {
		...noMemory,
		recall: async () => ({ history: await readMemory(memory) }),
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

/** Continues a conversation given by its id. */
export class ConversationMemory implements Memory {
	constructor(
		protected readonly run: ItemRun,
		private readonly conversationId?: string,
	) {}

	async recall(): Promise<ConversationStart> {
		return this.conversationId ? { ...NOTHING, conversationId: this.conversationId } : NOTHING;
	}

	/**
	 * A conversation that no longer exists is replaced by an empty one. One with an open function call (an
	 * execution was stopped while a tool ran) accepts no questions: a new one gets a copy of its messages.
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
		// When the history cannot be read either, the original failure is more helpful.
		const history = await this.history(conversationId).catch(() => undefined);
		if (!history || history.openCalls.length === 0) return undefined;
		addHint(
			context,
			`The conversation of item ${itemIndex} was interrupted during a tool call; a new one was started that knows what was said.`,
		);
		return { history: copied(history.messages) };
	}

	protected async history(conversationId: string) {
		return await readHistory(this.run.client, conversationId);
	}
}

/** The latest conversation of each session, cached per execution to save the lookup. */
const latestOfExecution = new WeakMap<
	IExecuteFunctions,
	Map<string, { id: string; setup: string }>
>();

/**
 * Continues the latest conversation of a session. When the settings of the node or the date have changed,
 * a new conversation starts with a copy of its messages, since Mistral fixes model, instructions and tools
 * at the start of a conversation.
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
		return { history: await this.copyHistory(latest.id) };
	}

	async keep(_prompt: string, _text: string, { conversationIds }: ChatSession): Promise<void> {
		const id = [...conversationIds].at(-1);
		if (id) this.known.set(this.session, { id, setup: this.setup });
		if (this.isNew) await this.warnOfFork(conversationIds);
	}

	/** Warns when the session has a second conversation, started by another worker or by a retry. */
	private async warnOfFork(own: ReadonlySet<string>): Promise<void> {
		const all = await this.find().catch(() => []);
		if (all.every(({ id }) => own.has(id))) return;
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

	private async copyHistory(conversationId: string): Promise<readonly WireInput[]> {
		try {
			return copied((await this.history(conversationId)).messages);
		} catch (thrown) {
			if (thrown instanceof Failure && thrown.facts.status === 404) return [];
			throw asFailure(thrown, this.run.client.operation);
		}
	}
}

function copied(messages: readonly { role: 'user' | 'assistant'; text: string }[]): WireInput[] {
	return messages
		.slice(-MAX_COPIED_MESSAGES)
		.map(({ role, text }) => ({ type: 'message.input', role, content: text }));
}
