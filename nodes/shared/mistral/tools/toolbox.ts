// Tools that the caller runs: offered to the model as functions, called with what the model asks for.
import type { FunctionCall, ToolUse } from '../conversations/answer';
import { asRecord, textOf } from '../../http/response/json';
import { parametersOf } from './tool-schema';
import type { WireFunctionTool } from '../wire';

/** What a connected tool has to have; more than that is its own business. */
export interface ConnectedTool {
	readonly name: string;
	readonly description?: string;
	/** Zod or JSON schema. */
	readonly schema?: unknown;
	invoke(input: unknown): Promise<unknown>;
}

const MAX_NAME_CHARACTERS = 64;
const MAX_ERROR_CHARACTERS = 500;

/** The tools among whatever is connected: single tools, lists, and toolkits such as an MCP client's. */
export function readTools(connected: unknown): ConnectedTool[] {
	if (Array.isArray(connected)) return connected.flatMap(readTools);
	if (typeof connected !== 'object' || connected === null) return [];
	const { tools, name, invoke } = connected as Record<string, unknown>;
	if (Array.isArray(tools)) return tools.flatMap(readTools);
	return typeof name === 'string' && typeof invoke === 'function'
		? [connected as ConnectedTool]
		: [];
}

/** A call together with what came of it. */
export interface CalledTool {
	readonly call: FunctionCall;
	/** What the model is told. */
	readonly result: string;
	readonly use: ToolUse;
}

export class Toolbox {
	private readonly byName = new Map<string, ConnectedTool>();

	constructor(tools: readonly ConnectedTool[]) {
		for (const tool of tools) this.byName.set(this.freeName(tool.name), tool);
	}

	get functions(): WireFunctionTool[] {
		return [...this.byName].map(([name, tool]) => {
			const description = textOf(tool.description)?.trim();
			return {
				type: 'function',
				function: {
					name,
					...(description ? { description } : {}),
					parameters: parametersOf(tool.schema),
				},
			};
		});
	}

	/** Never throws: whatever goes wrong is told to the model, which may try another way. */
	async run(call: FunctionCall): Promise<CalledTool> {
		const used = { name: call.name, arguments: call.arguments as unknown };
		try {
			const tool = this.byName.get(call.name);
			if (!tool) throw new Error(`there is no tool named "${call.name}"`);
			used.arguments = readArguments(call.arguments);
			const result = asText(await tool.invoke(used.arguments));
			return { call, result, use: { ...used, result } };
		} catch (thrown) {
			const message = thrown instanceof Error ? thrown.message : String(thrown);
			const result = `Error: ${message.slice(0, MAX_ERROR_CHARACTERS)}`;
			return { call, result, use: { ...used, result, failed: true } };
		}
	}

	/** Functions are named by letters, digits, `_` and `-`, and no two alike. */
	private freeName(wanted: string): string {
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
	try {
		const value = JSON.parse(json) as unknown;
		if (asRecord(value)) return value;
	} catch {
		// Told below, in words the model can act on.
	}
	throw new Error('the arguments are not a JSON object');
}

function asText(result: unknown): string {
	return typeof result === 'string' ? result : (JSON.stringify(result) ?? '');
}
