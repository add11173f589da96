// Text to speech: the item's text, of any length, becomes one audio file, rightly named and labelled.
import type { IDataObject, INodeExecutionData } from 'n8n-workflow';
import { sharedCharacterRateLimiter } from '../shared/synthesis/character-rate-limiter';
import { LiveAudio } from '../shared/synthesis/live-audio';
import { synthesize } from '../shared/synthesis/synthesize';
import { finishAndStore } from '../shared/synthesis/store-audio';
import { asFailure } from '../shared/errors/failure';
import { addHint } from '../shared/execution/output-hints';
import { incomingJson, type ItemRun, type Operation } from '../shared/execution/operation';
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
		const plan = await readSpeakRequest(run, speak.value);
		try {
			return [await speakItem(run, plan)];
		} catch (thrown) {
			const failure = asFailure(thrown, speak.value);
			const isCancelled = failure.facts.stage === `${speak.value}.cancelled`;
			if (!plan.options.textOnFailure || isCancelled) throw failure;
			addHint(run.context, `Speech failed, so the text goes on without audio: ${failure.message}`);
			return [{ json: { ...kept(run, plan), ...unspokenOutput(plan.words, failure.facts) } }];
		}
	},
};

async function speakItem(run: ItemRun, plan: SpeakRequest): Promise<INodeExecutionData> {
	const { context, itemIndex } = run;
	const { options, delivery, words } = plan;
	const spoken = await speakAloud(run, plan);
	const { fileName } = options;
	const about = { operation: speak.value, fileName };
	const { stored, pcm } = await finishAndStore(context, spoken, delivery, about);
	for (const hint of plan.hints) addHint(context, hint);
	const wantsLink = options.addLink || isAgentTool(context);
	const audioUrl = wantsLink ? linkTo(context, stored.binary) : undefined;
	const output = speakOutput(words, {
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
async function speakAloud(run: ItemRun, plan: SpeakRequest) {
	const { context, itemIndex, client } = run;
	const { options, requests, delivery, pieceTimeoutMs } = plan;
	const semaphore = sharedSemaphore(context, options.piecesAtOnce);
	const base = {
		operation: speak.value,
		pauseMs: options.pauseMs,
		pieceTimeoutMs,
		rateLimiter: sharedCharacterRateLimiter(context),
	};
	if (!options.stream || !listensToAudio(context)) {
		const speech = await synthesize(client, semaphore, {
			...base,
			format: delivery.ask,
			requests: requests.map((request) => ({ ...request, format: delivery.ask })),
		});
		return { ...speech, asked: delivery.ask };
	}
	// Bare samples begin two seconds sooner than any file format.
	const asked = delivery.ask === 'wav' ? 'pcm' : delivery.ask;
	const stream = new TriggerStream(context, itemIndex);
	stream.begin();
	const live = new LiveAudio(asked, (chunk) => stream.send({ ...chunk }));
	const goesOn = options.textOnFailure || context.continueOnFail();
	return await stream.endAfter(async () => {
		const speech = await synthesize(client, semaphore, {
			...base,
			format: asked,
			requests: requests.map((request) => ({ ...request, format: asked })),
			live,
		});
		return { ...speech, asked };
	}, goesOn);
}

const kept = (run: ItemRun, { options }: SpeakRequest): IDataObject =>
	incomingJson(run, options.keepInput);
