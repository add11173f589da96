// npm run bench: latency of a voice turn, compared. Runs on Node.js 20.19 or newer and continues in Node.js 24.
// npm run bench -- compare|preconnect [arguments]: the command of that name in this folder.
import { handOver } from '../harness/bootstrap.mjs';

const [command = '', ...rest] = process.argv.slice(2);
const isOther = ['compare', 'preconnect'].includes(command);
await handOver(
	isOther ? `bench/${command}.mts` : 'bench/run.mts',
	isOther ? rest : process.argv.slice(2),
);
