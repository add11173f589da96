// The operations of the node: a single one, so the editor shows no Operation dropdown.
import type { OperationRegistry } from '../shared/execution/operation';
import { transcribe } from './transcribe.operation';

export const operations = [transcribe] as const satisfies OperationRegistry;
