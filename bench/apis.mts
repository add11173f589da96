// Client of the process with the API stand-ins: their URLs and request logs.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { LoggedCall } from './critical-path.mts';

/** URLs by stand-in: one for each contender in each setting, and `limited`. */
export type ApiUrls = Record<string, string>;

export const standInName = (setting: string, contender: string): string =>
	`${setting}-${contender}`.toLowerCase();

export interface ApiCommand {
	id: number;
	command: 'takeLog' | 'failNextUpload';
	name: string;
}

export interface ApiAnswer {
	id: number;
	calls?: LoggedCall[];
}

export interface Apis {
	urls: ApiUrls;
	/** Requests logged by that stand-in since the last call. */
	takeLog: (name: string) => Promise<LoggedCall[]>;
	failNextUpload: (name: string) => Promise<void>;
	stop: () => void;
}

export async function startApis(): Promise<Apis> {
	const child = fork(join(import.meta.dirname, 'api-process.mts'), {
		execArgv: ['--disable-warning=ExperimentalWarning'],
	});
	const died = once(child, 'exit').then(([code]) => {
		throw new Error(`the stand-ins ended by themselves (${code})`);
	});
	died.catch(() => undefined);
	const [{ urls }] = (await Promise.race([once(child, 'message'), died])) as [{ urls: ApiUrls }];
	const waiting = new Map<number, (answer: ApiAnswer) => void>();
	child.on('message', (answer: ApiAnswer) => {
		waiting.get(answer.id)?.(answer);
		waiting.delete(answer.id);
	});
	let id = 0;
	const ask = async (command: ApiCommand['command'], name: string): Promise<ApiAnswer> => {
		const answered = new Promise<ApiAnswer>((resolve) => waiting.set(++id, resolve));
		child.send({ id, command, name } satisfies ApiCommand);
		return await Promise.race([answered, died]);
	};
	return {
		urls,
		takeLog: async (name) => (await ask('takeLog', name)).calls ?? [],
		failNextUpload: async (name) => void (await ask('failNextUpload', name)),
		stop: () => child.disconnect(),
	};
}
