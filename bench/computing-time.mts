// Computing time of another process's main thread: for a Node.js server, of its event loop. What else runs on the computer does not count.
import { readFile } from 'node:fs/promises';

/** The kernel's own count since the thread began, in milliseconds; undefined where the system does not tell (only Linux does). */
export async function mainThreadMs(pid: number): Promise<number | undefined> {
	const text = await readFile(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').catch(() => undefined);
	const [nanoseconds] = text?.split(' ') ?? [];
	return nanoseconds === undefined ? undefined : Number(nanoseconds) / 1e6;
}
