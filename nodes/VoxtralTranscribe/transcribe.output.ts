// From Mistral's transcription to the item's fields and its subtitle file. Pure.
import type { IDataObject } from 'n8n-workflow';
import { cleanStem } from '../shared/audio/upload-name';
import type { WireSegment, WireTranscription } from '../shared/mistral/wire';
import { secondsBySpeaker, toTranscript } from '../shared/speech/speakers';
import type { Segment } from '../shared/speech/subtitles';
import { toSrt, toWebVtt } from '../shared/speech/subtitles';
import { phrasesOf } from './transcribe.phrases';

export interface OutputFacts {
	/** As asked for; the reply may say more exactly which. */
	readonly model: string;
	/** As asked for; the reply often leaves it out then. */
	readonly language?: string;
	readonly attempts: number;
	/** Label to name, for example `speaker_1` to Anna. */
	readonly names: ReadonlyMap<string, string>;
	/** Whether the segments are single words. */
	readonly byWord: boolean;
	readonly simplify: boolean;
}

/**
 * `segments` times are in seconds; `speaker` and `speakers` are there when speakers were told apart,
 * `transcript`, `srt` and `vtt` when the segments have times.
 */
export function transcribeOutput(reply: WireTranscription, facts: OutputFacts): IDataObject {
	const segments = (reply.segments ?? []).map((segment) => segmentOutput(segment, facts.names));
	const phrases = timedPhrases(reply, facts);
	const text = reply.text.trim();
	const language = reply.language ?? facts.language ?? null;
	const transcript = phrases.length > 0 ? { transcript: toTranscript(phrases) } : {};
	if (facts.simplify) return { text, language, ...transcript, spoken: true };
	const spoken = phrases.some(({ speaker }) => speaker !== undefined);
	return {
		text,
		language,
		segments,
		...(spoken ? { speakers: secondsBySpeaker(phrases) } : {}),
		...transcript,
		...(phrases.length > 0 ? { srt: toSrt(phrases), vtt: toWebVtt(phrases) } : {}),
		model: reply.model ?? facts.model,
		usage: (reply.usage ?? {}) as IDataObject,
		attempts: facts.attempts,
		spoken: true,
	};
}

/** A typed message in the place of a spoken one. */
export function typedOutput(text: string): IDataObject {
	return { text, language: null, segments: [], spoken: false };
}

export type SubtitleFormat = 'srt' | 'vtt';

export interface SubtitleFile {
	readonly text: string;
	readonly fileName: string;
	readonly mimeType: string;
}

/** Named after the recording; undefined when the reply has no times. */
export function subtitleFile(
	reply: WireTranscription,
	facts: OutputFacts,
	format: SubtitleFormat,
	recordingName: string | undefined,
): SubtitleFile | undefined {
	const phrases = timedPhrases(reply, facts);
	if (phrases.length === 0) return undefined;
	const stem = recordingName ? cleanStem(recordingName) : 'subtitles';
	return format === 'srt'
		? { text: toSrt(phrases), fileName: `${stem}.srt`, mimeType: 'application/x-subrip' }
		: { text: toWebVtt(phrases), fileName: `${stem}.vtt`, mimeType: 'text/vtt' };
}

function segmentOutput(segment: WireSegment, names: OutputFacts['names']): IDataObject {
	const { text, start, end } = segment;
	const speaker = nameOf(segment, names);
	return { start: start ?? null, end: end ?? null, text: text.trim(), ...(speaker ? { speaker } : {}) };
}

function timedPhrases({ segments }: WireTranscription, { names, byWord }: OutputFacts): Segment[] {
	const timed = (segments ?? []).flatMap((segment): Segment[] => {
		const { start, end, text } = segment;
		if (typeof start !== 'number' || typeof end !== 'number' || text.trim() === '') return [];
		const speaker = nameOf(segment, names);
		return [{ start, end, text: byWord ? text : text.trim(), ...(speaker ? { speaker } : {}) }];
	});
	return byWord ? phrasesOf(timed) : timed;
}

function nameOf({ speaker_id: label }: WireSegment, names: OutputFacts['names']): string | undefined {
	return label ? (names.get(label.toLowerCase()) ?? label) : undefined;
}
