// Output fields and subtitle file of a transcription. Pure.
import type { IDataObject } from 'n8n-workflow';
import { cleanStem } from '../shared/audio/upload-name';
import type { WireTranscription } from '../shared/mistral/wire';
import {
	nameSpeakers,
	readableLabel,
	type SpeakerNames,
	speakerShares,
	toTranscript,
} from '../shared/text/subtitles/speakers';
import type { Segment } from '../shared/text/subtitles/segments';
import { toSrt, toWebVtt } from '../shared/text/subtitles/subtitles';
import { phrasesOf } from './transcribe.phrases';

export interface OutputFacts {
	/** As requested; the reply may name the exact version. */
	readonly model: string;
	/** As requested; the reply then often omits it. */
	readonly language?: string;
	readonly attempts: number;
	readonly names: SpeakerNames;
	/** Whether each segment is a single word. */
	readonly byWord: boolean;
	readonly simplify: boolean;
}

/**
 * Times of `segments` are in seconds. `speaker` and `speakers` exist with diarization, `transcript`, `srt` and
 * `vtt` with timestamps.
 */
export function transcribeOutput(reply: WireTranscription, facts: OutputFacts): IDataObject {
	const phrases = timedPhrases(reply, facts);
	const isTimed = phrases.length > 0;
	const hasSpeakers = phrases.some(({ speaker }) => speaker !== undefined);
	const text = reply.text.trim();
	const language = reply.language ?? facts.language ?? null;
	const transcript = isTimed ? { transcript: readable(phrases, hasSpeakers) } : {};
	if (facts.simplify) return { text, language, ...transcript, spoken: true };
	const shown = forViewers(phrases);
	return {
		text,
		language,
		segments: segmentsOutput(reply, facts),
		...(hasSpeakers ? { speakers: speakerShares(phrases) as unknown as IDataObject[] } : {}),
		...transcript,
		...(isTimed ? { srt: toSrt(shown), vtt: toWebVtt(shown) } : {}),
		model: reply.model ?? facts.model,
		usage: (reply.usage ?? {}) as IDataObject,
		attempts: facts.attempts,
		spoken: true,
	};
}

/** Output fields of a typed message, which is not transcribed. */
export function typedOutput(text: string): IDataObject {
	return { text, language: null, segments: [], spoken: false };
}

export type SubtitleFormat = 'srt' | 'vtt';

export interface SubtitleFile {
	readonly text: string;
	readonly fileName: string;
	readonly mimeType: string;
}

/** Named after the recording; undefined when the reply has no timestamps. */
export function subtitleFile(
	reply: WireTranscription,
	facts: OutputFacts,
	format: SubtitleFormat,
	recordingName: string | undefined,
): SubtitleFile | undefined {
	const phrases = forViewers(timedPhrases(reply, facts));
	if (phrases.length === 0) return undefined;
	const stem = recordingName ? cleanStem(recordingName) : 'subtitles';
	return format === 'srt'
		? { text: toSrt(phrases), fileName: `${stem}.srt`, mimeType: 'application/x-subrip' }
		: { text: toWebVtt(phrases), fileName: `${stem}.vtt`, mimeType: 'text/vtt' };
}

function segmentsOutput({ segments }: WireTranscription, { names }: OutputFacts): IDataObject[] {
	return (segments ?? []).map(({ text, start, end, speaker_id: label }) => {
		const speaker = label ? nameOf(label, names) : undefined;
		return {
			start: start ?? null,
			end: end ?? null,
			text: text.trim(),
			...(speaker ? { speaker } : {}),
		};
	});
}

function nameOf(label: string, names: SpeakerNames): string | undefined {
	return nameSpeakers([{ start: 0, end: 0, text: '', speaker: label }], names)[0]?.speaker;
}

/** Segments with timestamps, with speaker names in place of labels; single words are joined to phrases. */
function timedPhrases({ segments }: WireTranscription, { names, byWord }: OutputFacts): Segment[] {
	const timed = (segments ?? []).flatMap(({ start, end, text, speaker_id: speaker }): Segment[] => {
		if (typeof start !== 'number' || typeof end !== 'number' || text.trim() === '') return [];
		return [{ start, end, text, ...(speaker ? { speaker } : {}) }];
	});
	return nameSpeakers(byWord ? phrasesOf(timed) : timed, names);
}

/** One paragraph per speaker turn with diarization, otherwise one line per phrase. */
function readable(phrases: readonly Segment[], hasSpeakers: boolean): string {
	if (hasSpeakers) return toTranscript(phrases);
	return phrases.map((phrase) => toTranscript([phrase])).join('\n');
}

function forViewers(phrases: readonly Segment[]): Segment[] {
	return phrases.map((phrase) =>
		phrase.speaker === undefined ? phrase : { ...phrase, speaker: readableLabel(phrase.speaker) },
	);
}
