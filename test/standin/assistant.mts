// The answers of the model: from a script, or by default a text that says it is a stand-in
// and repeats the current and the previous question.
import { isObject, type JsonObject } from './checks.mts';
import { newId, now } from './ids.mts';
import { languageOf } from './language.mts';
import type { Quirks } from './quirks.mts';

/** An entry of a conversation, as the API stores and returns it. */
export type Entry = JsonObject & { object: 'entry'; type: string; id: string };

export interface ScriptedTurn {
	endpoint: 'conversations' | 'chat';
	/** The request body as received. */
	request: JsonObject;
	/** The text of the last user message; empty when only results were sent. */
	question: string;
	/** The whole history and the inputs of this request, oldest first. */
	history: JsonObject[];
	/** Names of the available tools: `web_search`, the names of functions, … */
	tools: string[];
	stream: boolean;
}

/** `type` and the relevant fields of the entry; ids, times, role and model are filled in. */
export type ScriptedOutput = { type: string } & Record<string, unknown>;

/** A string is one text message; undefined gives the default answer. */
export type AnswerScript = (
	turn: ScriptedTurn,
) => string | ScriptedOutput[] | undefined | Promise<string | ScriptedOutput[] | undefined>;

export interface Usage {
	prompt_tokens: number;
	completion_tokens: number;
	total_tokens: number;
	connector_tokens: number | null;
	connectors: Record<string, number> | null;
}

/** Text of a message whose content is a string or a list of chunks. */
export function contentText(content: unknown): string {
	if (typeof content === 'string') return content;
	if (!Array.isArray(content)) return '';
	return content
		.map((chunk: unknown) =>
			isObject(chunk) && typeof chunk['text'] === 'string' ? chunk['text'] : '',
		)
		.join('');
}

export function userQuestions(history: JsonObject[]): string[] {
	return history
		.filter((entry) => entry['role'] === 'user')
		.map((entry) => contentText(entry['content']));
}

export async function outputsFor(
	turn: ScriptedTurn,
	script: AnswerScript | undefined,
	quirks: Quirks,
): Promise<ScriptedOutput[]> {
	const scripted = await script?.(turn);
	if (typeof scripted === 'string') return [{ type: 'message.output', content: scripted }];
	return scripted ?? defaultOutputs(turn, quirks);
}

export function completeEntry(
	output: ScriptedOutput,
	model: string,
	agentId: string | null,
): Entry {
	const at = now();
	const base = { object: 'entry' as const, created_at: at, completed_at: at };
	const maker = { model, ...(agentId === null ? {} : { agent_id: agentId }) };
	switch (output.type) {
		case 'message.output':
			return { ...base, id: newId('msg'), role: 'assistant', ...maker, ...output };
		case 'tool.execution':
			return { ...base, id: newId('tool_exec'), arguments: '{}', info: {}, ...maker, ...output };
		case 'function.call':
			return { ...base, id: newId('fc'), tool_call_id: newId('call'), arguments: '{}', ...output };
		default:
			return { ...base, id: newId('entry'), ...output };
	}
}

export function usageOf(prompt: string, outputs: JsonObject[]): Usage {
	const searches = outputs.filter(({ type }) => type === 'tool.execution');
	const prompt_tokens = Math.max(1, Math.ceil(prompt.length / 4));
	const written = outputs.map(({ type, content, arguments: args }) =>
		type === 'function.call' ? JSON.stringify(args) : contentText(content),
	);
	const completion_tokens = Math.ceil(written.join('').length / 4);
	const connectors: Record<string, number> = {};
	for (const { name } of searches) connectors[String(name)] = (connectors[String(name)] ?? 0) + 1;
	const connector_tokens = searches.length * 3556;
	return {
		prompt_tokens,
		completion_tokens,
		total_tokens: prompt_tokens + completion_tokens + connector_tokens,
		connector_tokens: searches.length > 0 ? connector_tokens : null,
		connectors: searches.length > 0 ? connectors : null,
	};
}

interface Phrases {
	intro: string;
	asked: (question: string) => string;
	before: (question: string) => string;
	nothing: string;
	/** Three parts of the text: up to the citation of the first page, up to the citation of the second, the rest. */
	search: [string, string, string];
}

