// Speak: text of any length to one audio file.
import type { INodeExecutionData } from 'n8n-workflow';
import { sharedCharacterRateLimiter } from '../shared/synthesis/character-rate-limiter';
import { LiveAudio } from '../shared/synthesis/live-audio';
import { synthesize } from '../shared/synthesis/synthesize';
import { finishAndStore, type JoinedSpeech } from '../shared/synthesis/store-audio';
import { asFailure, type Failure } from '../shared/errors/failure';
import { addHint } from '../shared/execution/output-hints';
import { incomingJson, type ItemRun, type Operation } from '../shared/execution/operation';
import { readOutputField } from '../shared/execution/parameters';
import { sharedSemaphore } from '../shared/execution/semaphore';
import { listensToAudio, TriggerStream } from '../shared/execution/trigger-stream';
import { readSpeakRequest, type SpeakRequest } from './speak-request';
import { speakFields } from './speak.fields';
import { speakOutput, unspokenOutput } from './speak.output';
import { isAgentTool, linkTo } from './n8n-links';

export const speak: Operation = {
	value: 'speak',
	name: 'Speak',
	action: 'Speak a text',
	description: 'Turn text into speech',
	fields: speakFields,
	async execute(run) {
		const request = await readSpeakRequest(run, speak.value);
		try {
			const speech = await synthesizeSpeech(run, request);
			return [await storedItem(run, request, speech)];
		} catch (thrown) {
			return [textItem(run, request, asFailure(thrown, speak.value))];
		}
	},
};

/** Synthesizes all chunks and joins them; with a streaming trigger the audio is also streamed to its caller. */
async function synthesizeSpeech(run: ItemRun, request: SpeakRequest): Promise<JoinedSpeech> {
	const { context, itemIndex, client } = run;
	const { options, requests, preset, pieceTimeoutMs } = request;
	const isStreamed = options.stream && listensToAudio(context);
	// Headerless PCM samples arrive two seconds sooner than any file format, and a WAV file is made of them.
	const format = isStreamed && preset.ask === 'wav' ? 'pcm' : preset.ask;
	const synthesizeAll = async (live?: LiveAudio) => {
		const speech = await synthesize(client, sharedSemaphore(context, options.piecesAtOnce), {
			operation: speak.value,
			pauseMs: options.pauseMs,
			pieceTimeoutMs,
			rateLimiter: sharedCharacterRateLimiter(context),
			format,
			requests: requests.map((piece) => ({ ...piece, format })),
			...(live && { live }),
		});
		return { ...speech, format };
	};
	if (!isStreamed) return await synthesizeAll();
	const stream = new TriggerStream(context, itemIndex);
	stream.begin();
	const live = new LiveAudio(format, (chunk) => stream.send({ ...chunk }));
	const goesOnAfterFailure = options.textOnFailure || context.continueOnFail();
	return await stream.endAfter(async () => await synthesizeAll(live), goesOnAfterFailure);
}

async function storedItem(
	run: ItemRun,
	{ options, preset, words, hints }: SpeakRequest,
	speech: JoinedSpeech,
): Promise<INodeExecutionData> {
	const { context } = run;
	const file = { operation: speak.value, fileName: options.fileName };
	const { stored, pcm } = await finishAndStore(context, speech, preset, file);
	for (const hint of hints) addHint(context, hint);
	const wantsLink = options.addLink || isAgentTool(context);
	const audioUrl = wantsLink ? linkTo(context, stored.binary) : undefined;
	const { attempts, usage } = speech;
	const output = speakOutput(words, { stored, pcm, audioUrl, attempts, usage });
	return {
		json: { ...incomingJson(run, options.keepInput), ...output },
		binary: { [readOutputField(run)]: stored.binary },
	};
}

/** "Text Instead of an Error": an item without audio. @throws Failure `failure` when that option is off */
function textItem(
	run: ItemRun,
	{ options, words }: SpeakRequest,
	failure: Failure,
): INodeExecutionData {
	const isCancelled = failure.facts.stage === `${speak.value}.cancelled`;
	if (!options.textOnFailure || isCancelled) throw failure;
	addHint(run.context, `Speech failed, so the text goes on without audio: ${failure.message}`);
	const output = unspokenOutput(words, failure.facts);
	return { json: { ...incomingJson(run, options.keepInput), ...output } };
}
