// Two n8n servers side by side, each with its own build of the package, for turns taken alternately.
import { join } from 'node:path';
import { type N8n, startN8n } from '../harness/n8n.mts';

/** One after the other: ports are looked for before they are taken. Stops the first when the second fails. */
export async function startPair(
	tarballs: readonly [string, string],
	folder: string,
	environment: Record<string, string> = {},
): Promise<{ servers: [N8n, N8n]; stop: () => Promise<void> }> {
	const start = async (tarball: string, name: string, port: number): Promise<N8n> =>
		await startN8n({
			userFolder: join(folder, name),
			tarball,
			owner: { email: 'bench@example.com', password: 'Voice-bench-42' },
			port,
			environment,
		});
	const first = await start(tarballs[0], 'server-1', 5930);
	try {
		const second = await start(tarballs[1], 'server-2', 5950);
		return {
			servers: [first, second],
			stop: async () => void (await Promise.all([first.stop(), second.stop()])),
		};
	} catch (error) {
		await first.stop();
		throw error;
	}
}
