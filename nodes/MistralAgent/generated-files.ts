// Puts generated files into the item's binary fields.
import type { IBinaryKeyData } from 'n8n-workflow';
import type { GeneratedFile } from '../shared/mistral/conversations/answer';
import { downloadFile } from '../shared/mistral/generated-files';
import { asFailure } from '../shared/errors/failure';
import { addHint } from '../shared/execution/output-hints';
import type { ItemRun } from '../shared/execution/operation';

/** `file_1`, `file_2`… in order. A file that cannot be fetched costs a hint, not the answer. */
export async function downloadFiles(
	{ context, itemIndex, client }: ItemRun,
	files: readonly GeneratedFile[],
): Promise<IBinaryKeyData | undefined> {
	const binary: IBinaryKeyData = {};
	for (const [index, file] of files.entries()) {
		try {
			const { bytes, fileName, mimeType } = await downloadFile(client, file);
			binary[`file_${index + 1}`] = await context.helpers.prepareBinaryData(
				bytes,
				fileName,
				mimeType,
			);
		} catch (thrown) {
			const failure = asFailure(thrown, client.operation);
			if (failure.facts.stage.endsWith('.cancelled')) throw failure;
			addHint(
				context,
				`A file made for item ${itemIndex} could not be fetched: ${failure.message}.`,
			);
		}
	}
	return Object.keys(binary).length > 0 ? binary : undefined;
}
