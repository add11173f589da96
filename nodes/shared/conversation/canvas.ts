// What is connected below the node on the canvas: n8n's tools and memories, met without their libraries.
import type { AINodeConnectionType, IExecuteFunctions } from 'n8n-workflow';
import { NodeConnectionTypes } from 'n8n-workflow';
import { messageText } from '../mistral/answer';
import { asRecord } from '../mistral/shape';
import type { ConnectedTool } from '../mistral/tools';
import { readTools } from '../mistral/tools';
import type { WireInput } from '../mistral/wire';
import { Failure } from '../run/failure';

/** n8n's memories: Simple, Postgres, Redis and the like. */
export interface CanvasMemory {
	loadMemoryVariables(values: object): Promise<unknown>;
	saveContext(input: { input: string }, output: { output: string }): Promise<unknown>;
}

export async function connectedTools(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<ConnectedTool[]> {
	const tools = readTools(await connected(context, NodeConnectionTypes.AiTool, itemIndex));
	if (tools.some(needsPerson)) {
		throw new Failure({
			stage: 'ask.tool-needs-person',
			message: 'A tool that waits for a person to agree is connected to the node',
			hint: 'Human review works with the AI Agent of n8n only. Connect the tool itself, without the review step between.',
		});
	}
	return tools;
}

/** n8n puts a review step before a tool by a stand-in that returns nothing when it is called. */
function needsPerson(tool: ConnectedTool): boolean {
	return (
		asRecord((tool as unknown as Record<string, unknown>).metadata)?.gatedToolNodeName !== undefined
	);
}

export async function connectedMemory(
	context: IExecuteFunctions,
	itemIndex: number,
): Promise<CanvasMemory | undefined> {
	const memory = await connected(context, NodeConnectionTypes.AiMemory, itemIndex);
	return isMemory(memory) ? memory : undefined;
}

function isMemory(value: unknown): value is CanvasMemory {
	const { loadMemoryVariables, saveContext } = (value ?? {}) as Record<string, unknown>;
	return typeof loadMemoryVariables === 'function' && typeof saveContext === 'function';
}

/** Nothing where the node has no such input, as in its form as a tool. */
async function connected(
	context: IExecuteFunctions,
	type: AINodeConnectionType,
	itemIndex: number,
): Promise<unknown> {
	const inputs = context.getNodeInputs?.();
	if (inputs && !inputs.some((input) => input.type === type)) return undefined;
	return await context.getInputConnectionData(type, itemIndex);
}

/** Whether a memory is connected, told without loading it. */
export function hasCanvasMemory(context: IExecuteFunctions): boolean {
	const { name } = context.getNode();
	const options = { connectionType: NodeConnectionTypes.AiMemory, depth: 1 };
	return context.getParentNodes(name, options).some(({ disabled }) => disabled !== true);
}

/** What a memory holds, oldest first. Messages of other kinds than the two speakers' are left out. */
export async function remembered(memory: CanvasMemory): Promise<WireInput[]> {
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
