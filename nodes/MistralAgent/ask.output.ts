// From the finished turn to the item's fields. Pure.
import type { IDataObject } from 'n8n-workflow';
import { asRecord, textOf } from '../shared/http/response/json';
import type { ToolLoopResult } from '../shared/mistral/tools/tool-loop';
import { toSpeakable } from '../shared/text/speakable';

export interface AskShape {
	/** As asked for, where the reply does not name it. */
	readonly model: string;
	/** Whether the conversation was kept and can be continued. */
	readonly stored: boolean;
	/** Whether the text ends with {@link sourceList}. */
	readonly listSources?: boolean;
	/** Fields of a structured answer, see {@link parseStructured}. */
	readonly structured?: IDataObject;
}

/** `output` as written (or structured), `speech` fit to be read aloud. */
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

/** The sources as a list of links in markdown, set apart from the text; empty when there are none. */
export function sourceList({ sources }: Pick<ToolLoopResult, 'sources'>): string {
	const lines = sources.map(({ title, url }, index) => {
		const name = title.replace(/[[\]\\]/g, '\\$&').replace(/\s+/g, ' ');
		return `${index + 1}. [${name}](<${url.replace(/[<>\s]/g, encodeURIComponent)}>)`;
	});
	return lines.length === 0 ? '' : `\n\n${lines.join('\n')}`;
}

/** The fields of an answer that was asked for as JSON; undefined when it is none. */
export function parseStructured(text: string): IDataObject | undefined {
	// Some models fence what they were asked to write bare.
	const bare = /^\s*```(?:json)?\s*([\s\S]*?)\s*```\s*$/.exec(text)?.[1] ?? text;
	try {
		return asRecord(JSON.parse(bare)) as IDataObject | undefined;
	} catch {
		return undefined;
	}
}

/** What of a structured answer is meant for the ear: a field of a telling name, else the first text. */
function spokenField(structured: IDataObject): string {
	const named = ['speech', 'answer', 'output', 'text'].map((name) => textOf(structured[name]));
	const first = Object.values(structured).map(textOf);
	return [...named, ...first].find((text) => text !== undefined) ?? '';
}
