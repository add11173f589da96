// Text to speech: the item's text, of any length, becomes one audio file, rightly named and labelled.
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import { AudioError } from '../shared/audio/audio-error';
import { storeAudio } from '../shared/audio/binary';
import type { CharacterAllowance } from '../shared/mistral/speech-audio';
import { asFailure, Failure } from '../shared/run/failure';
import type { ItemRun, Operation } from '../shared/run/operation';
import { incomingJson } from '../shared/run/operation';
import { sharedPool } from '../shared/run/pool';
import { type FinishedAudio, finishAudio, tooLargeAdvice } from './delivery';
import { LiveSpeech } from './live';
import { narrate } from './narrate';
import { sharedPace, type SpeakingPace } from './pace';
import { readSpeakPlan, type SpeakPlan } from './plan';
import { speakFields } from './speak.fields';
import { speakOutput, unspokenOutput } from './speak.output';
import { ChunkSender, hintOnce, isAgentTool, linkTo, listensToAudio } from './surroundings';

export const speak: Operation = {
	value: 'speak',
	name: 'Speak',
	action: 'Speak a text',
	description: 'Turn text into speech',
	fields: speakFields,
	async execute(run) {
		const plan = await readSpeakPlan(run, speak.value);
		try {
			return [await speakItem(run, plan)];
		} catch (thrown) {
			const failure = asFailure(thrown, speak.value);
			const isCancelled = failure.facts.stage === `${speak.value}.cancelled`;
			if (!plan.options.textOnFailure || isCancelled) throw failure;
			hintOnce(run.context, `Speech failed, so the text goes on without audio: ${failure.message}`);
			return [{ json: { ...kept(run, plan), ...unspokenOutput(plan.facts, failure.facts) } }];
		}
	},
};

async function speakItem(run: ItemRun, plan: SpeakPlan): Promise<INodeExecutionData> {
	const { context, itemIndex } = run;
	const { options, delivery, facts } = plan;
	const spoken = await speakAloud(run, plan);
	const finished = finish(spoken, plan);
	const { audio, pcm } = finished;
	if (delivery.maxBytes !== undefined && audio.length > delivery.maxBytes) {
		throw new Failure({
			stage: `${speak.value}.too-large`,
			message: `The audio is too large for ${delivery.label ?? 'its destination'}`,
			hint: tooLargeAdvice(delivery),
		});
	}
	const stored = await storeAudio(context, audio, {
		operation: speak.value,
		name: options.fileName?.trim() || delivery.fileName,
		mimeType: delivery.mimeType,
		pcm,
		...(delivery.destination === 'file' ? {} : { mustBe: delivery.format }),
	});
	const isLarge = delivery.comfort !== undefined && audio.length > delivery.comfort.bytes;
	for (const hint of [
		delivery.hint,
		isLarge ? delivery.comfort?.advice : undefined,
		...plan.hints,
	]) {
		if (hint) hintOnce(context, hint);
	}
	const wantsLink = options.addLink || isAgentTool(context);
	const audioUrl = wantsLink ? linkTo(context, stored.binary) : undefined;
	const output = speakOutput(facts, {
		stored,
		pcm,
		audioUrl,
		attempts: spoken.attempts,
		usage: spoken.usage,
	});
	const field =
		String(context.getNodeParameter('binaryPropertyOutput', itemIndex)).trim() || 'data';
	return { json: { ...kept(run, plan), ...output }, binary: { [field]: stored.binary } };
}

/** Every piece spoken and joined; with a listening caller also sent out on the way. */
async function speakAloud(run: ItemRun, plan: SpeakPlan) {
	const { context, itemIndex, transport } = run;
	const { options, requests, delivery } = plan;
	const pool = sharedPool(context, options.piecesAtOnce);
	const pace = sharedPace(context);
	const base = {
		operation: speak.value,
		pauseMs: options.pauseMs,
		allow: async (characters: number) => await waitTurn(run, pace, characters),
		learn: (allowance: CharacterAllowance) => pace.learn(allowance, Date.now()),
	};
	if (!options.stream || !listensToAudio(context)) {
		const narration = await narrate(transport, pool, {
			...base,
			format: delivery.ask,
			requests: requests.map((request) => ({ ...request, format: delivery.ask })),
		});
		return { ...narration, asked: delivery.ask };
	}
	// Bare samples begin two seconds sooner than any file format.
	const asked = delivery.ask === 'wav' ? 'pcm' : delivery.ask;
	const sender = new ChunkSender(context, itemIndex);
	const live = new LiveSpeech(requests.length, asked, (chunk) => sender.send(chunk));
	try {
		const narration = await narrate(transport, pool, {
			...base,
			format: asked,
			requests: requests.map((request) => ({ ...request, format: asked })),
			live,
		});
		return { ...narration, asked };
	} finally {
		await sender.end();
	}
}

function finish(
	{ audio, asked }: Awaited<ReturnType<typeof speakAloud>>,
	{ delivery }: SpeakPlan,
): FinishedAudio {
	try {
		return finishAudio(audio, asked, delivery);
	} catch (thrown) {
		throw notFinished(thrown);
	}
}

/** Waits as long as the account's characters a minute ask for; ends at once when the execution is stopped. */
async function waitTurn(
	{ context }: ItemRun,
	pace: SpeakingPace,
	characters: number,
): Promise<void> {
	const cancel = context.getExecutionCancelSignal?.();
	for (;;) {
		const waitMs = pace.reserve(characters, Date.now());
		if (waitMs === 0 || cancel?.aborted) return;
		// A stopped execution is noticed by the request that follows, which is then not sent.
		await sleep(waitMs, cancel).catch(() => undefined);
	}
}

function notFinished(thrown: unknown): Failure {
	if (!(thrown instanceof AudioError)) return asFailure(thrown, speak.value);
	return new Failure({
		stage: `${speak.value}.damaged-audio`,
		message: `The audio cannot be made ready for its destination: ${thrown.message}`,
		hint: 'Run the workflow again; if it stays like this, choose "File" as Destination and another Format.',
	});
}

const kept = (run: ItemRun, { options }: SpeakPlan): IDataObject =>
	incomingJson(run, options.keepInput);
