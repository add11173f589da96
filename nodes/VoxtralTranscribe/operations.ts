// Everything this node can do.
import type { OperationRegistry } from '../shared/execution/operation';
import { transcribe } from './transcribe.operation';

export const operations = [transcribe] as const satisfies OperationRegistry;
