// Rate limiter for the characters per minute that the account may synthesize.
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Budget } from '../http/budget';
import { nowMs } from '../http/clock';
import type { CharacterLimit } from '../mistral/speech/speech-audio';
import { CharacterWindow } from './character-window';

export class CharacterRateLimiter {
	private readonly window = new CharacterWindow();

	/**
	 * Waits until `characters` more may be sent.
	 *
	 * @throws Failure `timed-out` or `cancelled` when the budget is spent first
	 */
	async acquire(characters: number, budget: Budget, operation: string): Promise<void> {
		for (;;) {
			const waitMs = this.window.reserve(characters, nowMs());
			if (waitMs === 0) return;
			// Fails at once rather than at the deadline when the budget is shorter than the wait.
			if (waitMs > budget.remainingMs) throw budget.timedOut(operation).with({ attempts: 0 });
			await budget.sleep(waitMs, operation);
		}
	}

	/** Updates the limit from the headers of a reply. */
	learn(limit: CharacterLimit): void {
		this.window.learn(limit, nowMs());
	}
}

const limiters = new WeakMap<IExecuteFunctions, CharacterRateLimiter>();

/** The rate limiter that all items of an execution share. */
export function sharedCharacterRateLimiter(context: IExecuteFunctions): CharacterRateLimiter {
	const limiter = limiters.get(context) ?? new CharacterRateLimiter();
	limiters.set(context, limiter);
	return limiter;
}
