// Measures when a turn reaches its stages.
import { nowMs } from '../../shared/http/clock';

/** Milliseconds since the turn began; absent for stages that were not reached. */
export interface TurnTimings {
	/** The question was transcribed. */
	heardMs?: number;
	/** The first text of the answer was received. */
	firstTokenMs?: number;
	/** The first audio of the answer was received, and sent to a streaming caller. */
	firstAudioMs?: number;
	doneMs?: number;
	[key: string]: number | undefined;
}

export class TurnClock {
	private readonly beganMs = nowMs();

	private readonly reached: TurnTimings = {};

	/** Records the time of `stage`; later calls for the same stage are ignored. */
	mark(stage: keyof TurnTimings): void {
		this.reached[stage] ??= Math.round(nowMs() - this.beganMs);
	}

	get timings(): TurnTimings {
		return { ...this.reached };
	}
}
