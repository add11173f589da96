// When the stages of a turn were reached.
import { nowMs } from '../../shared/http/clock';

/** Milliseconds since the turn began; absent for what did not happen. */
export interface TurnTimings {
	/** The question is known. */
	heardMs?: number;
	/** The answer began. */
	firstTokenMs?: number;
	/** The first audio of the answer was there, and on its way to a caller who listens. */
	firstAudioMs?: number;
	doneMs?: number;
	[key: string]: number | undefined;
}

export class TurnClock {
	private readonly beganMs = nowMs();

	private readonly reached: TurnTimings = {};

	/** Only the first time counts. */
	mark(stage: keyof TurnTimings): void {
		this.reached[stage] ??= Math.round(nowMs() - this.beganMs);
	}

	get timings(): TurnTimings {
		return { ...this.reached };
	}
}
