// Signed links to stored audio, and whether the node runs as a tool of an AI agent.
import type { IBinaryData, IExecuteFunctions } from 'n8n-workflow';

const LINK_EXPIRES_IN = '1 day';

export function isAgentTool(context: IExecuteFunctions): boolean {
	return context.isToolExecution?.() === true || context.getNode().type.endsWith('Tool');
}

/** A signed link to the stored file; undefined for files kept in memory and on n8n before 1.95. */
export function linkTo(context: IExecuteFunctions, binary: IBinaryData): string | undefined {
	if (!binary.id) return undefined;
	try {
		return context.helpers.createBinarySignedUrl?.(binary, LINK_EXPIRES_IN);
	} catch {
		return undefined;
	}
}
