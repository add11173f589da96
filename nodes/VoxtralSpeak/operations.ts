// Everything this node can do.
import type { OperationRegistry } from '../shared/run/operation';
import { speak } from './speak.operation';

export const operations = [speak] as const satisfies OperationRegistry;
