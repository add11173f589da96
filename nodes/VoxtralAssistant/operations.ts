// Everything this node can do.
import type { OperationRegistry } from '../shared/execution/operation';
import { talk } from './talk.operation';

export const operations = [talk] as const satisfies OperationRegistry;
