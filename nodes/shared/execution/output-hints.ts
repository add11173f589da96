// Execution hints shown above a node's output panel.
import type { IExecuteFunctions } from 'n8n-workflow';

const shownHints = new WeakMap<IExecuteFunctions, Set<string>>();

/** Shows a warning that did not stop the run; the same message is shown once per execution. */
export function addHint(context: IExecuteFunctions, message: string): void {
	const shown = shownHints.get(context) ?? new Set();
	shownHints.set(context, shown);
	if (shown.has(message)) return;
	shown.add(message);
	context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
}
