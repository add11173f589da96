// Connected tools: described to the model as functions and run with the arguments it generates.
import type { FunctionCall, ToolUse } from '../conversations/answer';
import { asRecord, omitUndefined, parseJson, textOf } from '../../http/response/json';
import { parametersOf } from './tool-schema';
import type { WireFunctionTool } from '../wire';

/** The part of n8n's tool interface that is used here. */
export interface ConnectedTool {
	readonly name: string;
	readonly description?: string;
	/** Zod or JSON schema. */
	readonly schema?: unknown;
	invoke(input: unknown): Promise<unknown>;
}

const MAX_NAME_CHARACTERS = 64;
const MAX_ERROR_CHARACTERS = 500;

/** All tools among the connected values: single tools, lists, and toolkits such as that of the MCP client. */
export function readTools(connected: unknown): ConnectedTool[] {
	if (Array.isArray(connected)) return connected.flatMap(readTools);
	if (typeof connected !== 'object' || connected === null) return [];
	const { tools, name, invoke } = connected as Record<string, unknown>;
	if (Array.isArray(tools)) return tools.flatMap(readTools);
	return typeof name === 'string' && typeof invoke === 'function'
		? [connected as ConnectedTool]
		: [];
}

/** A function call and its result. */
export interface CalledTool {
	readonly call: FunctionCall;
	/** Sent to the model. */
	readonly result: string;
	readonly use: ToolUse;
}

export class Toolbox {
	private readonly byName = new Map<string, ConnectedTool>();

	constructor(tools: readonly ConnectedTool[]) {
		for (const tool of tools) this.byName.set(this.uniqueName(tool.name), tool);
	}

	get functions(): WireFunctionTool[] {
		return [...this.byName].map(([name, tool]) => {
			const description = textOf(tool.description)?.trim() || undefined;
			const parameters = parametersOf(tool.schema);
			return { type: 'function', function: omitUndefined({ name, description, parameters }) };
		});
	}

	/** Never throws: an error becomes the result, so that the model can react to it. */
	async run(call: FunctionCall): Promise<CalledTool> {
		const use = { name: call.name, arguments: call.arguments as unknown };
		try {
			const tool = this.byName.get(call.name);
			if (!tool) throw new Error(`there is no tool named "${call.name}"`);
			use.arguments = readArguments(call.arguments);
			const result = asText(await tool.invoke(use.arguments));
			return { call, result, use: { ...use, result } };
		} catch (thrown) {
			const message = thrown instanceof Error ? thrown.message : String(thrown);
			const result = `Error: ${message.slice(0, MAX_ERROR_CHARACTERS)}`;
			return { call, result, use: { ...use, result, failed: true } };
		}
	}

	/** A unique function name of letters, digits, `_` and `-`, as Mistral requires. */
	private uniqueName(wanted: string): string {
		const plain = wanted.replace(/[^a-zA-Z0-9_-]+/g, '_').slice(0, MAX_NAME_CHARACTERS) || 'tool';
		let name = plain;
		for (let number = 2; this.byName.has(name); number++) {
			const suffix = `_${number}`;
			name = `${plain.slice(0, MAX_NAME_CHARACTERS - suffix.length)}${suffix}`;
		}
		return name;
	}
}

function readArguments(json: string): unknown {
	if (json.trim() === '') return {};
	const value = asRecord(parseJson(json));
	if (value) return value;
	throw new Error('the arguments are not a JSON object');
}

function asText(result: unknown): string {
	return typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
}
