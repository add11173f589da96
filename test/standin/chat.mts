// POST /v1/chat/completions, whole and streamed; accepts audio content, has no built-in tools.
import { createHash } from 'node:crypto';
import {
	contentText,
	outputsFor,
	usageOf,
	userQuestions,
	type ScriptedOutput,
} from './assistant.mts';
import {
	anyObject,
	demand,
	either,
	flag,
	isObject,
	list,
	number,
	oneOf,
	orNull,
	shape,
	tagged,
	text,
	type Check,
	type JsonObject,
} from './checks.mts';
import { fragments } from './conversation-stream.mts';
import {
	functionTool,
	prediction,
	reasoningEffort,
	responseFormat,
	stopWords,
} from './conversation-schemas.mts';
import { objects, toolName } from './conversations.mts';
import { invalidArguments } from './errors.mts';
import type { Answer, Exchange, Route } from './exchange.mts';
import { newId, nowSeconds } from './ids.mts';
import { tokensIn, waitUntil, writtenAfterMs } from './latency.mts';
import { modelFor } from './models.mts';
import { chatLimits } from './rate-limits.mts';
import type { ServerEvent } from './sse.mts';
import { transcribe } from './transcript.mts';

const chunk = tagged({
	text: shape({ type: text(), 'text*': text() }),
	image_url: shape({ type: text(), 'image_url*': either(text(), anyObject) }),
	document_url: shape({ type: text(), 'document_url*': text(), document_name: orNull(text()) }),
	input_audio: shape({
		type: text(),
		'input_audio*': either(text(), shape({ 'data*': text(), format: text() })),
	}),
	reference: anyObject,
	file: anyObject,
	thinking: anyObject,
});
const content = orNull(either(text(), list(chunk)));

const roles: Record<string, Check> = {
	system: shape({ role: text(), 'content*': content }),
	user: shape({ role: text(), 'content*': content }),
	assistant: shape({
		role: text(),
		content,
		tool_calls: orNull(list(anyObject)),
		prefix: flag,
	}),
	tool: shape({
		role: text(),
		content,
		tool_call_id: orNull(text()),
		name: orNull(text()),
	}),
};
const message = tagged(roles, undefined, 'role');

const body = shape({
	'model*': text({ min: 1 }),
	'messages*': list(message, { min: 1 }),
	temperature: orNull(number({ min: 0, max: 1.5 })),
	top_p: orNull(number({ min: 0, max: 1 })),
	max_tokens: orNull(number({ min: 0, whole: true })),
	stream: flag,
	stop: orNull(stopWords),
	random_seed: orNull(number({ min: 0, whole: true })),
	response_format: orNull(responseFormat),
	tools: orNull(list(tagged({ function: functionTool }, 'function'))),
	tool_choice: orNull(either(anyObject, oneOf('auto', 'none', 'any', 'required'))),
	parallel_tool_calls: flag,
	reasoning_effort: orNull(reasoningEffort),
	prompt_mode: orNull(oneOf('reasoning')),
	n: orNull(number({ min: 1, whole: true })),
	presence_penalty: orNull(number({ min: -2, max: 2 })),
	frequency_penalty: orNull(number({ min: -2, max: 2 })),
	prediction: orNull(prediction),
	safe_prompt: flag,
	metadata: orNull(anyObject),
	guardrails: orNull(list(anyObject)),
	prompt_cache_key: orNull(text()),
	service_tier: orNull(text()),
});

async function handle(exchange: Exchange): Promise<Answer> {
	const { world, receivedAtMs, signal } = exchange;
	const request = demand(exchange.json, body, world.quirks.lenientUnknownKeys);
	const model = String(request['model']);
	const { capabilities } = modelFor(model, 'completion_chat');
	const heard = await listen(request, exchange, capabilities.includes('audio'));
	const outputs = await outputsFor(
		{
			endpoint: 'chat',
			request,
			question: userQuestions(heard.messages).at(-1) ?? '',
			history: heard.messages,
			tools: objects(request['tools']).map(toolName),
			stream: request['stream'] === true,
		},
		world.script,
		world.quirks,
	);
	const reply = toMessage(outputs, request, world.quirks.reasoningChunks);
	const { prompt_tokens, completion_tokens, total_tokens } = usageOf(
		JSON.stringify(heard.messages),
		outputs,
	);
	const usage = {
		prompt_tokens,
		completion_tokens,
		total_tokens,
		prompt_tokens_details: { cached_tokens: 0 },
		...(heard.seconds === undefined ? {} : { prompt_audio_seconds: heard.seconds }),
	};
	const base = { id: newId('cmpl'), created: nowSeconds(), model };
	const finish_reason = reply.tool_calls ? 'tool_calls' : 'stop';
	const headers = chatLimits(total_tokens);
	if (request['stream'] === true) {
		return { events: streamed(base, reply, finish_reason, usage, exchange), headers };
	}
	await waitUntil(receivedAtMs + writtenAfterMs(world.profile, completion_tokens), signal);
	const choice = { index: 0, message: { role: 'assistant', ...reply }, finish_reason };
	return { json: { ...base, object: 'chat.completion', choices: [choice], usage }, headers };
}

