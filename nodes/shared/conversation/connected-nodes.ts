// Tools and memory connected to the node on n8n's canvas, used without depending on LangChain.
import {
	type AINodeConnectionType,
	type IExecuteFunctions,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { messageText } from '../mistral/conversations/answer';
import { asRecord } from '../http/response/json';
import { type ConnectedTool, readTools } from '../mistral/tools/toolbox';
import type { WireInput } from '../mistral/wire';
import { Failure } from '../errors/failure';

/** The interface of n8n's memory nodes: Simple, Postgres, Redis and others. */
export interface ConnectedMemory {
	loadMemoryVariables(values: object): Promise<unknown>;
	saveContext(input: { input: string }, output: { output: string }): Promise<unknown>;
}

/** @throws Failure for a tool with human review */
export async function connectedTools(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<ConnectedTool[]> {
	const tools = readTools(await connected(context, NodeConnectionTypes.AiTool, itemIndex));
	if (tools.some(hasHumanReview)) {
		throw new Failure({
			stage: 'ask.tool-needs-person',
			message: 'A tool that waits for a person to agree is connected to the node',
			hint: 'Human review works with the AI Agent of n8n only. Connect the tool itself, without the review step between.',
		});
	}
	return tools;
}

/** n8n replaces a tool with human review by a proxy tool that returns nothing when it is called. */
function hasHumanReview(tool: ConnectedTool): boolean {
	return (
		asRecord((tool as unknown as Record<string, unknown>).metadata)?.gatedToolNodeName !== undefined
	);
}

export async function connectedMemory(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<ConnectedMemory | undefined> {
	const memory = await connected(context, NodeConnectionTypes.AiMemory, itemIndex);
	return isMemory(memory) ? memory : undefined;
}

function isMemory(value: unknown): value is ConnectedMemory {
	const { loadMemoryVariables, saveContext } = (value ?? {}) as Record<string, unknown>;
	return typeof loadMemoryVariables === 'function' && typeof saveContext === 'function';
}

async function connected(
	context: IExecuteFunctions,
	type: AINodeConnectionType,
	itemIndex: number,
): Promise<unknown> {
	// n8n throws for an input the node does not have, as when it is used as a tool.
	return isConnected(context, type)
		? await context.getInputConnectionData(type, itemIndex)
		: undefined;
}

function isConnected(context: IExecuteFunctions, connectionType: AINodeConnectionType): boolean {
	const below = context.getParentNodes(context.getNode().name, { connectionType, depth: 1 });
	return below.some(({ disabled }) => disabled !== true);
}

/** Whether a memory is connected; does not load it. */
export function hasConnectedMemory(context: IExecuteFunctions): boolean {
	return isConnected(context, NodeConnectionTypes.AiMemory);
}

/** The messages of user and assistant in a memory, oldest first. */
export async function readMemory(memory: ConnectedMemory): Promise<WireInput[]> {
	const variables = asRecord(await memory.loadMemoryVariables({})) ?? {};
	const messages = Object.values(variables).find(Array.isArray) ?? [];
	return messages.flatMap((message: unknown): WireInput[] => {
		const role = roleOf(message);
		const content = messageText((message as { content?: unknown } | null)?.content);
		return role && content ? [{ type: 'message.input', role, content }] : [];
	});
}

interface MaybeMessage {
	getType?: () => unknown;
	_getType?: () => unknown;
	type?: unknown;
}

function roleOf(message: unknown): 'user' | 'assistant' | undefined {
	if (typeof message !== 'object' || message === null) return undefined;
	const known = message as MaybeMessage;
	const type = known.getType?.() ?? known._getType?.() ?? known.type;
	if (type === 'human') return 'user';
	return type === 'ai' ? 'assistant' : undefined;
}
