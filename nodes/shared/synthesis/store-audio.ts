// Converts joined speech to its destination's format, checks the size limit, and stores it as binary data of n8n.
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
import type { WireUsage } from '../mistral/wire';
import { addHint } from '../execution/output-hints';

/** Synthesized speech before conversion. */
export interface JoinedSpeech {
	readonly audio: Uint8Array;
	/** The format of `audio`, as requested from Mistral. */
	readonly format: SpeechFormat;
	/** Requests sent, retries included. */
	readonly attempts: number;
	readonly usage?: WireUsage | undefined;
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
	preset: DeliveryPreset,
	{ operation, fileName }: { readonly operation: string; readonly fileName: string | undefined },
): Promise<StoredSpeech> {
	const { audio, pcm } = await finish(speech, preset, operation);
	if (preset.maxBytes !== undefined && audio.length > preset.maxBytes) {
		throw new Failure({
			stage: `${operation}.too-large`,
			message: `The audio is too large for ${preset.label ?? 'its destination'}`,
			hint: tooLargeAdvice(preset),
		});
	}
	const stored = await storeAudio(context, audio, {
		operation,
		name: fileName?.trim() || preset.fileName,
		mimeType: preset.mimeType,
		pcm,
		...(preset.destination === 'file' ? {} : { mustBe: preset.format }),
	});
	const isLarge = preset.comfort !== undefined && audio.length > preset.comfort.bytes;
	for (const hint of [preset.hint, isLarge ? preset.comfort?.advice : undefined]) {
		if (hint) addHint(context, hint);
	}
	return { stored, pcm };
}

async function finish(
	{ audio, format }: JoinedSpeech,
	preset: DeliveryPreset,
	operation: string,
): Promise<FinishedAudio> {
	try {
		return await runCooperatively(finishAudio(audio, format, preset));
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
