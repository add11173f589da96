// The first stage: what was said, or typed.
import { readTranscriptionOptions } from '../../shared/fields/transcription/transcription-reader';
import { readSourceOrTyped } from '../../shared/fields/transcription/recording-reader';
import { transcribe } from '../../shared/mistral/transcriptions/transcriptions';
import { transcriptionFields } from '../../shared/mistral/transcriptions/transcription-fields';
import type { WireUsage } from '../../shared/mistral/wire';
import { addHint } from '../../shared/execution/output-hints';
import type { ItemRun } from '../../shared/execution/operation';
import type { TalkOptions } from '../talk.options';

const STAGE = 'transcribe';

export interface Heard {
	/** Empty when no words were understood. */
	readonly text: string;
	/** As Mistral or the person names it. */
	readonly language?: string;
	readonly isSpoken: boolean;
	readonly usage?: WireUsage;
	readonly attempts: number;
}

/** `stop` ends it. @throws Failure for an item with neither audio nor text */
export async function transcribeQuestion(
	item: ItemRun,
	options: TalkOptions,
	stop: AbortSignal,
): Promise<Heard> {
	const run = { ...item, client: item.client.forStage(STAGE, stop) };
	const { context, client } = run;
	const source = await readSourceOrTyped(run, STAGE, () => typedQuestion(run));
	if (source.kind === 'typed') return { text: source.text, isSpoken: false, attempts: 0 };
	const { spokenLanguage: language, vocabulary, listeningModel } = options;
	const wish = readTranscriptionOptions(listeningModel, { language, vocabulary }, STAGE);
	const plan = transcriptionFields({ ...wish, speakerClips: [] });
	for (const notice of plan.notices) addHint(context, notice);
	const { value, attempts } = await transcribe(client, {
		operation: STAGE,
		source,
		fields: plan.fields,
		timeoutMs: options.timeoutMs,
	});
	const spoken = value.language ?? plan.language;
	return {
		text: value.text.trim(),
		...(spoken ? { language: spoken } : {}),
		isSpoken: true,
		...(value.usage ? { usage: value.usage } : {}),
		attempts,
	};
}

const typedQuestion = ({ context, itemIndex }: ItemRun): string =>
	String(context.getNodeParameter('text', itemIndex, '') ?? '').trim();
