// Loads a community package the way n8n does, with the n8n-core found along NODE_PATH, and prints what came of it.
// load-package.cjs <folder of the unpacked package>
const core = require('n8n-core');

const [, , folder] = process.argv;

const load = async () => {
	const loader = new core.PackageDirectoryLoader(folder);
	await loader.loadAll();
	const descriptionOf = ({ type }) => type.description ?? type.nodeVersions?.[1]?.description;
	return {
		nodes: Object.values(loader.nodeTypes).map((node) => descriptionOf(node).displayName),
		credentials: Object.keys(loader.credentialTypes),
	};
};

load().then(
	(loaded) => {
		process.stdout.write(`\n${JSON.stringify(loaded)}\n`);
		process.exit(0);
	},
	(error) => {
		process.stdout.write(`\n${JSON.stringify({ error: error.message })}\n`);
		process.exit(0);
	},
);
