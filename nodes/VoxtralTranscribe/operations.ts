// Everything this node can do.
import type { OperationRegistry } from '../shared/run/operation';
import { transcribe } from './transcribe.operation';

export const operations = [transcribe] as const satisfies OperationRegistry;
