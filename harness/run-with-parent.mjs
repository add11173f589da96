// Parent watchdog for servers that cannot be modified: runs a program and ends it when stdin closes, which happens
// however the parent process ends.
// run-with-parent.mjs <termination signal> <user id or -> <group id or -> <program> [arguments]
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
