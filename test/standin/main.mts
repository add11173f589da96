// Runs the stand-in on its own: node test/standin/main.mts --port 8080 [--profile cloud] [--key secret]
import { parseArgs } from 'node:util';
import { latencyProfiles, startStandIn, type LatencyProfile } from './index.mts';

const { values } = parseArgs({
	options: {
		port: { type: 'string', default: '8080' },
		profile: { type: 'string' },
		key: { type: 'string', multiple: true },
	},
});

const profiles: Record<string, LatencyProfile> = latencyProfiles;
const profile = values.profile === undefined ? undefined : profiles[values.profile];
if (values.profile !== undefined && !profile) {
	throw new Error(
		`Unknown profile ${values.profile}; there are ${Object.keys(profiles).join(', ')}`,
	);
}

const standIn = await startStandIn({
	port: Number(values.port),
	...(profile ? { profile } : {}),
	...(values.key ? { apiKeys: values.key } : {}),
});
process.stdout.write(`${standIn.url}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
	process.once(signal, () => {
		void standIn.close().then(() => process.exit(0));
	});
}
