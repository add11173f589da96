// Recordings with known transcripts: test/recordings/recordings.json, by content hash.
import { readFileSync } from 'node:fs';

export interface KnownSegment {
	text: string;
	/** Seconds. */
	start: number;
	end: number;
	/** 1 for the first voice heard. */
	speaker: number;
}

export interface KnownRecording {
	file: string;
	sha256: string;
	text: string;
	language: string;
	seconds: number;
	segments: KnownSegment[];
}

export const recordingsFolder = new URL('../recordings/', import.meta.url);

let known: Map<string, KnownRecording> | undefined;

export function findRecording(sha256: string): KnownRecording | undefined {
	if (!known) {
		const { recordings } = JSON.parse(
			readFileSync(new URL('recordings.json', recordingsFolder), 'utf8'),
		) as { recordings: KnownRecording[] };
		known = new Map(recordings.map((recording) => [recording.sha256, recording]));
	}
	return known.get(sha256);
}
