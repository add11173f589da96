// Owner account and package tarball for the n8n of a test.
import { prepare } from '../../harness/bootstrap.mjs';
import { build } from '../../harness/build.mjs';
import { pack } from '../../harness/pack.mjs';

export const owner = { email: 'tests@example.com', password: 'Voice-tests-42' };

const packNow = async (): Promise<string> => {
	await build(await prepare());
	return (await pack()).path;
};

/** The tarball packed for all tiers, else one packed now. */
export const tarball = async (): Promise<string> =>
	(process.env.N8N_VOXTRAL_TARBALL ??= await packNow());
