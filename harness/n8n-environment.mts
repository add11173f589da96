// Environment variables of a started n8n: loopback only, no telemetry, no settings of the user's own n8n.

/** Variables inherited from this process; settings of n8n are never inherited. */
const passedOn =
	/^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LC_.*|TZ|TMPDIR|TEMP|TMP|SystemRoot|ComSpec|PATHEXT|USERPROFILE|APPDATA|LOCALAPPDATA|HTTPS?_PROXY|https?_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_.*)$/;

export const serverEnvironment = (
	userFolder: string,
	port: number,
	brokerPort: number,
): NodeJS.ProcessEnv => {
	const loopback = ['127.0.0.1', 'localhost', process.env.NO_PROXY ?? process.env.no_proxy ?? ''];
	const withoutProxy = loopback.filter(Boolean).join(',');
	return {
		...Object.fromEntries(Object.entries(process.env).filter(([name]) => passedOn.test(name))),
		NO_PROXY: withoutProxy,
		no_proxy: withoutProxy,
		NODE_ENV: 'production',
		N8N_USER_FOLDER: userFolder,
		N8N_LISTEN_ADDRESS: '127.0.0.1',
		N8N_HOST: 'localhost',
		N8N_PORT: String(port),
		N8N_RUNNERS_BROKER_LISTEN_ADDRESS: '127.0.0.1',
		N8N_RUNNERS_BROKER_PORT: String(brokerPort),
		N8N_NATIVE_PYTHON_RUNNER: 'false',
		N8N_SECURE_COOKIE: 'false',
		N8N_ENFORCE_SETTINGS_FILE_PERMISSIONS: process.platform === 'win32' ? 'false' : 'true',
		// No telemetry and no requests to n8n's servers.
		N8N_DIAGNOSTICS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_ENABLED: 'false',
		N8N_VERSION_NOTIFICATIONS_WHATS_NEW_ENABLED: 'false',
		N8N_DYNAMIC_BANNERS_ENABLED: 'false',
		N8N_TEMPLATES_ENABLED: 'false',
		N8N_PERSONALIZATION_ENABLED: 'false',
		N8N_HIRING_BANNER_ENABLED: 'false',
		N8N_VERIFIED_PACKAGES_ENABLED: 'false',
		N8N_LOG_FORMAT: 'text',
	};
};
