// Joined speech made ready for where it goes, checked against what is taken there, and put into n8n's store.
import type { IExecuteFunctions } from 'n8n-workflow';
import { AudioError } from '../audio/audio-error';
import { storeAudio, type StoredAudio } from '../audio/n8n-binary';
import {
	type DeliveryPreset,
	finishAudio,
	type FinishedAudio,
	tooLargeAdvice,
} from '../audio/delivery-preset';
import type { SpeechFormat } from '../audio/formats';
import type { PcmLayout } from '../audio/pcm/pcm';
import { asFailure, Failure } from '../errors/failure';
import { runCooperatively } from '../execution/cooperative';
import { addHint } from '../execution/output-hints';

export interface JoinedSpeech {
	readonly audio: Uint8Array;
	/** What Mistral was asked for. */
	readonly asked: SpeechFormat;
}

export interface StoredSpeech {
	readonly stored: StoredAudio;
	/** Layout of headerless samples. */
	readonly pcm?: PcmLayout | undefined;
}

/** @throws Failure `damaged-audio`, `wrong-format`, `too-large` */
export async function finishAndStore(
	context: IExecuteFunctions,
	speech: JoinedSpeech,
	delivery: DeliveryPreset,
	{ operation, fileName }: { readonly operation: string; readonly fileName: string | undefined },
): Promise<StoredSpeech> {
	const { audio, pcm } = await finish(speech, delivery, operation);
	if (delivery.maxBytes !== undefined && audio.length > delivery.maxBytes) {
		throw new Failure({
			stage: `${operation}.too-large`,
			message: `The audio is too large for ${delivery.label ?? 'its destination'}`,
			hint: tooLargeAdvice(delivery),
		});
	}
	const stored = await storeAudio(context, audio, {
		operation,
		name: fileName?.trim() || delivery.fileName,
		mimeType: delivery.mimeType,
		pcm,
		...(delivery.destination === 'file' ? {} : { mustBe: delivery.format }),
	});
	const isLarge = delivery.comfort !== undefined && audio.length > delivery.comfort.bytes;
	for (const hint of [delivery.hint, isLarge ? delivery.comfort?.advice : undefined]) {
		if (hint) addHint(context, hint);
	}
	return { stored, pcm };
}

async function finish(
	{ audio, asked }: JoinedSpeech,
	delivery: DeliveryPreset,
	operation: string,
): Promise<FinishedAudio> {
	try {
		return await runCooperatively(finishAudio(audio, asked, delivery));
	} catch (thrown) {
		throw notFinished(thrown, operation);
	}
}

function notFinished(thrown: unknown, operation: string): Failure {
	if (!(thrown instanceof AudioError)) return asFailure(thrown, operation);
	return new Failure({
		stage: `${operation}.damaged-audio`,
		message: `The audio cannot be made ready for its destination: ${thrown.message}`,
		hint: 'Run the workflow again; if it stays like this, choose "File" as Destination and another Format.',
	});
}
