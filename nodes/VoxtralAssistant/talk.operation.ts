// A whole spoken turn: speech to text, language model, text to speech, each stage while the one before it still runs.
import type { IBinaryKeyData, IDataObject, INodeExecutionData } from 'n8n-workflow';
import { asFailure, type FailureFacts } from '../shared/errors/failure';
import { incomingJson, type ItemRun, type Operation } from '../shared/execution/operation';
import { addHint } from '../shared/execution/output-hints';
import { readSavedVoice } from '../shared/fields/speech/voice-reader';
import { finishAndStore } from '../shared/synthesis/store-audio';
import { withBargeIn } from './pipeline/barge-in';
import { answerQuestion, readModel, readThread } from './pipeline/llm';
import { SpeechChunker } from './pipeline/speech-chunker';
import { speechToText } from './pipeline/stt';
import { TtsStage, type TurnContext } from './pipeline/tts';
import { streamModeOf, TurnEventStream } from './pipeline/turn-events';
import { TurnClock } from './pipeline/turn-timings';
import { talkFields } from './talk.fields';
import { DEFAULT_TIMEOUT_SECONDS, readOptions } from './talk.options';
import type { AudioFacts } from '../shared/synthesis/speech-output';
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
		return await events.during(async () => [await takeTurn(run, turn)]);
	},
};

/** Nothing is awaited before every stage has begun, so that turns of a session keep the order of the items. */
async function takeTurn(run: ItemRun, turn: TurnContext): Promise<INodeExecutionData> {
	const { options, events, chunker, clock } = turn;
	const over = new AbortController();
	const budget = run.client.budget.with(over.signal);
	const stage = (name: string) => ({ ...run, client: run.client.forStage(name, budget) });
	// A missing voice is told before anything is paid for.
	readSavedVoice(run, 'speak');
	const thread = readThread(run);
	const tts = new TtsStage(stage('speak'), turn);

	const heard = speechToText(stage('transcribe'), options).then((heard) => {
		clock.mark('heardMs');
		events.transcript(heard);
		chunker.answers(heard);
		if (heard.text !== '') tts.preconnect();
		return heard;
	});
	const answer = async () =>
		await answerQuestion(stage('ask'), options, thread, heard, {
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
		});
	const isListening = events.mode === 'audio' && thread.kind === 'session';
	const listener = isListening ? thread.mutexKey : undefined;
	const live = { execution: run.context, interrupt: () => tts.interrupt() };
	try {
		return await withBargeIn(listener, live, async () => {
			const answered = await answer();
			const { audio, binary } = await spokenAnswer(run, tts, events);
			clock.mark('doneMs');
			const { timings } = clock;
			events.done({ timings });
			const spoken = await tts.facts();
			const output = talkOutput({
				heard: await heard,
				answered,
				model: readModel(run),
				spoken,
				audio,
				timings,
			});
			const json = { ...incomingJson(run, options.keepInput), ...output };
			return { json, ...(binary ? { binary } : {}) };
		});
	} finally {
		over.abort();
		await tts.stop();
	}
}

/** The whole speech as a file; where there is none, the reason, since the text is an answer all the same. */
async function spokenAnswer(
	{ context, itemIndex, client }: ItemRun,
	tts: TtsStage,
	events: TurnEventStream,
): Promise<{ audio: AudioFacts | FailureFacts; binary?: IBinaryKeyData }> {
	try {
		const { attempts, usage, ...speech } = await tts.finished();
		const { stored, pcm } = await finishAndStore(context, speech, tts.delivery, tts.file);
		const field = context.getNodeParameter('binaryPropertyOutput', itemIndex, 'data');
		return {
			audio: { stored, pcm, attempts, usage },
			binary: { [String(field).trim() || 'data']: stored.binary },
		};
	} catch (thrown) {
		const failure = client.redactKey(asFailure(thrown, tts.file.operation));
		if (failure.facts.stage.endsWith('.cancelled')) throw failure;
		addHint(context, `The answer could not be spoken, so it goes on as text: ${failure.message}`);
		events.failure(failure);
		return { audio: failure.facts };
	}
}
