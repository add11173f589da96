// Filler audio: a fixed sentence streamed during a web search, before the answer and not part of it.
import { accountOf } from '../../shared/conversation/thread';
import type { HttpClient, WithAttempts } from '../../shared/http/client';
import type { AudioSink, SpokenAudio } from '../../shared/mistral/speech/speech-audio';
import {
	cachedFiller,
	cacheFiller,
	type FillerKey,
} from '../../shared/synthesis/filler-audio-cache';
import type { ItemRun } from '../../shared/execution/operation';

export class Filler {
	isTaken = false;

	private readonly skipped = new AbortController();

	constructor(readonly text: string) {}

	/** Cancels the filler once the answer has begun, so that it does not delay the answer. */
	skip(): void {
		this.skipped.abort();
	}

	/**
	 * Sends the audio of the sentence to `sink`, from the cache or by `synthesize`. Returns the request, or
	 * undefined for cached audio.
	 */
	async speak(
		{ context, client }: ItemRun,
		as: Omit<FillerKey, 'account' | 'text'>,
		sink: AudioSink | undefined,
		synthesize: (client: HttpClient) => Promise<WithAttempts<SpokenAudio>>,
	): Promise<WithAttempts<SpokenAudio> | undefined> {
		const key = { ...as, account: accountOf(context), text: this.text };
		const cached = cachedFiller(key);
		if (cached) {
			sink?.begin(() => undefined);
			sink?.push(cached);
			return undefined;
		}
		const budget = client.budget.with(this.skipped.signal);
		const sent = await synthesize(client.forStage(client.operation, budget));
		cacheFiller(key, sent.value.audio);
		return sent;
	}
}
