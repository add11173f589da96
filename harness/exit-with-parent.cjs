// Parent watchdog loaded into n8n's process: ends its process group when the parent process is gone.
// It holds one end of a pipe whose other end closes however the parent ends.
const { Socket } = require('node:net');

const fd = Number(process.env.VOXTRAL_PARENT_PIPE_FD);
delete process.env.VOXTRAL_PARENT_PIPE_FD;

if (fd > 0) {
	const endAll = (/** @type {NodeJS.Signals} */ signal) => {
		try {
			process.kill(process.platform === 'win32' ? process.pid : -process.pid, signal);
		} catch {
			process.exit(1);
		}
	};
	const parentPipe = new Socket({ fd });
	parentPipe.on('error', () => {});
	parentPipe.on('close', () => {
		setTimeout(() => endAll('SIGKILL'), 5000);
		endAll('SIGTERM');
	});
	parentPipe.resume();
	parentPipe.unref();
}
