// STT stage of a turn: transcribes the spoken question, or takes the typed one.
import { readSourceOrTyped } from '../../shared/fields/transcription/recording-reader';
import { readTranscriptionOptions } from '../../shared/fields/transcription/transcription-reader';
import { transcribe } from '../../shared/mistral/transcriptions/transcriptions';
import { transcriptionFields } from '../../shared/mistral/transcriptions/transcription-fields';
import type { WireUsage } from '../../shared/mistral/wire';
import { readText } from '../../shared/execution/parameters';
import { omitUndefined } from '../../shared/http/response/json';
import { addHint } from '../../shared/execution/output-hints';
import type { ItemRun } from '../../shared/execution/operation';
import type { TalkOptions } from '../talk.options';

/** The question. */
export interface Heard {
	/** Empty when no words were recognised. */
	readonly text: string;
	/** As Mistral returns it, or as set in the options. */
	readonly language?: string;
	readonly isSpoken: boolean;
	readonly usage?: WireUsage;
	readonly attempts: number;
}

/** @throws Failure for an item with neither audio nor text */
export async function speechToText(run: ItemRun, options: TalkOptions): Promise<Heard> {
	const { client } = run;
	const { operation } = client;
	const source = await readSourceOrTyped(run, operation, () => readText(run, 'text'));
	if (source.kind === 'typed') return { text: source.text, isSpoken: false, attempts: 0 };
	const { spokenLanguage: language, vocabulary, listeningModel } = options;
	const wanted = readTranscriptionOptions(listeningModel, { language, vocabulary }, operation);
	const { fields, notices, ...form } = transcriptionFields({ ...wanted, speakerClips: [] });
	for (const notice of notices) addHint(run.context, notice);
	const { value, attempts } = await transcribe(client, { source, fields });
	return omitUndefined({
		text: value.text.trim(),
		language: (value.language ?? form.language) || undefined,
		isSpoken: true,
		usage: value.usage ?? undefined,
		attempts,
	});
}
