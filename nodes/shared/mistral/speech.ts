// POST /v1/audio/speech: text up, one audio file back.
import type { SpeechFormat } from '../audio/formats';
import { Failure } from '../run/failure';
import type { Reply } from './attempt';
import { isAudio, isJson, notAsDocumented, readAll } from './body';
import { asRecord, textOf } from './shape';
import type { Sent, Transport } from './transport';
import type { WireSpeechRequest } from './wire';

const MAX_AUDIO_BYTES = 256 * 1024 * 1024;

export interface SpeechRequest {
	readonly text: string;
	readonly model: string;
	/** Slug or id. */
	readonly voice: string;
	readonly format: SpeechFormat;
	/** For all tries together. */
	readonly timeoutMs: number;
}

/** The complete audio file in the format asked for. */
export async function speak(
	transport: Transport,
	operation: string,
	{ text, model, voice, format, timeoutMs }: SpeechRequest,
): Promise<Sent<Buffer>> {
	const body: WireSpeechRequest = {
		input: text,
		model,
		voice_id: voice,
		response_format: format,
		stream: false,
	};
	return await transport.send(
		{
			method: 'POST',
			path: '/v1/audio/speech',
			body: () => ({ ...body }),
			accept: 'application/json, audio/*;q=0.5',
			repeatable: true,
			deadlineMs: timeoutMs,
			// One request in ten stalls up to 11 s before it begins; after that another try is quicker.
			firstByteMs: Math.max(30_000, text.length * 20),
			maxBytes: MAX_AUDIO_BYTES,
		},
		async (reply) => await readAudio(reply, operation),
	);
}

/** Mistral sends base64 in JSON; self-hosted servers send the bytes themselves. */
async function readAudio({ headers, body }: Reply, operation: string): Promise<Buffer> {
	const bytes = await readAll(body);
	if (isAudio(headers) && bytes.length > 0) return bytes;
	const encoded = isJson(headers)
		? textOf(asRecord(JSON.parse(bytes.toString('utf8')))?.audio_data)
		: undefined;
	if (encoded === undefined) throw notAsDocumented(operation);
	return decodeBase64(encoded, operation);
}

/** Strict, where `Buffer.from` would silently drop what does not belong. */
function decodeBase64(encoded: string, operation: string): Buffer {
	const audio = Buffer.from(encoded, 'base64');
	if (audio.length === 0 || audio.length !== Buffer.byteLength(encoded, 'base64')) {
		throw new Failure({
			stage: `${operation}.damaged-audio`,
			message: 'The audio arrived damaged',
			hint: 'Run the workflow again; a proxy between n8n and Mistral may alter answers.',
		});
	}
	return audio;
}
