// The Mistral Agent node: its description in the editor; its operations are listed in operations.ts.
import {
	type IExecuteFunctions,
	type INodeExecutionData,
	type INodeType,
	type INodeTypeDescription,
	NodeConnectionTypes,
} from 'n8n-workflow';
import { searchAgents } from '../shared/list-search/agents';
import { modelSearch } from '../shared/list-search/models';
import { chosenOperation, operationProperties } from '../shared/execution/operation';
import { runItems } from '../shared/execution/run-items';
import { operations } from './operations';

/** The operation Ask has inputs for a memory node and tool nodes; the other operations have none. */
const INPUTS = `={{ ($parameter["operation"] ?? "ask") === "ask" ? [
	{ type: "main" },
	{ type: "ai_memory", displayName: "Memory", maxConnections: 1 },
	{ type: "ai_tool", displayName: "Tools" },
] : [{ type: "main" }] }}` as const;

const SUBTITLE = `={{ ($parameter["operation"] ?? "ask") !== "ask" ? $parameter["operation"] : $parameter["whoAnswers"] === "agent" ? ($parameter["agent"]["cachedResultName"] || $parameter["agent"]["value"] || "agent") : ($parameter["model"]["value"] || $parameter["model"]) }}`;

export class MistralAgent implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Mistral Agent',
		name: 'mistralAgent',
		icon: { light: 'file:../../icons/agent.svg', dark: 'file:../../icons/agent.dark.svg' },
		group: ['transform'],
		version: [1],
		subtitle: SUBTITLE,
		description: 'Answer questions with Mistral and web search, with sources, fit to be spoken',
		defaults: { name: 'Mistral Agent' },
		inputs: INPUTS,
		outputs: [NodeConnectionTypes.Main],
		usableAsTool: true,
		credentials: [{ name: 'mistralVoiceApi', required: true }],
		properties: [...operationProperties(operations)],
	};

	methods = {
		listSearch: { searchAgents, searchChatModels: modelSearch('completion_chat') },
	};

	async execute(this: IExecuteFunctions): Promise<INodeExecutionData[][]> {
		return [await runItems(this, chosenOperation(this, operations))];
	}
}