const phrases: Record<string, Phrases> & { en: Phrases } = {
	en: {
		intro: 'This is the **stand-in** speaking, not Mistral.',
		asked: (question) => `You asked: “${question}”`,
		before: (question) => `Before that you asked: “${question}”`,
		nothing: 'I heard nothing.',
		search: ['Instead of a web search there are two made-up pages, this one', ' and that one', '.'],
	},
	fr: {
		intro: 'Ici la **doublure**, et non Mistral (stand-in).',
		asked: (question) => `Vous avez demandé : « ${question} »`,
		before: (question) => `Avant cela, vous aviez demandé : « ${question} »`,
		nothing: 'Je n’ai rien entendu.',
		search: [
			'À la place d’une recherche, voici deux pages inventées, celle-ci',
			' et celle-là',
			'.',
		],
	},
	de: {
		intro: 'Hier spricht der **Ersatz** (Stand-in), nicht Mistral.',
		asked: (question) => `Sie haben gefragt: „${question}“`,
		before: (question) => `Davor haben Sie gefragt: „${question}“`,
		nothing: 'Ich habe nichts gehört.',
		search: ['Statt einer Websuche gibt es zwei erfundene Seiten, diese', ' und jene', '.'],
	},
	es: {
		intro: 'Habla el **sustituto** (stand-in), no Mistral.',
		asked: (question) => `Usted preguntó: «${question}»`,
		before: (question) => `Antes de eso preguntó: «${question}»`,
		nothing: 'No he oído nada.',
		search: ['En lugar de una búsqueda hay dos páginas inventadas, esta', ' y aquella', '.'],
	},
};

const quoted = (question: string) => {
	const line = question.replace(/\s+/g, ' ').trim();
	return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};

function defaultOutputs(turn: ScriptedTurn, quirks: Quirks): ScriptedOutput[] {
	const last = turn.history.at(-1);
	const result = last?.['type'] === 'function.result' || last?.['role'] === 'tool';
	if (quirks.functionCall && !result) {
		const { name, arguments: args } = quirks.functionCall;
		const text = typeof args === 'string' ? args : JSON.stringify(args);
		return [{ type: 'function.call', name, arguments: text }];
	}
	const questions = userQuestions(turn.history);
	const question = quoted(turn.question || (questions.at(-1) ?? ''));
	const earlier = questions.length > 1 ? quoted(questions.at(-2) ?? '') : '';
	const say = phrases[languageOf(question)] ?? phrases['en'];
	const parts = [say.intro, question === '' ? say.nothing : say.asked(question)];
	if (earlier !== '') parts.push(say.before(earlier));
	if (result) parts.push(String(last?.['result'] ?? contentText(last?.['content'])));
	const text = parts.join(' ');
	const tool = turn.tools.find((name) => name.startsWith('web_search'));
	const searches = tool !== undefined && question !== '' ? quirks.webSearches : 0;
	if (tool === undefined || searches === 0) return [message([{ type: 'text', text }], quirks)];
	return [
		...Array.from({ length: searches }, (_, index) => search(tool, question, index)),
		message(
			[
				{ type: 'text', text: `${text} ${say.search[0]}` },
				page(tool, 1),
				{ type: 'text', text: say.search[1] },
				page(tool, 2),
				{ type: 'text', text: say.search[2] },
			],
			quirks,
		),
	];
}

function search(tool: string, question: string, index: number): ScriptedOutput {
	const query = index === 0 ? question : `${question} ${index + 1}`;
	return {
		type: 'tool.execution',
		name: tool,
		function: index === 0 ? tool : 'web_fetch',
		arguments: JSON.stringify({ query }),
		info: { result: JSON.stringify([page(tool, 1), page(tool, 2)]) },
	};
}

function page(tool: string, number: 1 | 2) {
	const host = number === 1 ? 'example.com' : 'example.org';
	return {
		type: 'tool_reference',
		tool,
		title: `Made-up page ${number}`,
		url: `https://${host}/stand-in/page-${number}`,
		favicon: `https://${host}/favicon.ico`,
		description: 'A page that was never searched for',
	};
}

function message(chunks: JsonObject[], { answerContent }: Quirks): ScriptedOutput {
	const citing = chunks.some(({ type }) => type === 'tool_reference');
	const asText = answerContent === 'text' || (answerContent === 'auto' && !citing);
	return { type: 'message.output', content: asText ? contentText(chunks) : chunks };
}
