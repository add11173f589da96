// POST /v1/audio/transcriptions, whole and streamed, both generations.
import { createHash } from 'node:crypto';
import { invalidArguments, notFound, plainError } from './errors.mts';
import { formOf, type Answer, type Exchange, type Route } from './exchange.mts';
import { waitUntil } from './latency.mts';
import { transcriptionLimits } from './rate-limits.mts';
import { typed, type ServerEvent } from './sse.mts';
import { transcribe, words, type Transcript } from './transcript.mts';
import { readTranscriptionRequest, type TranscriptionRequest } from './transcription-request.mts';
import type { AudioReader } from './audio-reader.mts';

const windowSeconds = 30;
const tokensPerSecond = 12.5;
/** Audio and context bias share this token window on the third generation; longer input is rejected, not cut. */
const windowTokens = 65_536;
const downloadLimitBytes = 512 * 1024 * 1024;

interface WireSegment {
	type: 'transcription_segment';
	text: string;
	start: number;
	end: number;
	speaker_id: string | null;
}

interface WireTranscription {
	model: string;
	text: string;
	language: string | null;
	segments: WireSegment[];
	usage: Record<string, unknown>;
	finish_reason: null;
}

async function handle(exchange: Exchange): Promise<Answer> {
	const { world, signal, receivedAtMs } = exchange;
	const request = readTranscriptionRequest(formOf(exchange), world.quirks);
	const audio = await world.audio.read(await findSource(request, exchange));
	if (request.generation === 3 && audio.seconds * tokensPerSecond > windowTokens) {
		throw invalidArguments(
			`The audio and context_bias exceed the context window of ${windowTokens} tokens`,
		);
	}
	const reply = toWire(request, transcribe(audio), exchange);
	await waitUntil(receivedAtMs + world.profile.transcriptionMs, signal);
	const headers = transcriptionLimits(Number(reply.usage['prompt_audio_seconds']));
	if (!request.stream) return { json: reply, headers };
	return { events: streamed(reply, world.quirks), headers };
}

async function findSource(
	request: TranscriptionRequest,
	{ world, signal }: Exchange,
): Promise<Parameters<AudioReader['read']>[0]> {
	if (request.file) return request.file;
	if (request.fileId !== undefined) {
		const file = world.files.get(request.fileId);
		if (!file) throw notFound('File', request.fileId);
		return file.upload;
	}
	const url = new URL(request.fileUrl ?? '');
	if (!['127.0.0.1', 'localhost', '[::1]'].includes(url.hostname)) {
		throw plainError(
			400,
			`Could not download ${url.origin}: the stand-in only reaches this machine`,
		);
	}
	try {
		const response = await fetch(url, { signal });
		if (!response.ok) throw new Error(`HTTP ${response.status}`);
		const content = Buffer.from(await response.arrayBuffer());
		if (content.length > downloadLimitBytes) throw new Error('too large');
		const sha256 = createHash('sha256').update(content).digest('hex');
		return { sha256, bytes: content.length, head: content, content };
	} catch (error) {
		throw plainError(400, `Could not download the file_url: ${String(error)}`);
	}
}

function toWire(
	request: TranscriptionRequest,
	heard: Transcript,
	{ world: { quirks } }: Exchange,
): WireTranscription {
	const timed = request.granularities.length > 0;
	const lost =
		request.generation === 2 &&
		request.language !== undefined &&
		timed &&
		quirks.languageWithTimestampsIsEmpty;
	const empty = lost || quirks.emptyTranscript;
	const text = empty ? '' : heard.text;
	const entries = request.granularities.includes('word') ? words(heard.segments) : heard.segments;
	const audioSeconds = Math.max(1, Math.round(heard.seconds));
	const audioTokens = Math.ceil(heard.seconds / windowSeconds) * windowSeconds * tokensPerSecond;
	const completionTokens = Math.ceil(text.length / 4);
	return {
		model: request.model,
		text,
		language: languageShown(request, heard, timed),
		segments:
			timed && !empty
				? entries.map((entry, index) => ({
						type: 'transcription_segment',
						text: index === 0 ? entry.text : ` ${entry.text}`,
						start: entry.start,
						end: entry.end,
						speaker_id: request.diarize ? speakerLabel(entry.speaker, request.speakerNames) : null,
					}))
				: [],
		usage: {
			prompt_audio_seconds: audioSeconds,
			prompt_tokens: 5,
			completion_tokens: completionTokens,
			total_tokens: 5 + audioTokens + completionTokens,
			prompt_tokens_details: { cached_tokens: 0, audio_tokens: audioTokens },
			service_tier: 'standard',
		},
		finish_reason: null,
	};
}

function languageShown(
	request: TranscriptionRequest,
	heard: Transcript,
	timed: boolean,
): string | null {
	if (request.generation === 3) return request.returnLanguage ? heard.language : null;
	return request.language !== undefined && !timed ? request.language : null;
}

const speakerLabel = (speaker: number, names: string[]) =>
	names[speaker - 1] ?? `speaker_${speaker}`;

async function* streamed(
	reply: WireTranscription,
	{ segmentsAfterDeltas, padding }: { segmentsAfterDeltas: boolean; padding: boolean },
): AsyncGenerator<ServerEvent> {
	const extra = padding ? { p: 'abcdefghij' } : {};
	if (reply.language !== null) {
		yield typed('transcription.language', { audio_language: reply.language });
	}
	const pending = [...reply.segments];
	let said = '';
	for (const piece of reply.text.match(/\s*\S+/g) ?? []) {
		said += piece;
		yield typed('transcription.text.delta', { text: piece, ...extra });
		if (segmentsAfterDeltas) continue;
		while (pending[0] && said.trimEnd().endsWith(pending[0].text.trim())) {
			yield segmentEvent(pending.shift() as WireSegment);
		}
	}
	for (const segment of pending) yield segmentEvent(segment);
	const { finish_reason: _, ...done } = reply;
	yield typed('transcription.done', { ...done, ...extra });
}

const segmentEvent = ({ type: _, ...fields }: WireSegment) =>
	typed('transcription.segment', fields);

export const transcriptionRoutes: Route[] = [
	{ method: 'POST', path: '/v1/audio/transcriptions', body: 'form', metered: true, handle },
];
