// Loaded into n8n's process: ends it, with all it started, when the process that started it is gone.
// It holds one end of a pipe whose other end closes however that process ends.
const { Socket } = require('node:net');

const fd = Number(process.env.VOXTRAL_LEASH_FD);
delete process.env.VOXTRAL_LEASH_FD;

if (fd > 0) {
	const endAll = (/** @type {NodeJS.Signals} */ signal) => {
		try {
			process.kill(process.platform === 'win32' ? process.pid : -process.pid, signal);
		} catch {
			process.exit(1);
		}
	};
	const leash = new Socket({ fd });
	leash.on('error', () => {});
	leash.on('close', () => {
		setTimeout(() => endAll('SIGKILL'), 5000);
		endAll('SIGTERM');
	});
	leash.resume();
	leash.unref();
}
