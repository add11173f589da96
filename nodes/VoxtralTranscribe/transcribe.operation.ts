// Transcribe: the item's recording to text, with timestamps, speakers and a subtitle file.
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
} from '../shared/mistral/transcriptions/transcription-fields';
import type { WithAttempts } from '../shared/http/client';
import type { WireTranscription } from '../shared/mistral/wire';
import { addHint } from '../shared/execution/output-hints';
import { incomingJson, type ItemRun, type Operation } from '../shared/execution/operation';
import { readLocator } from '../shared/execution/parameters';
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
		const typed = () => String(options.typedMessage ?? '').trim();
		const source = await readSourceOrTyped(run, OPERATION, typed);
		const incoming = incomingJson(run, options.keepInput ?? true);
		if (source.kind === 'typed') return [{ json: { ...incoming, ...typedOutput(source.text) } }];
		const request = await readRequest(run, options);
		const reply = await sendWithLiveText(run, source, request, options);
		const facts = { ...request, attempts: reply.attempts };
		const json = { ...incoming, ...transcribeOutput(reply.value, facts) };
		return [{ json, ...(await subtitles(run, source, reply.value, facts, options)) }];
	},
};

/** Form fields of the request, and the facts about it that the output needs. */
async function readRequest(run: ItemRun, options: TranscribeOptions) {
	const model = readLocator(run, 'model');
	const read = readTranscriptionOptions(model, options, OPERATION);
	const speakerClips = await readSpeakerClips(run, options.voiceSamples, OPERATION);
	// Subtitles need timestamps.
	const needsTimestamps = read.timestamps === 'none' && subtitleFormat(options) !== undefined;
	const timestamps = needsTimestamps ? 'segment' : read.timestamps;
	const { notices, ...form } = transcriptionFields({ ...read, timestamps, speakerClips });
	for (const notice of notices) addHint(run.context, notice);
	const simplify = options.simplify ?? false;
	return { ...form, model, names: readSpeakerNames(options), simplify };
}

/** Sends the request, streams the text to the trigger's caller, and uploads the recording first, as the options say. */
async function sendWithLiveText(
	run: ItemRun,
	source: TranscriptionSource,
	{ fields }: Pick<TranscriptionFields, 'fields'>,
	options: TranscribeOptions,
): Promise<WithAttempts<WireTranscription>> {
	const { context, client, itemIndex } = run;
	const stream =
		options.streamText && isStreaming(context) ? new TriggerStream(context, itemIndex) : undefined;
	const request = {
		fields,
		...(stream ? { onText: (text: string) => stream.send(text) } : {}),
	};
	const sendRequest = async () => {
		if (!options.uploadFirst || source.kind !== 'recording') {
			return await send(client, { ...request, source });
		}
		const reply = await transcribeStored(client, source.audio, request);
		if (!reply.deleted) {
			addHint(
				context,
				`The copy of the recording of item ${itemIndex} is still stored at Mistral: deleting it did not work. Mistral deletes it after 30 days.`,
			);
		}
		return reply;
	};
	const reply = await (stream ? stream.endAfter(sendRequest) : sendRequest());
	if (reply.value.text.trim() === '') addHint(context, `No words were heard in item ${itemIndex}.`);
	return reply;
}

function subtitleFormat({ subtitleFile: format }: TranscribeOptions): SubtitleFormat | undefined {
	return format === 'srt' || format === 'vtt' ? format : undefined;
}

async function subtitles(
	{ context, itemIndex }: ItemRun,
	source: TranscriptionSource,
	reply: WireTranscription,
	facts: OutputFacts,
	options: TranscribeOptions,
): Promise<Pick<INodeExecutionData, 'binary'>> {
	const format = subtitleFormat(options);
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
