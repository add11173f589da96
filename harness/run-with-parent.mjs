// Runs a program for as long as the process that asked for it lives: the program ends when our input closes.
// A server that knows nothing of us is then not left behind, however our end came.
// run-with-parent.mjs <signal that asks it to end> <user id or -> <group id or -> <program> [arguments]
import { spawn } from 'node:child_process';

const [signal = 'SIGTERM', uid = '-', gid = '-', command = '', ...args] = process.argv.slice(2);

const child = spawn(command, args, {
	stdio: ['ignore', 'inherit', 'inherit'],
	...(uid !== '-' && { uid: Number(uid), gid: Number(gid) }),
});
const end = () => {
	child.kill(/** @type {NodeJS.Signals} */ (signal));
	setTimeout(() => child.kill('SIGKILL'), 5000).unref();
};

child.on('error', (error) => {
	console.error(error.message);
	process.exit(127);
});
child.on('exit', (code) => process.exit(code ?? 1));
process.stdin.on('close', end);
process.stdin.resume();
for (const asked of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(asked, end);
