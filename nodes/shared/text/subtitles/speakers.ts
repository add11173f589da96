// Diarization results: a transcript by speaker turns, seconds for each speaker, and names for labels such as `speaker_1`.

import { oneLine, type Segment, UNSPACED_SCRIPT } from './segments';

export interface SpeakerTurn extends Segment {
	/** Number of segments merged into the turn. */
	segments: number;
}

export interface SpeakerShare {
	speaker: string;
	/** Seconds spoken, to the hundredth; overlapping segments of one speaker count once. */
	seconds: number;
	turns: number;
}

/** Names by speaker label, as in `{ speaker_1: 'Anna' }`. */
export type SpeakerNames = Readonly<Record<string, string>>;

/** Replaces speaker labels by names; labels without a name stay. `Speaker 1` and `SPEAKER-01` match `speaker_1`. */
export function nameSpeakers<T extends Segment>(segments: readonly T[], names: SpeakerNames): T[] {
	const known = new Map(
		Object.entries(names)
			.map(([label, name]) => [labelKey(label), name.trim()] as const)
			.filter(([, name]) => name !== ''),
	);
	return segments.map((segment) => {
		const name = segment.speaker === undefined ? undefined : known.get(labelKey(segment.speaker));
		return name === undefined ? segment : { ...segment, speaker: name };
	});
}

/** Merges consecutive segments of one speaker into a turn; segments without text are skipped. */
export function toSpeakerTurns(segments: readonly Segment[]): SpeakerTurn[] {
	const turns: SpeakerTurn[] = [];
	let lastText = '';
	for (const segment of byTime(segments)) {
		const text = oneLine(segment.text);
		if (text === '') continue;
		const last = turns[turns.length - 1];
		if (last && last.speaker === segment.speaker) {
			last.text += separatorBetween(lastText, text) + text;
			last.end = Math.max(last.end, segment.end);
			last.segments++;
		} else turns.push({ ...segment, text, segments: 1 });
		lastText = text;
	}
	return turns;
}

/**
 * One line for each turn: `[00:01] Anna: Good morning.` Times have hours (`[1:02:03]`) if a turn starts after the
 * first; a turn without a speaker has only the time before its text.
 */
export function toTranscript(segments: readonly Segment[], names: SpeakerNames = {}): string {
	const turns = toSpeakerTurns(nameSpeakers(segments, names));
	const withHours = turns.some(({ start }) => start >= 3600);
	return turns
		.map(({ start, speaker, text }) => {
			const label = speaker === undefined || speaker === '' ? '' : `${readableLabel(speaker)}: `;
			return `[${formatTime(start, withHours)}] ${label}${text}`;
		})
		.join('\n');
}

/** Seconds and turns of each speaker, in order of first appearance. */
export function speakerShares(
	segments: readonly Segment[],
	names: SpeakerNames = {},
): SpeakerShare[] {
	const named = nameSpeakers(segments, names);
	const shares = new Map<string, { seconds: number; until: number }>();
	for (const { start, end, speaker } of byTime(named)) {
		if (speaker === undefined || speaker === '') continue;
		const share = shares.get(speaker) ?? { seconds: 0, until: 0 };
		share.seconds += Math.max(0, end - Math.max(start, share.until));
		share.until = Math.max(share.until, end);
		shares.set(speaker, share);
	}
	const counts = new Map<string, number>();
	for (const { speaker = '' } of toSpeakerTurns(named))
		counts.set(speaker, (counts.get(speaker) ?? 0) + 1);
	return [...shares].map(([speaker, { seconds }]) => ({
		speaker,
		seconds: Math.round(seconds * 100) / 100,
		turns: counts.get(speaker) ?? 0,
	}));
}

/** `speaker_1` becomes `Speaker 1`; names stay as they are. */
export function readableLabel(speaker: string): string {
	const number = /^speaker[_\s-]?(\d{1,4})$/i.exec(speaker.trim())?.[1];
	return number === undefined ? oneLine(speaker) : `Speaker ${Number(number)}`;
}

function labelKey(label: string): string {
	return readableLabel(label).toLowerCase();
}

function byTime(segments: readonly Segment[]): Segment[] {
	return segments
		.map((segment) => {
			const start = Number.isFinite(segment.start) ? Math.max(0, segment.start) : 0;
			const end = Number.isFinite(segment.end) ? Math.max(start, segment.end) : start;
			return { ...segment, start, end };
		})
		.sort((left, right) => left.start - right.start);
}

function formatTime(seconds: number, withHours: boolean): string {
	const pad = (value: number) => String(value).padStart(2, '0');
	const whole = Math.floor(seconds);
	const minutes = Math.floor(whole / 60);
	if (!withHours) return `${pad(minutes)}:${pad(whole % 60)}`;
	return `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

/** A space, or nothing between texts of scripts written without spaces between sentences. */
function separatorBetween(left: string, right: string): string {
	if (!UNSPACED_SCRIPT.test(right.slice(0, 2))) return ' ';
	const isUnspaced =
		UNSPACED_SCRIPT.test(left.slice(-2)) || /[、。，．！？：；」』）…]$/.test(left);
	return isUnspaced ? '' : ' ';
}
