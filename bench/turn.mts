// One turn from the caller's side: posts a recording and measures when speech arrives.
import { mp3BytesPerSecond } from './canned-speech.mts';

export interface TurnTimes {
	/** Time to the first bytes of speech. */
	firstAudioMs: number;
	/** Time to the last bytes of speech. */
	wholeAudioMs: number;
	/** Seconds of speech received. */
	seconds: number;
}

/** Format of a contender's response. */
export type AnswerForm = 'mp3' | 'samples' | 'chunks' | 'empty';

const int16BytesPerSecond = 48_000;

/** Bytes of 16-bit samples in a line of n8n's stream; 0 for other lines. */
function audioBytesIn(line: string): number {
	// A cheap check first: most lines are text, and audio lines are long.
	if (!line.includes('\\"audio\\"') && !line.includes('"audio"')) return 0;
	const { type, content } = JSON.parse(line) as { type: string; content?: string | object };
	if (type !== 'item' || content === undefined) return 0;
	const chunk = (typeof content === 'string' ? JSON.parse(content) : content) as {
		type?: string;
		format?: string;
		data?: string;
	};
	if (chunk.type !== 'audio' || chunk.data === undefined) return 0;
	if (chunk.format !== 'pcm_s16le') throw new Error(`unexpected audio format ${chunk.format}`);
	return Buffer.byteLength(chunk.data, 'base64');
}

/** Splits text into lines as it arrives. */
function lineCutter(): (text: string) => string[] {
	let held = '';
	return (text) => {
		const parts = (held + text).split('\n');
		held = parts.pop() ?? '';
		return parts;
	};
}

/** @throws when the response is an error, or a stream has an error event */
export async function takeTurn(
	url: string,
	recording: Uint8Array<ArrayBuffer>,
	form: AnswerForm,
): Promise<TurnTimes> {
	const body = form === 'samples' ? recording : new FormData();
	if (body instanceof FormData)
		body.append('data', new File([recording], 'question.ogg', { type: 'audio/ogg' }));
	const startMs = performance.now();
	const response = await fetch(url, { method: 'POST', body });
	if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
	const times = { firstAudioMs: Number.NaN, wholeAudioMs: Number.NaN };
	const note = (): void => {
		const elapsedMs = performance.now() - startMs;
		if (Number.isNaN(times.firstAudioMs)) times.firstAudioMs = elapsedMs;
		times.wholeAudioMs = elapsedMs;
	};
	let bytes = 0;
	if (form === 'chunks') {
		const cut = lineCutter();
		const decoder = new TextDecoder();
		for await (const chunk of response.body ?? []) {
			for (const line of cut(decoder.decode(chunk, { stream: true }))) {
				if (line.includes('"type":"error"')) throw new Error(line.slice(0, 500));
				const audio = audioBytesIn(line);
				if (audio > 0) note();
				bytes += audio;
			}
		}
		return { ...times, seconds: bytes / int16BytesPerSecond };
	}
	for await (const chunk of response.body ?? []) {
		bytes += chunk.length;
		note();
	}
	if (form === 'empty') note();
	if (form === 'samples') return { ...times, seconds: bytes / int16BytesPerSecond };
	return { ...times, seconds: bytes / mp3BytesPerSecond };
}
