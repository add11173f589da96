// What loading costs in a fresh process: all nodes of this package, or the SDK. Argument: `package` or `sdk`.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { checkout } from '../harness/bootstrap.mjs';

const require = createRequire(import.meta.url);
const manifest = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8')) as {
	n8n: { nodes: string[]; credentials: string[] };
};
// n8n has it loaded before any node.
require('n8n-workflow');
globalThis.gc?.();
const rssBytes = process.memoryUsage().rss;
const startMs = performance.now();
if (process.argv[2] === 'sdk') await import('@mistralai/mistralai');
else {
	for (const file of [...manifest.n8n.nodes, ...manifest.n8n.credentials])
		require(join(checkout, file));
}
const ms = performance.now() - startMs;
globalThis.gc?.();
console.log(JSON.stringify({ ms, mebibytes: (process.memoryUsage().rss - rssBytes) / 1024 ** 2 }));
