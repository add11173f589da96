// A whole spoken turn: the question understood, answered and spoken, each stage while the one before it still runs.
import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { converse } from '../shared/conversation/converse';
import { withMutex } from '../shared/execution/keyed-mutex';
import type { Source } from '../shared/mistral/conversations/answer';
import { finishAndStore } from '../shared/synthesis/store-audio';
import { asFailure, Failure, type FailureFacts } from '../shared/errors/failure';
import { addHint } from '../shared/execution/output-hints';
import type { ItemRun, Operation } from '../shared/execution/operation';
import { incomingJson } from '../shared/execution/operation';
import { languageCode } from '../shared/text/language/language-identification';
import { sorryNotHeard } from '../shared/text/language/nothing-heard-reply';
import { ANSWER_STAGE, type OpenQuestion, readQuestion } from './pipeline/llm';
import { TurnEventStream, streamModeOf } from './pipeline/turn-events';
import { TurnClock } from './pipeline/turn-timings';
import { talkFields } from './talk.fields';
import { transcribeQuestion, type Heard } from './pipeline/stt';
import { withBargeIn } from './pipeline/barge-in';
import { readOptions, type TalkOptions } from './talk.options';
import { type Answered, type AudioFacts, talkOutput } from './talk.output';
import { SPEECH_STAGE, TtsStage } from './pipeline/tts';
import { SpeechChunker } from './pipeline/speech-chunker';

export const talk: Operation = {
	value: 'talk',
	name: 'Talk',
	action: 'Answer a spoken question aloud',
	description: 'Hear a question and speak the answer',
	fields: talkFields,
	async execute(run) {
		const { context, itemIndex } = run;
		const options = readOptions(context.getNodeParameter('options', itemIndex, {}) as IDataObject);
		const caller = new TurnEventStream(context, itemIndex, streamModeOf(context, options.stream));
		caller.begin();
		let failed = true;
		try {
			const output = await takeTurn(run, options, caller);
			failed = false;
			return [output];
		} finally {
			await caller.end({ failed });
		}
	},
};

/** The recording leaves before the other settings are read: computing an expression holds everything up. */
const HEAD_START_MS = 15;

/** What all stages of one turn share. */
interface Stages {
	readonly options: TalkOptions;
	readonly caller: TurnEventStream;
	readonly clock: TurnClock;
	readonly words: SpeechChunker;
	readonly speaker: TtsStage;
	/** Aborted when the turn is over. */
	readonly over: AbortSignal;
}

async function takeTurn(
	run: ItemRun,
	options: TalkOptions,
	caller: TurnEventStream,
): Promise<INodeExecutionData> {
	const { context } = run;
	const clock = new TurnClock();
	const words = new SpeechChunker(options);
	const speaker = new TtsStage(run, options, words, caller, clock);
	const ended = new AbortController();
	const stages = { options, caller, clock, words, speaker, over: ended.signal };
	// A missing voice is told before anything is paid for.
	await speaker.assertVoice();
	try {
		const hearing = transcribeQuestion(run, options, ended.signal);
		await Promise.race([hearing, sleep(HEAD_START_MS)]);
		const question = readQuestion(run, options);
		const { kind, queue } = question.thread;
		const listener = caller.mode === 'audio' && kind === 'session' ? queue : undefined;
		const turn = async () => await runStages(run, hearing, question, stages);
		if (listener === undefined) return await turn();
		const speaking = { execution: context, hush: () => speaker.interrupt() };
		return await withBargeIn(listener, speaking, turn);
	} finally {
		ended.abort();
	}
}

async function runStages(
	run: ItemRun,
	hearing: Promise<Heard>,
	question: OpenQuestion,
	stages: Stages,
): Promise<INodeExecutionData> {
	const { context, itemIndex } = run;
	const { options, caller, clock, speaker } = stages;
	try {
		const answered = await answer(run, hearing, question, stages);
		const { facts: audio, binary } = await speech(run, stages);
		clock.mark('doneMs');
		const { timings } = clock;
		const model = context.getNodeParameter('model', itemIndex, '', { extractValue: true });
		const spoken = await speaker.facts();
		const heard = await hearing;
		const output = talkOutput({ heard, answered, model: String(model), spoken, audio, timings });
		caller.done({ timings });
		const json = { ...incomingJson(run, options.keepInput), ...output };
		return { json, ...(binary ? { binary } : {}) };
	} finally {
		// Nothing is under way any more unless the turn failed.
		await speaker.stop();
	}
}

/** Speaks on the way. The conversation so far is looked up while the question is still being understood. */
async function answer(
	item: ItemRun,
	hearing: Promise<Heard>,
	question: OpenQuestion,
	{ options, caller, clock, words, speaker, over }: Stages,
): Promise<Answered> {
	const run = { ...item, client: item.client.forStage(ANSWER_STAGE, over) };
	const prompt = hearing.then((heard) => {
		clock.mark('heardMs');
		caller.transcript(heard);
		words.answers(heard);
		if (heard.text === '') throw nothingHeard();
		speaker.expect();
		return heard.text;
	});
	// An earlier turn of the session may still be waited for when this fails.
	prompt.catch(() => undefined);
	const listener = {
		text: (delta: string) => {
			clock.mark('firstTokenMs');
			caller.text(delta);
			speaker.push(delta);
		},
		tool: (name: string) => {
			speaker.pause();
			if (name.startsWith('web_search')) speaker.fill();
		},
		answered: ({ sources }: { sources: readonly Source[] }) => {
			speaker.end();
			caller.sources(sources);
		},
	};
	try {
		const ask = async () => await converse(run, { ...question, prompt, listener });
		return (await withMutex(question.thread.queue, ask)).turn;
	} catch (thrown) {
		const heard = await hearing;
		if (heard.text !== '') throw asFailure(thrown, ANSWER_STAGE);
		const text = sorryNotHeard(languageCode(options.language) ?? languageCode(heard.language));
		addHint(item.context, `No words were heard in item ${item.itemIndex}.`);
		listener.text(text);
		speaker.end();
		return { text };
	}
}

function nothingHeard(): Failure {
	return new Failure({ stage: 'transcribe.nothing-heard', message: 'No words were heard' });
}

/** The whole speech as a file; when there is none, the reason, since the text is an answer all the same. */
async function speech(
	{ context, itemIndex, client }: ItemRun,
	{ options, caller, speaker }: Stages,
): Promise<{ facts: AudioFacts | FailureFacts; binary?: IBinaryKeyData }> {
	try {
		const spoken = await speaker.finished();
		const about = { operation: SPEECH_STAGE, fileName: options.fileName };
		const { stored, pcm } = await finishAndStore(context, spoken, speaker.delivery, about);
		const field = context.getNodeParameter('binaryPropertyOutput', itemIndex, 'data');
		const { attempts, usage } = spoken;
		return {
			facts: { stored, pcm, attempts, usage },
			binary: { [String(field).trim() || 'data']: stored.binary },
		};
	} catch (thrown) {
		const failure = client.redactKey(asFailure(thrown, SPEECH_STAGE));
		if (failure.facts.stage.endsWith('.cancelled')) throw failure;
		addHint(context, `The answer could not be spoken, so it goes on as text: ${failure.message}`);
		caller.trouble(failure);
		return { facts: failure.facts };
	}
}
