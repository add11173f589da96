// Talk: one turn of a voice assistant, from the recorded question to the spoken answer.
import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import type { AnswerListener } from '../shared/conversation/converse';
import { asFailure, type FailureFacts } from '../shared/errors/failure';
import { incomingJson, type ItemRun, type Operation } from '../shared/execution/operation';
import { readLocator, readOutputField } from '../shared/execution/parameters';
import { addHint } from '../shared/execution/output-hints';
import { readSavedVoice } from '../shared/fields/speech/voice-reader';
import type { AudioFacts } from '../shared/synthesis/speech-output';
import { finishAndStore } from '../shared/synthesis/store-audio';
import { withBargeIn } from './pipeline/barge-in';
import { answerQuestion, readThread } from './pipeline/llm';
import { SpeechChunker } from './pipeline/speech-chunker';
import { speechToText } from './pipeline/stt';
import { TtsStage, type TurnContext } from './pipeline/tts';
import { streamModeOf, TurnEventStream } from './pipeline/turn-events';
import { TurnClock } from './pipeline/turn-timings';
import { talkFields } from './talk.fields';
import { DEFAULT_TIMEOUT_SECONDS, readOptions } from './talk.options';
import { talkOutput } from './talk.output';

export const talk: Operation = {
	value: 'talk',
	name: 'Talk',
	action: 'Answer a spoken question aloud',
	description: 'Hear a question and speak the answer',
	fields: talkFields,
	timeLimit: { seconds: DEFAULT_TIMEOUT_SECONDS, isOption: true },
	async execute(run) {
		const { context, itemIndex } = run;
		const options = readOptions(context.getNodeParameter('options', itemIndex, {}) as IDataObject);
		const events = new TurnEventStream(context, itemIndex, streamModeOf(context, options.stream));
		const chunker = new SpeechChunker(options);
		const turn = { options, events, chunker, clock: new TurnClock() };
		return await events.during(async () => [await runTurn(run, turn)]);
	},
};

/**
 * The three stages of a turn, which overlap: speech to text -> language model -> text to speech. All of them
 * start before anything is awaited, so that turns of a session keep the order of the items.
 */
async function runTurn(run: ItemRun, turn: TurnContext): Promise<INodeExecutionData> {
	const { options, events, chunker, clock } = turn;
	const ended = new AbortController();
	const budget = run.client.budget.with(ended.signal);
	const stage = (name: string) => ({ ...run, client: run.client.forStage(name, budget) });
	// A missing voice fails the item before any request is billed.
	readSavedVoice(run, 'speak');
	const thread = readThread(run);
	const tts = new TtsStage(stage('speak'), turn);

	const heard = speechToText(stage('transcribe'), options).then((heard) => {
		clock.mark('heardMs');
		events.transcript(heard);
		chunker.setQuestion(heard);
		if (heard.text !== '') tts.preconnect();
		return heard;
	});

	const llmToTts: AnswerListener = {
		text: (delta) => {
			clock.mark('firstTokenMs');
			events.text(delta);
			tts.push(delta);
		},
		tool: (name) => {
			tts.flush();
			if (name.startsWith('web_search')) tts.fill();
		},
		answered: ({ sources }) => {
			tts.end();
			events.sources(sources);
		},
	};

	const canBargeIn = events.mode === 'audio' && thread.kind === 'session';
	const listener = canBargeIn ? thread.mutexKey : undefined;
	const live = { execution: run.context, interrupt: () => tts.interrupt() };
	try {
		return await withBargeIn(listener, live, async () => {
			const answered = await answerQuestion(stage('ask'), options, thread, heard, llmToTts);
			const { audio, binary } = await storeSpeech(run, tts, events);
			clock.mark('doneMs');
			const { timings } = clock;
			events.done({ timings });
			const model = readLocator(run, 'model');
			const spoken = await tts.facts();
			const facts = { heard: await heard, answered, model, spoken, audio, timings };
			const json = { ...incomingJson(run, options.keepInput), ...talkOutput(facts) };
			return { json, ...(binary ? { binary } : {}) };
		});
	} finally {
		ended.abort();
		await tts.stop();
	}
}

/** The spoken answer as binary data. After a failure the reason instead: the item goes on with the text. */
async function storeSpeech(
	run: ItemRun,
	tts: TtsStage,
	events: TurnEventStream,
): Promise<{ audio: AudioFacts | FailureFacts; binary?: IBinaryKeyData }> {
	const { context, client } = run;
	try {
		const speech = await tts.finished();
		const { stored, pcm } = await finishAndStore(context, speech, tts.preset, tts.file);
		const { attempts, usage } = speech;
		const binary = { [readOutputField(run)]: stored.binary };
		return { audio: { stored, pcm, attempts, usage }, binary };
	} catch (thrown) {
		const failure = client.redactKey(asFailure(thrown, tts.file.operation));
		if (failure.facts.stage.endsWith('.cancelled')) throw failure;
		addHint(context, `The answer could not be spoken, so it goes on as text: ${failure.message}`);
		events.failure(failure);
		return { audio: failure.facts };
	}
}
