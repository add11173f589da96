// Output fields of Ask from a finished turn. Pure.
import type { IDataObject } from 'n8n-workflow';
import { asRecord, parseJson, textOf } from '../shared/http/response/json';
import type { ToolLoopResult } from '../shared/mistral/tools/tool-loop';
import { toSpeakable } from '../shared/text/speakable';

export interface AskShape {
	/** As requested, for a reply that does not name its model. */
	readonly model: string;
	/** Whether Mistral stores the conversation, so that it can be continued. */
	readonly stored: boolean;
	/** Whether the text ends with {@link sourceList}. */
	readonly listSources?: boolean;
	/** Fields of a structured answer, see {@link parseStructured}. */
	readonly structured?: IDataObject;
}

/** `output`: the answer as generated, or its JSON fields. `speech`: the answer without markup, for text to speech. */
export function askOutput(
	turn: ToolLoopResult,
	{ model, stored, structured, listSources }: AskShape,
): IDataObject {
	return {
		output: structured ?? turn.text + (listSources ? sourceList(turn) : ''),
		speech: toSpeakable(structured ? spokenField(structured) : turn.text),
		sources: turn.sources.map((source) => ({ ...source })),
		toolCalls: turn.toolUses.map((use) => ({ ...use }) as IDataObject),
		...(turn.files.length > 0 ? { files: turn.files.map((file) => ({ ...file })) } : {}),
		conversationId: stored ? turn.conversationId : '',
		model: turn.model ?? model,
		usage: (turn.usage ?? {}) as IDataObject,
		attempts: turn.attempts,
	};
}

/** The sources as a markdown list of links with a blank line before it; empty without sources. */
export function sourceList({ sources }: Pick<ToolLoopResult, 'sources'>): string {
	const lines = sources.map(({ title, url }, index) => {
		const name = title.replace(/[[\]\\]/g, '\\$&').replace(/\s+/g, ' ');
		return `${index + 1}. [${name}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)`;
	});
	return lines.length === 0 ? '' : `\n\n${lines.join('\n')}`;
}

/** The fields of a JSON answer; undefined when it is not a JSON object. */
export function parseStructured(text: string): IDataObject | undefined {
	// Some models put the JSON into a markdown code fence.
	const bare = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text)?.[1] ?? text;
	return asRecord(parseJson(bare)) as IDataObject | undefined;
}

/** The field of a JSON answer to speak: `speech`, `answer`, `output` or `text`, otherwise the first text. */
function spokenField(structured: IDataObject): string {
	const named = ['speech', 'answer', 'output', 'text'].map((name) => textOf(structured[name]));
	const first = Object.values(structured).map(textOf);
	return [...named, ...first].find((text) => text !== undefined) ?? '';
}
