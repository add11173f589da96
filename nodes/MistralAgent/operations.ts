// Everything this node can do.
import type { OperationRegistry } from '../shared/run/operation';
import { ask } from './ask.operation';

export const operations = [ask] as const satisfies OperationRegistry;
