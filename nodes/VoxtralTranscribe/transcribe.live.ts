// Text that reaches a chat or a streaming webhook while it is being understood.
import type { ItemRun } from '../shared/run/operation';

export interface LiveText {
	readonly onText: (text: string) => void;
	/** Closes the message, however the transcription ended. */
	readonly end: () => void;
}

/** Undefined when nobody listens: the trigger does not stream, or n8n is older than streaming. */
export function liveText({ context, itemIndex }: ItemRun, wanted: boolean): LiveText | undefined {
	if (!wanted || !context.isStreaming?.()) return undefined;
	let begun = false;
	return {
		onText: (text) => {
			if (!begun) context.sendChunk('begin', itemIndex);
			begun = true;
			context.sendChunk('item', itemIndex, text);
		},
		end: () => {
			if (begun) context.sendChunk('end', itemIndex);
		},
	};
}
