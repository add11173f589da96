// npm run bench: what a spoken turn costs in time, side by side. Runs on any Node.js from 20.19 and hands over.
import { handOver } from '../harness/bootstrap.mjs';

await handOver('bench/run.mts', process.argv.slice(2));
