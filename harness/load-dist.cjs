// Loads every built node and credential with the running Node.js, since the package supports older versions than the tools.
const { join } = require('node:path');
const { n8n } = require('../package.json');

let count = 0;
for (const path of [...n8n.nodes, ...n8n.credentials]) {
	const className = /(\w+)\.(node|credentials)\.js$/.exec(path)?.[1] ?? '';
	const made = new (require(join(__dirname, '..', path))[className])();
	if (!(made.description?.displayName ?? made.displayName))
		throw new Error(`${path} has no name to show`);
	count++;
}
console.log(`${count} nodes and credentials load on Node.js ${process.versions.node}`);
