// Ask: a question answered by a model or saved agent, with its sources, as text and in a form for text to speech.
import { converse, type Conversed, type Question } from '../shared/conversation/converse';
import { readFieldThread, readThread } from '../shared/conversation/thread';
import { withMutex } from '../shared/execution/keyed-mutex';
import { Failure } from '../shared/errors/failure';
import { addHint } from '../shared/execution/output-hints';
import { incomingJson, type ItemRun, type Operation } from '../shared/execution/operation';
import { isStreaming } from '../shared/execution/trigger-stream';
import { omitUndefined } from '../shared/http/response/json';
import { askFields } from './ask.fields';
import { type AskOptions, DEFAULT_TIMEOUT_SECONDS, DEFAULT_TOOL_ROUNDS } from './ask.options';
import { askOutput, type AskShape, parseStructured, sourceList } from './ask.output';
import { readPrompt, readSetup } from './ask.question';
import { downloadFiles } from './generated-files';
import { AnswerStream } from './answer-stream';

export const ask: Operation = {
	value: 'ask',
	name: 'Ask',
	action: 'Ask the agent',
	description: 'Ask a question and get an answer with its sources',
	fields: askFields,
	timeLimit: { seconds: DEFAULT_TIMEOUT_SECONDS, isOption: true },
	async execute(run) {
		const options = run.context.getNodeParameter('options', run.itemIndex, {}) as AskOptions;
		const prompt = readPrompt(run);
		const thread = readThread(run, () => readFieldThread(run));
		const question: Question = {
			prompt,
			thread,
			fieldThread: () => readFieldThread(run),
			setup: (functions) => readSetup(run, options, functions),
			maxToolRounds: options.maxToolRounds ?? DEFAULT_TOOL_ROUNDS,
			chatCompletions: options.chatCompletions === true,
			...streaming(run, options),
		};
		// The mutex is queued for before anything is awaited, so that turns of a session keep the order of the items.
		const conversed = await withMutex(
			thread.mutexKey,
			run.client,
			async () => await converse(run, question),
		);
		const output = askOutput(conversed.turn, shapeOf(run, options, conversed));
		const binary =
			options.downloadFiles === false ? undefined : await downloadFiles(run, conversed.turn.files);
		const json = { ...incomingJson(run, options.keepInput ?? true), ...output };
		return [{ json, ...(binary ? { binary } : {}) }];
	},
};

/** Callbacks that stream the answer, where the trigger streams and the option is on. */
function streaming({ context, itemIndex }: ItemRun, options: AskOptions) {
	if (options.enableStreaming === false || !isStreaming(context)) return {};
	const withSources = options.listSources && !options.jsonSchema;
	const listener = new AnswerStream(context, itemIndex, withSources ? sourceList : () => '');
	return { listener, during: listener.during.bind(listener) };
}

function shapeOf(run: ItemRun, options: AskOptions, { turn, setup }: Conversed): AskShape {
	const asJson = setup.completionArgs.response_format !== undefined;
	const structured = asJson ? parseStructured(turn.text) : undefined;
	if (asJson && !structured) {
		throw new Failure({
			stage: 'ask.answer-not-json',
			message: 'The answer is not the JSON that was asked for',
			hint: 'Raise "Maximum Tokens" in case the answer was cut off, or simplify "Answer as JSON". What was answered is in the details of the error.',
			attempts: turn.attempts,
			partial: turn.text,
		});
	}
	if (turn.text.trim() === '')
		addHint(run.context, `The answer to item ${run.itemIndex} has no text.`);
	return omitUndefined({
		model: 'model' in setup.answerer ? setup.answerer.model : '',
		stored: setup.store && options.chatCompletions !== true,
		listSources: options.listSources,
		structured,
	});
}
