// A question in, a grounded answer out, fit to be read and to be spoken.
import { addHint, Failure } from '../shared/run/failure';
import type { ItemRun, Operation } from '../shared/run/operation';
import { incomingJson } from '../shared/run/operation';
import { askFields } from './ask.fields';
import type { AskOptions } from './ask.options';
import type { AskShape } from './ask.output';
import { askOutput, parseStructured } from './ask.output';
import { readPrompt } from './ask.question';
import type { Conversed } from './converse';
import { converse } from './converse';
import { downloadFiles } from './files';
import { readThread } from './thread';
import { inOrder } from './turns';

export const ask: Operation = {
	value: 'ask',
	name: 'Ask',
	action: 'Ask the agent',
	description: 'Ask a question and get an answer with its sources',
	fields: askFields,
	async execute(run) {
		const options = run.context.getNodeParameter('options', run.itemIndex, {}) as AskOptions;
		const prompt = readPrompt(run);
		const thread = readThread(run);
		// In line before anything is awaited, so that turns of a session keep the order of the items.
		const conversed = await inOrder(
			thread.queue,
			async () => await converse(run, options, prompt, thread),
		);
		const output = askOutput(conversed.turn, shapeOf(run, options, conversed));
		const binary =
			options.downloadFiles === false ? undefined : await downloadFiles(run, conversed.turn.files);
		const json = { ...incomingJson(run, options.keepInput ?? true), ...output };
		return [{ json, ...(binary ? { binary } : {}) }];
	},
};

function shapeOf(run: ItemRun, options: AskOptions, { turn, setup }: Conversed): AskShape {
	const wanted = setup.completionArgs.response_format !== undefined;
	const structured = wanted ? parseStructured(turn.text) : undefined;
	if (wanted && !structured) {
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
	return {
		model: 'model' in setup.answerer ? setup.answerer.model : '',
		stored: setup.store && options.chatCompletions !== true,
		...(options.listSources ? { listSources: true } : {}),
		...(structured ? { structured } : {}),
	};
}
