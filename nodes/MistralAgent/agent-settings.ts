// Reads what makes an agent: its model and its tools, or which saved one is meant.
import type { WireTool } from '../shared/mistral/wire';
import { Failure } from '../shared/errors/failure';
import type { ItemRun } from '../shared/execution/operation';

/** Stored value to wire name. */
const SIMPLE_TOOLS = {
	codeInterpreter: 'code_interpreter',
	imageGeneration: 'image_generation',
	webSearch: 'web_search',
	webSearchPremium: 'web_search_premium',
} as const;

export function chosenModel({ context, itemIndex }: ItemRun): string {
	const model = context.getNodeParameter('model', itemIndex, '', { extractValue: true });
	return String(model ?? '').trim();
}

export function chosenAgent({ context, itemIndex, client }: ItemRun): string {
	const id = context.getNodeParameter('agent', itemIndex, '', { extractValue: true });
	if (String(id ?? '').trim() !== '') return String(id).trim();
	throw new Failure({
		stage: `${client.operation}.no-agent`,
		message: 'No Agent is chosen',
		hint: 'Pick a saved agent in the Agent field. If the list is empty, there is none in your Mistral account yet.',
	});
}

/** Premium search contains the standard one; asking for both would only confuse the model. */
export function builtInTools(run: ItemRun): WireTool[] {
	const { context, itemIndex } = run;
	const chosen = context.getNodeParameter('builtInTools', itemIndex, []) as string[];
	const premium = chosen.includes('webSearchPremium');
	return chosen.flatMap((value): WireTool[] => {
		if (value === 'documentLibrary') return [library(run)];
		const type = SIMPLE_TOOLS[value as keyof typeof SIMPLE_TOOLS];
		return type && !(premium && type === 'web_search') ? [{ type }] : [];
	});
}

function library({ context, itemIndex, client }: ItemRun): WireTool {
	const ids = String(context.getNodeParameter('libraryIds', itemIndex, '') ?? '')
		.split(/[\s,;]+/)
		.filter((id) => id !== '');
	if (ids.length === 0) {
		throw new Failure({
			stage: `${client.operation}.no-library`,
			message: 'Library IDs is empty',
			hint: 'Put the ID of a document library into Library IDs, or take Document Library out of Built-in Tools.',
		});
	}
	return { type: 'document_library', library_ids: ids };
}
