// Reads the agent fields: the chosen model or saved agent, and the built-in tools.
import type { WireTool } from '../shared/mistral/wire';
import { Failure } from '../shared/errors/failure';
import type { ItemRun } from '../shared/execution/operation';
import { readLocator, readText } from '../shared/execution/parameters';

/** Parameter value to the tool type of the API. */
const SIMPLE_TOOLS = {
	codeInterpreter: 'code_interpreter',
	imageGeneration: 'image_generation',
	webSearch: 'web_search',
	webSearchPremium: 'web_search_premium',
} as const;

/** The id of the saved agent. @throws Failure when none is chosen */
export function readAgentId(run: ItemRun): string {
	const id = readLocator(run, 'agent');
	if (id !== '') return id;
	throw new Failure({
		stage: `${run.client.operation}.no-agent`,
		message: 'No Agent is chosen',
		hint: 'Pick a saved agent in the Agent field. If the list is empty, there is none in your Mistral account yet.',
	});
}

/** Premium web search includes the standard one, which is then left out. @throws Failure for an empty Library IDs */
export function builtInTools(run: ItemRun): WireTool[] {
	const { context, itemIndex } = run;
	const chosen = context.getNodeParameter('builtInTools', itemIndex, []) as string[];
	const premium = chosen.includes('webSearchPremium');
	return chosen.flatMap((value): WireTool[] => {
		if (value === 'documentLibrary') return [documentLibrary(run)];
		const type = SIMPLE_TOOLS[value as keyof typeof SIMPLE_TOOLS];
		return type && !(premium && type === 'web_search') ? [{ type }] : [];
	});
}

function documentLibrary(run: ItemRun): WireTool {
	const ids = readText(run, 'libraryIds')
		.split(/[\s,;]+/)
		.filter((id) => id !== '');
	if (ids.length === 0) {
		throw new Failure({
			stage: `${run.client.operation}.no-library`,
			message: 'Library IDs is empty',
			hint: 'Put the ID of a document library into Library IDs, or take Document Library out of Built-in Tools.',
		});
	}
	return { type: 'document_library', library_ids: ids };
}
