// Waits as long as the characters a minute of the account ask for.
import type { IExecuteFunctions } from 'n8n-workflow';
import type { Budget } from '../http/budget';
import { nowMs } from '../http/clock';
import type { CharacterAllowance } from '../mistral/speech/speech-audio';
import { CharacterWindow } from './character-window';

export class CharacterRateLimiter {
	private readonly window = new CharacterWindow();

	/**
	 * Waits until so many characters more may be spoken.
	 *
	 * @throws Failure `timed-out` or `cancelled` when the budget is over before
	 */
	async acquire(characters: number, budget: Budget, operation: string): Promise<void> {
		for (;;) {
			const waitMs = this.window.reserve(characters, nowMs());
			if (waitMs === 0) return;
			// A wait that outlasts the budget is not begun.
			if (waitMs > budget.remainingMs) throw budget.timedOut(operation).with({ attempts: 0 });
			await budget.sleep(waitMs, operation);
		}
	}

	/** Takes note of what Mistral says about the account. */
	learn(allowance: CharacterAllowance): void {
		this.window.learn(allowance, nowMs());
	}
}

const limiters = new WeakMap<IExecuteFunctions, CharacterRateLimiter>();

/** The one of all items of an execution. */
export function sharedCharacterRateLimiter(context: IExecuteFunctions): CharacterRateLimiter {
	const limiter = limiters.get(context) ?? new CharacterRateLimiter();
	limiters.set(context, limiter);
	return limiter;
}
