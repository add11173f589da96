// The operations of the node: a single one, so the editor shows no Operation dropdown.
import type { OperationRegistry } from '../shared/execution/operation';
import { talk } from './talk.operation';

export const operations = [talk] as const satisfies OperationRegistry;
