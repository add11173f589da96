// npm run bench: what a spoken turn costs in time, side by side. Runs on any Node.js from 20.19 and hands over.
// npm run bench -- compare|preconnect [arguments]: the command of that name in this folder.
import { handOver } from '../harness/bootstrap.mjs';

const [command = '', ...rest] = process.argv.slice(2);
const isOther = ['compare', 'preconnect'].includes(command);
await handOver(
	isOther ? `bench/${command}.mts` : 'bench/run.mts',
	isOther ? rest : process.argv.slice(2),
);
