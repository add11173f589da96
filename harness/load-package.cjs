// Loads a community package the way n8n does, and prints what came of it.
// load-package.cjs <folder of the unpacked package> <folder with the node_modules of some n8n-core>
// NODE_PATH has to lead to the same node_modules: there the package finds its n8n-workflow, as it does in n8n.
const { createRequire } = require('node:module');
const { join } = require('node:path');

/** @typedef {{ displayName: string }} Description */
/** @typedef {{ description?: Description, nodeVersions?: Record<number, { description: Description }> }} NodeType */

const [, , folder = '', place = ''] = process.argv;
// Not from here: this checkout has an n8n-core of its own.
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
