// The failures every request can end in, whatever endpoint it is for.
import { Failure } from '../../errors/failure';

export function cancelled(operation: string): Failure {
	return new Failure({ stage: `${operation}.cancelled`, message: 'The execution was stopped' });
}

/** `isRaisable`: there is a "Timeout" the person can raise. */
export function timedOut(operation: string, isRaisable = true): Failure {
	return new Failure({
		stage: `${operation}.timed-out`,
		message: 'Mistral did not finish within the time allowed',
		hint: isRaisable
			? 'Raise "Timeout" in the options, or send less at once.'
			: 'Run the workflow again; if it stays like this, see status.mistral.ai.',
	});
}

export function stalled(operation: string, idleMs: number): Failure {
	return new Failure({
		stage: `${operation}.body-stalled`,
		message: `The server stopped sending for ${Math.round(idleMs / 1000)} seconds in the middle of its answer`,
		hint: 'Run the workflow again; if it stays like this, see status.mistral.ai.',
	});
}

/** For a 2xx that is not what the API documents: a login page, a proxy's notice, another product. */
export function notAsDocumented(operation: string): Failure {
	return new Failure({
		stage: `${operation}.unexpected-answer`,
		message: 'The server answered with something that is not a Mistral answer',
		hint: 'Check Base URL in the Mistral Voice API credential (usually https://api.mistral.ai); a login page or proxy may answer in its place.',
	});
}
