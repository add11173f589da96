// npm run bench: latency of a voice turn, compared. Runs on Node.js 20.19 or newer and continues in Node.js 24.
import { handOver } from '../harness/bootstrap.mjs';

await handOver('bench/run.mts', process.argv.slice(2));
