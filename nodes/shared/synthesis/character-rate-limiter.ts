// Waits as long as the account's characters a minute ask for.
import type { IExecuteFunctions } from 'n8n-workflow';
import { sleep } from 'n8n-workflow';
import type { CharacterAllowance } from '../mistral/speech/speech-audio';
import { sharedCharacterWindow } from './character-window';

export interface CharacterRateLimiter {
	/** Waits until so many characters more may be spoken; ends at once when the execution is stopped. */
	acquire(characters: number): Promise<void>;
	learn(allowance: CharacterAllowance): void;
}

/** The one of all items of an execution. */
export function sharedCharacterRateLimiter(context: IExecuteFunctions): CharacterRateLimiter {
	const pace = sharedCharacterWindow(context);
	const cancel = context.getExecutionCancelSignal?.();
	return {
		acquire: async (characters) => {
			for (;;) {
				const waitMs = pace.reserve(characters, Date.now());
				if (waitMs === 0 || cancel?.aborted) return;
				// A stopped execution is noticed by the request that follows, which is then not sent.
				await sleep(waitMs, cancel).catch(() => undefined);
			}
		},
		learn: (allowance) => pace.learn(allowance, Date.now()),
	};
}
