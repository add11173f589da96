// The recordings of the tests: as bytes, as an upload, and as received by a stand-in.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RecordedRequest, StandIn } from '../standin/index.mts';

/** A recording of `test/recordings`. */
export const recording = (name: string): Buffer =>
	readFileSync(new URL(`../recordings/${name}`, import.meta.url));

export const sha256 = (bytes: Uint8Array): string =>
	createHash('sha256').update(bytes).digest('hex');

/** The recording as a phone uploads it. */
export const voiceNote = (name = 'question.ogg', sentAs = name): File =>
	new File([new Uint8Array(recording(name))], sentAs, { type: 'audio/ogg' });

/** The files uploaded to the stand-in, in order. */
export const uploadsTo = ({ requests }: StandIn): NonNullable<RecordedRequest['form']>['files'] =>
	requests.flatMap(({ form }) => form?.files ?? []);
