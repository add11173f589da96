// What n8n around this node offers: a link to the file, and whether an AI agent is the one who asks.
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

const LINK_LASTS = '1 day';

export function isAgentTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}

/** A link to the stored file, or undefined where n8n cannot make one (files kept in memory, n8n before 1.95). */
export function linkTo(context: IExecuteFunctions, binary: IBinaryData): string | undefined {
	if (!binary.id) return undefined;
	try {
		return context.helpers.createBinarySignedUrl?.(binary, LINK_LASTS);
	} catch {
		return undefined;
	}
}