/** Replaces audio chunks by their transcript, for audio models. */
async function listen(
	request: JsonObject,
	{ world }: Exchange,
	hears: boolean,
): Promise<{ messages: JsonObject[]; seconds: number | undefined }> {
	let seconds: number | undefined;
	const messages: JsonObject[] = [];
	for (const message of objects(request['messages'])) {
		if (!Array.isArray(message['content'])) {
			messages.push(message);
			continue;
		}
		const chunks: JsonObject[] = [];
		for (const part of objects(message['content'])) {
			if (part['type'] !== 'input_audio') {
				chunks.push(part);
				continue;
			}
			if (!hears) throw invalidArguments('Audio input is not enabled for this model');
			const clip = isObject(part['input_audio'])
				? part['input_audio']['data']
				: part['input_audio'];
			const content = Buffer.from(String(clip).replace(/^data:[^,]*,/, ''), 'base64');
			const sha256 = createHash('sha256').update(content).digest('hex');
			const audio = await world.audio.read({
				sha256,
				bytes: content.length,
				head: content,
				content,
			});
			seconds = (seconds ?? 0) + Math.max(1, Math.round(audio.seconds));
			chunks.push({ type: 'text', text: transcribe(audio).text });
		}
		messages.push({ ...message, content: chunks });
	}
	return { messages, seconds };
}

interface Reply {
	content: unknown;
	tool_calls: JsonObject[] | null;
}

function toMessage(outputs: ScriptedOutput[], request: JsonObject, reasoning: boolean): Reply {
	const calls = outputs.filter(({ type }) => type === 'function.call');
	const said = outputs
		.filter(({ type }) => type === 'message.output')
		.map((output) => contentText(output['content']))
		.join('');
	const thinks =
		reasoning && ![undefined, null, 'none'].includes(request['reasoning_effort'] as null);
	const thinking = {
		type: 'thinking',
		thinking: [{ type: 'text', text: 'A stand-in thinks little.' }],
	};
	return {
		content: thinks ? [thinking, { type: 'text', text: said }] : said,
		tool_calls:
			calls.length === 0
				? null
				: calls.map((call, index) => ({
						id: call['tool_call_id'] ?? newId('call'),
						type: 'function',
						function: { name: call['name'], arguments: call['arguments'] ?? '{}' },
						index,
					})),
	};
}

async function* streamed(
	base: JsonObject,
	{ content, tool_calls }: Reply,
	finish_reason: string,
	usage: JsonObject,
	{ world: { profile, quirks }, receivedAtMs, signal }: Exchange,
): AsyncGenerator<ServerEvent> {
	const chunkOf = (
		delta: JsonObject,
		finish: string | null,
		extra: JsonObject = {},
	): ServerEvent => ({
		data: {
			...base,
			object: 'chat.completion.chunk',
			choices: [{ index: 0, delta, finish_reason: finish }],
			...extra,
			...(quirks.padding ? { p: 'abcdefghij' } : {}),
		},
	});
	yield chunkOf({ role: 'assistant', content: '' }, null);
	let characters = 0;
	const parts: unknown[] = Array.isArray(content) ? content : fragments(String(content));
	for (const part of parts) {
		characters += typeof part === 'string' ? part.length : 0;
		await waitUntil(receivedAtMs + writtenAfterMs(profile, tokensIn(characters)), signal);
		yield chunkOf({ content: typeof part === 'string' ? part : [part] }, null);
	}
	yield chunkOf(tool_calls ? { content: '', tool_calls } : { content: '' }, finish_reason, {
		usage,
	});
	yield { data: '[DONE]' };
}

export const chatRoutes: Route[] = [
	{ method: 'POST', path: '/v1/chat/completions', body: 'json', metered: true, handle },
];
