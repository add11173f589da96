// Everything this node can do.
import type { OperationRegistry } from '../shared/run/operation';
import { talk } from './talk.operation';

export const operations = [talk] as const satisfies OperationRegistry;
