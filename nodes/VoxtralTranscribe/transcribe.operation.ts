// Speech to text: the item's recording goes up, its words are added to the item.
import type { INodeExecutionData } from 'n8n-workflow';
import {
	readSpeakerNames,
	readTranscriptionOptions,
	type StoredTranscriptionOptions,
} from '../shared/fields/transcription/transcription-reader';
import {
	transcribe as send,
	transcribeStored,
	type TranscriptionSource,
} from '../shared/mistral/transcriptions/transcriptions';
import {
	type TranscriptionFields,
	transcriptionFields,
	type TranscriptionOptions,
} from '../shared/mistral/transcriptions/transcription-fields';
import type { WithAttempts } from '../shared/http/client';
import type { WireTranscription } from '../shared/mistral/wire';
import { addHint } from '../shared/execution/output-hints';
import { incomingJson, type ItemRun, type Operation } from '../shared/execution/operation';
import { isStreaming, TriggerStream } from '../shared/execution/trigger-stream';
import {
	DEFAULT_SUBTITLE_FIELD,
	DEFAULT_TIMEOUT_SECONDS,
	transcribeFields,
} from './transcribe.fields';
import {
	type OutputFacts,
	subtitleFile,
	type SubtitleFormat,
	transcribeOutput,
	typedOutput,
} from './transcribe.output';
import {
	readSourceOrTyped,
	readSpeakerClips,
	type VoiceSampleOption,
} from '../shared/fields/transcription/recording-reader';

interface TranscribeOptions extends StoredTranscriptionOptions {
	keepInput?: boolean;
	simplify?: boolean;
	streamText?: boolean;
	subtitleField?: string;
	subtitleFile?: SubtitleFormat | 'none';
	typedMessage?: unknown;
	uploadFirst?: boolean;
	voiceSamples?: VoiceSampleOption;
}

const OPERATION = 'transcribe';

export const transcribe: Operation = {
	value: OPERATION,
	name: 'Transcribe',
	action: 'Transcribe a recording',
	description: 'Turn speech into text',
	fields: transcribeFields,
	timeLimit: { seconds: DEFAULT_TIMEOUT_SECONDS, isOption: true },
	async execute(run) {
		const { context, itemIndex } = run;
		const options = context.getNodeParameter('options', itemIndex, {}) as TranscribeOptions;
		const incoming = incomingJson(run, options.keepInput ?? true);
		const typed = () => String(options.typedMessage ?? '').trim();
		const source = await readSourceOrTyped(run, OPERATION, typed);
		if (source.kind === 'typed') return [{ json: { ...incoming, ...typedOutput(source.text) } }];
		const wish = await readFullWish(run, options);
		const plan = transcriptionFields(wish);
		for (const notice of plan.notices) addHint(context, notice);
		const { value, attempts } = await listen(run, source, plan, options);
		if (value.text.trim() === '') addHint(context, `No words were heard in item ${itemIndex}.`);
		const facts = {
			...plan,
			model: wish.model,
			attempts,
			names: readSpeakerNames(options),
			simplify: options.simplify ?? false,
		};
		const json = { ...incoming, ...transcribeOutput(value, facts) };
		return [{ json, ...(await subtitles(run, source, value, facts, options)) }];
	},
};

async function readFullWish(
	run: ItemRun,
	options: TranscribeOptions,
): Promise<TranscriptionOptions> {
	const { context, itemIndex } = run;
	const model = context.getNodeParameter('model', itemIndex, '', { extractValue: true });
	const wish = readTranscriptionOptions(String(model ?? '').trim(), options, OPERATION);
	const speakerClips = await readSpeakerClips(run, options.voiceSamples, OPERATION);
	const untimed = wish.timestamps === 'none' && wantedSubtitles(options) !== undefined;
	return { ...wish, ...(untimed ? { timestamps: 'segment' } : {}), speakerClips };
}

/** The request itself, with its detours: live text on the way, a stored copy that is deleted again. */
async function listen(
	run: ItemRun,
	source: TranscriptionSource,
	{ fields }: TranscriptionFields,
	options: TranscribeOptions,
): Promise<WithAttempts<WireTranscription>> {
	const { context, client, itemIndex } = run;
	// A chat or a streaming webhook gets the text while it is being understood.
	const stream =
		options.streamText && isStreaming(context) ? new TriggerStream(context, itemIndex) : undefined;
	const request = {
		fields,
		...(stream ? { onText: (text: string) => stream.send(text) } : {}),
	};
	const listening = async () => {
		if (!options.uploadFirst || source.kind !== 'recording') {
			return await send(client, { ...request, source });
		}
		const stored = await transcribeStored(client, source.audio, request);
		if (!stored.deleted) {
			addHint(
				context,
				`The copy of the recording of item ${itemIndex} is still stored at Mistral: deleting it did not work. Mistral deletes it after 30 days.`,
			);
		}
		return stored;
	};
	return await (stream ? stream.endAfter(listening) : listening());
}

function wantedSubtitles({ subtitleFile: format }: TranscribeOptions): SubtitleFormat | undefined {
	return format === 'srt' || format === 'vtt' ? format : undefined;
}

async function subtitles(
	{ context, itemIndex }: ItemRun,
	source: TranscriptionSource,
	reply: WireTranscription,
	facts: OutputFacts,
	options: TranscribeOptions,
): Promise<Pick<INodeExecutionData, 'binary'>> {
	const format = wantedSubtitles(options);
	if (!format) return {};
	const recordingName = source.kind === 'recording' ? source.audio.uploadName : undefined;
	const file = subtitleFile(reply, facts, format, recordingName);
	if (!file) {
		addHint(
			context,
			`There is no subtitle file for item ${itemIndex}: the server returned no timestamps.`,
		);
		return {};
	}
	const bytes = Buffer.from(file.text, 'utf8');
	const data = await context.helpers.prepareBinaryData(bytes, file.fileName, file.mimeType);
	return { binary: { [options.subtitleField?.trim() || DEFAULT_SUBTITLE_FIELD]: data } };
}
