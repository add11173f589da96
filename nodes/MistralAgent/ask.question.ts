// Reads the parameters of Ask: the prompt, and the model or agent that answers.
import type { AgentSetup } from '../shared/mistral/conversations/chat-session';
import { type JsonRecord, omitUndefined } from '../shared/http/response/json';
import type { WireCompletionArgs, WireFunctionTool } from '../shared/mistral/wire';
import { Failure } from '../shared/errors/failure';
import { readJsonOption } from '../shared/fields/additional-body-fields';
import { addHint } from '../shared/execution/output-hints';
import type { ItemRun } from '../shared/execution/operation';
import { readLocator, readText } from '../shared/execution/parameters';
import { completionArgs, readInstructions } from '../shared/conversation/answer-settings';
import type { AskOptions } from './ask.options';
import { builtInTools, readAgentId } from './agent-settings';

/** @throws Failure when it is empty */
export function readPrompt(run: ItemRun): string {
	const text = readText(run, 'prompt');
	if (text === '') {
		throw new Failure({
			stage: 'ask.no-prompt',
			message: 'Prompt is empty',
			hint: 'Put a question or an expression into Prompt. If it comes from Voxtral Transcribe, no words were heard in the recording.',
		});
	}
	return text;
}

/** `functions`: the tools connected to the node. */
export function readSetup(
	run: ItemRun,
	options: AskOptions,
	functions: readonly WireFunctionTool[],
): AgentSetup {
	const { context, itemIndex } = run;
	const shared = omitUndefined({
		completionArgs: { ...completionArgs(options), ...responseFormat(options) },
		store: options.storeNothing !== true,
		additionalFields: readJson(options.additionalFields, 'Additional Body Fields'),
	});
	if (context.getNodeParameter('whoAnswers', itemIndex, 'model') === 'agent') {
		return { answerer: readAgent(run, options), ...shared };
	}
	const tools = [...builtInTools(run), ...functions];
	const model = readLocator(run, 'model');
	return { answerer: { model, instructions: readInstructions(run, options), tools }, ...shared };
}

function readAgent(run: ItemRun, { agentVersion, persona, language, speechSeconds }: AskOptions) {
	if (run.itemIndex === 0 && (persona || language || speechSeconds)) {
		addHint(
			run.context,
			'Persona, Answer Language and Seconds of Speech have no effect on a saved agent.',
		);
	}
	const version = String(agentVersion ?? '').trim();
	return omitUndefined({ agentId: readAgentId(run), agentVersion: version || undefined });
}

function responseFormat({ jsonSchema }: AskOptions): WireCompletionArgs {
	const schema = readJson(jsonSchema, 'Answer as JSON');
	if (!schema) return {};
	return {
		response_format: {
			type: 'json_schema',
			json_schema: { name: 'answer', schema, strict: true },
		},
	};
}

function readJson(value: unknown, label: string): JsonRecord | undefined {
	const record = readJsonOption(value, { stage: 'ask.not-json', label });
	return Object.keys(record).length > 0 ? record : undefined;
}
