// Loads a community package as n8n does and prints the result.
// load-package.cjs <folder of the unpacked package> <folder with the node_modules of some n8n-core>
// NODE_PATH must be the same node_modules, where the package finds n8n-workflow, as in n8n.
const { createRequire } = require('node:module');
const { join } = require('node:path');

/** @typedef {{ displayName: string }} Description */
/** @typedef {{ description?: Description, nodeVersions?: Record<number, { description: Description }> }} NodeType */

const [, , folder = '', place = ''] = process.argv;
// Not resolved from here: this checkout has another n8n-core.
const core = createRequire(join(place, 'package.json'))('n8n-core');

const load = async () => {
	const loader = new core.PackageDirectoryLoader(folder);
	await loader.loadAll();
	const displayName = (/** @type {{ type: NodeType }} */ { type }) => {
		const description = type.description ?? type.nodeVersions?.[1]?.description;
		if (!description) throw new Error('A node has no description.');
		return description.displayName;
	};
	return {
		nodes: Object.values(loader.nodeTypes).map(displayName),
		credentials: Object.keys(loader.credentialTypes),
	};
};

load().then(
	(loaded) => {
		process.stdout.write(`\n${JSON.stringify(loaded)}\n`);
		process.exit(0);
	},
	(/** @type {unknown} */ error) => {
		const message = error instanceof Error ? error.message : String(error);
		process.stdout.write(`\n${JSON.stringify({ error: message })}\n`);
		process.exit(0);
	},
);
