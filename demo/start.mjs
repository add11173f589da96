// npm start: a spoken question answered by a real n8n. Runs on any Node.js from 20.19 and hands over.
import { handOver } from '../harness/bootstrap.mjs';

await handOver('demo/start.mts', process.argv.slice(2));
