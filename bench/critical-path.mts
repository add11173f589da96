// The critical path of a turn through the API, from the stand-in's log: the lower bound for every client that cuts the
// answer into the same pieces and does not guess sentence ends (`$29.` may continue as `$29.99`, so that only the next
// word shows the end).
import { fragments } from '../test/standin/conversation-stream.mts';

/** One request as the stand-in logged it; times on one clock, in milliseconds. */
export interface LoggedCall {
	path: string;
	status: number | undefined;
	/** When the whole request was received. */
	receivedAtMs: number;
	/** When each event of the response was sent, or the body of a whole one. */
	sentAtMs: number[];
	/** Text of a speech request. */
	input?: string;
	stream: boolean;
}

export interface CriticalPath {
	firstAudioMs: number;
	wholeAudioMs: number;
	/** Time of the API alone if every call waited for the one before. */
	oneAfterTheOtherMs: number;
}

const serviceMs = (call: LoggedCall, event = call.sentAtMs.length - 1): number =>
	(call.sentAtMs[event] ?? Number.NaN) - call.receivedAtMs;

const letters = (text: string): number => text.replace(/[^\p{L}\p{N}]/gu, '').length;

/** Index of the fragment after that many letters of the reply (the next word shows the sentence end), or the last one. */
function fragmentAfter(reply: string, lettersSent: number): number {
	let sent = 0;
	const parts = fragments(reply);
	const found = parts.findIndex((part) => (sent += letters(part)) > lettersSent);
	return found === -1 ? parts.length - 1 : found;
}

/**
 * @param calls of one turn: one transcription, one answer, one or more pieces of speech
 * @param reply what was answered
 * @throws when the log does not hold exactly one such turn
 */
export function criticalPathOf(calls: readonly LoggedCall[], reply: string): CriticalPath {
	const good = calls.filter(({ status }) => status === 200);
	const heard = good.filter(({ path }) => path.endsWith('/audio/transcriptions'));
	const answers = good.filter(({ path }) => /\/(conversations|chat\/completions)$/.test(path));
	const pieces = good.filter(({ path }) => path.endsWith('/audio/speech'));
	const [hearing] = heard;
	const [answer] = answers;
	if (!hearing || !answer || heard.length + answers.length > 2 || pieces.length === 0) {
		throw new Error(
			`no single turn: ${calls.map(({ path, status }) => `${status} ${path}`).join()}`,
		);
	}
	const hearingMs = serviceMs(hearing);
	// The first event opens the stream; the fragments of the answer follow.
	const writtenMs = (sent: number) =>
		answer.stream ? serviceMs(answer, 1 + fragmentAfter(reply, sent)) : serviceMs(answer);
	let sent = 0;
	const spoken = pieces
		.map((piece) => ({ piece, at: reply.indexOf((piece.input ?? '').trim()) }))
		.sort((one, other) => one.at - other.at)
		.map(({ piece }) => {
			sent += letters(piece.input ?? '');
			const readyMs = hearingMs + writtenMs(sent);
			return { firstMs: readyMs + serviceMs(piece, 0), lastMs: readyMs + serviceMs(piece) };
		});
	const slowest = Math.max(...pieces.map((piece) => serviceMs(piece)));
	return {
		firstAudioMs: spoken[0]?.firstMs ?? Number.NaN,
		wholeAudioMs: Math.max(...spoken.map(({ lastMs }) => lastMs)),
		oneAfterTheOtherMs: hearingMs + serviceMs(answer) + slowest,
	};
}
