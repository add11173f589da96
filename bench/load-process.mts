// Time and memory of loading in a fresh process. Argument: `start`, what n8n loads of this package at start; `code`, what
// it loads when a workflow first uses one of the nodes; or `sdk`, Mistral's SDK.
import { createRequire } from 'node:module';
import { checkout } from '../harness/bootstrap.mjs';

const what = process.argv[2];
const require = createRequire(import.meta.url);
// n8n loads these before any node package.
require('n8n-workflow');
const { LazyPackageDirectoryLoader } =
	require('n8n-core/dist/nodes-loader/lazy-package-directory-loader') as typeof import('n8n-core');
const loader = new LazyPackageDirectoryLoader(checkout);
if (what === 'code') await loader.loadAll();
globalThis.gc?.();
const rssBytes = process.memoryUsage().rss;
const startMs = performance.now();
if (what === 'sdk') await import('@mistralai/mistralai');
else if (what === 'start') await loader.loadAll();
else for (const name of Object.keys(loader.known.nodes)) loader.getNode(name);
const ms = performance.now() - startMs;
globalThis.gc?.();
console.log(JSON.stringify({ ms, mebibytes: (process.memoryUsage().rss - rssBytes) / 1024 ** 2 }));
