// npm start: a spoken question answered by a real n8n. Runs on Node.js 20.19 or newer and continues in Node.js 24.
import { handOver } from '../harness/bootstrap.mjs';

await handOver('demo/start.mts', process.argv.slice(2));
