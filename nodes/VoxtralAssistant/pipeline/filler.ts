// Filler audio: a sentence that bridges a web search, spoken before the answer and no part of it.
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

	/** The answer has begun: what was to bridge the wait must not lengthen it. */
	skip(): void {
		this.skipped.abort();
	}

	/**
	 * Audio of the sentence into `sink`, from the cache where it was spoken before. Nothing depends on
	 * it: when it fails, the answer simply comes without it.
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
