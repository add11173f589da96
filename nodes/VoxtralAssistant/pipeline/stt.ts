// Speech to text, the first stage of a turn: what was said, or typed.
import { readSourceOrTyped } from '../../shared/fields/transcription/recording-reader';
import { readTranscriptionOptions } from '../../shared/fields/transcription/transcription-reader';
import { transcribe } from '../../shared/mistral/transcriptions/transcriptions';
import { transcriptionFields } from '../../shared/mistral/transcriptions/transcription-fields';
import type { WireUsage } from '../../shared/mistral/wire';
import { addHint } from '../../shared/execution/output-hints';
import type { ItemRun } from '../../shared/execution/operation';
import type { TalkOptions } from '../talk.options';

export interface Heard {
	/** Empty when no words were understood. */
	readonly text: string;
	/** As Mistral or the person names it. */
	readonly language?: string;
	readonly isSpoken: boolean;
	readonly usage?: WireUsage;
	readonly attempts: number;
}

/** @throws Failure for an item with neither audio nor text */
export async function speechToText(run: ItemRun, options: TalkOptions): Promise<Heard> {
	const { context, client } = run;
	const { operation } = client;
	const source = await readSourceOrTyped(run, operation, () => typedQuestion(run));
	if (source.kind === 'typed') return { text: source.text, isSpoken: false, attempts: 0 };
	const { spokenLanguage: language, vocabulary, listeningModel } = options;
	const wanted = readTranscriptionOptions(listeningModel, { language, vocabulary }, operation);
	const { fields, notices, ...form } = transcriptionFields({ ...wanted, speakerClips: [] });
	for (const notice of notices) addHint(context, notice);
	const { value, attempts } = await transcribe(client, { source, fields });
	const spoken = value.language ?? form.language;
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
