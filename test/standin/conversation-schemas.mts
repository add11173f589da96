// Schemas of the request bodies of conversations and agents.
import {
	anyObject,
	either,
	flag,
	list,
	number,
	oneOf,
	orNull,
	shape,
	tagged,
	text,
	type Check,
} from './checks.mts';

export const responseFormat = shape({
	type: oneOf('text', 'json_object', 'json_schema'),
	json_schema: orNull(
		shape({
			'name*': text(),
			'schema*': anyObject,
			description: orNull(text()),
			strict: orNull(flag),
		}),
	),
});

export const prediction = shape({ type: oneOf('content'), content: text() });
export const reasoningEffort = oneOf('none', 'minimal', 'low', 'medium', 'high', 'xhigh');
export const stopWords = either(text(), list(text()));
const penalty = number({ min: -2, max: 2 });

export const completionArgs: Check = shape({
	stop: orNull(stopWords),
	presence_penalty: orNull(penalty),
	frequency_penalty: orNull(penalty),
	temperature: orNull(number({ min: 0, max: 1 })),
	top_p: orNull(number({ min: 0, max: 1 })),
	max_tokens: orNull(number({ min: 0, whole: true })),
	random_seed: orNull(number({ min: 0, whole: true })),
	prediction: orNull(prediction),
	response_format: orNull(responseFormat),
	tool_choice: orNull(oneOf('auto', 'none', 'any', 'required')),
	reasoning_effort: orNull(reasoningEffort),
});

const names = orNull(list(text()));
const configuration = orNull(
	shape({ include: names, exclude: names, requires_confirmation: names }),
);
const builtIn = (fields: Record<string, Check> = {}) =>
	shape({ type: text(), tool_configuration: configuration, ...fields });

export const functionTool = shape({
	type: text(),
	'function*': shape({
		'name*': text({ min: 1 }),
		description: orNull(text()),
		strict: orNull(flag),
		'parameters*': anyObject,
	}),
});

export const tools = list(
	tagged({
		web_search: builtIn(),
		web_search_premium: builtIn(),
		code_interpreter: builtIn(),
		image_generation: builtIn(),
		document_library: builtIn({ 'library_ids*': list(text(), { min: 1 }) }),
		connector: builtIn({ 'connector_id*': text(), authorization: orNull(anyObject) }),
		function: functionTool,
	}),
	{ max: 128 },
);

const inputChunk = tagged({
	text: shape({ type: text(), 'text*': text() }),
	image_url: shape({ type: text(), 'image_url*': either(text(), anyObject) }),
	document_url: shape({ type: text(), 'document_url*': text(), document_name: orNull(text()) }),
	tool_file: anyObject,
	tool_reference: anyObject,
	thinking: anyObject,
});
const content = either(text(), list(inputChunk));

/** Fields of every returned entry, accepted so that returned messages can be sent again. */
const entry = {
	object: oneOf('entry'),
	type: text(),
	id: text(),
	created_at: text(),
	completed_at: orNull(text()),
	agent_id: orNull(text()),
	model: orNull(text()),
};

const inputEntry = tagged(
	{
		'message.input': shape({
			...entry,
			'role*': oneOf('user', 'assistant'),
			'content*': content,
			prefix: flag,
		}),
		'message.output': shape({ ...entry, role: oneOf('assistant'), 'content*': content }),
		'function.call': shape({
			...entry,
			'tool_call_id*': text(),
			'name*': text(),
			'arguments*': either(text(), anyObject),
			confirmation_status: orNull(oneOf('pending', 'allowed', 'denied')),
		}),
		'function.result': shape({ ...entry, 'tool_call_id*': text(), 'result*': text() }),
		'agent.handoff': anyObject,
	},
	'message.input',
);

const inputs = either(text({ min: 1 }), list(inputEntry));

const turn = {
	stream: flag,
	store: orNull(flag),
	handoff_execution: orNull(oneOf('server', 'client')),
	completion_args: orNull(completionArgs),
};

export const startBody = shape({
	...turn,
	'inputs*': inputs,
	model: orNull(text({ min: 1 })),
	agent_id: orNull(text({ min: 1 })),
	agent_version: orNull(either(number({ whole: true }), text())),
	instructions: orNull(text()),
	tools: orNull(tools),
	name: orNull(text()),
	description: orNull(text()),
	metadata: orNull(anyObject),
	guardrails: orNull(list(anyObject)),
});

const confirmations = orNull(
	list(shape({ 'tool_call_id*': text(), 'confirmation*': oneOf('allow', 'deny') })),
);

export const appendBody = shape({
	...turn,
	inputs: orNull(inputs),
	tool_confirmations: confirmations,
});

export const restartBody = shape({
	...turn,
	inputs: orNull(inputs),
	'from_entry_id*': text({ min: 1 }),
	guardrails: orNull(list(anyObject)),
	metadata: orNull(anyObject),
	agent_version: orNull(either(number({ whole: true }), text())),
});

const agentFields = {
	instructions: orNull(text()),
	description: orNull(text()),
	tools: orNull(tools),
	completion_args: orNull(completionArgs),
	handoffs: orNull(list(text(), { min: 1 })),
	guardrails: orNull(list(anyObject)),
	metadata: orNull(anyObject),
	version_message: orNull(text()),
};

export const createAgentBody = shape({
	...agentFields,
	'model*': text({ min: 1 }),
	'name*': text({ min: 1 }),
});

export const updateAgentBody = shape({
	...agentFields,
	model: orNull(text({ min: 1 })),
	name: orNull(text({ min: 1 })),
	deployment_chat: orNull(flag),
});
