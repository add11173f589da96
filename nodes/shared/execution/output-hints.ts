// Hints above a node's output panel.
import type { IExecuteFunctions } from 'n8n-workflow';

const shownHints = new WeakMap<IExecuteFunctions, Set<string>>();

/**
 * A hint above the output panel: something the person should know that did not stop the run. What
 * holds for many items is said once.
 */
export function addHint(context: IExecuteFunctions, message: string): void {
	const shown = shownHints.get(context) ?? new Set();
	shownHints.set(context, shown);
	if (shown.has(message)) return;
	shown.add(message);
	context.addExecutionHints?.({ message, type: 'warning', location: 'outputPane' });
}
