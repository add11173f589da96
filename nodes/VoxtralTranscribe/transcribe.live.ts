// Text that reaches a chat or a streaming webhook while it is being understood.
import type { ItemRun } from '../shared/execution/operation';
import { isStreaming, TriggerStream } from '../shared/execution/trigger-stream';

export interface LiveText {
	readonly onText: (text: string) => void;
	/** Closes the message, however the transcription ended. */
	readonly end: () => Promise<void>;
}

/** Undefined when nobody listens: the trigger does not stream, or n8n is older than streaming. */
export function liveText({ context, itemIndex }: ItemRun, wanted: boolean): LiveText | undefined {
	if (!wanted || !isStreaming(context)) return undefined;
	const stream = new TriggerStream(context, itemIndex);
	return { onText: (text) => stream.send(text), end: async () => await stream.end() };
}
