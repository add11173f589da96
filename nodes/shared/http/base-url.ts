// The Base URL of the credential: tolerant of how people paste it, strict about where a key may go.

export type BaseUrl =
	| { readonly url: string }
	| { readonly message: string; readonly hint: string };

const DEFAULT_ROOT = 'https://api.mistral.ai';
const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address without trailing `/` and `/v1`. Only https, or http to this same machine; http to
 * elsewhere only when the credential says so, since the key would travel readable.
 */
export function apiRoot(baseUrl: string, allowHttp = false): BaseUrl {
	const text = baseUrl.trim() || DEFAULT_ROOT;
	let url: URL;
	try {
		url = new URL(text);
	} catch {
		return {
			message: 'Base URL in the Mistral Voice API credential is not a web address',
			hint: `Set it to ${DEFAULT_ROOT}, or to the https:// address of your own server.`,
		};
	}
	if (url.protocol !== 'https:' && url.protocol !== 'http:') {
		return {
			message: 'Base URL in the Mistral Voice API credential must begin with https://',
			hint: `Set it to ${DEFAULT_ROOT}, or to the https:// address of your own server.`,
		};
	}
	if (url.username || url.password || url.search || url.hash) {
		return {
			message: 'Base URL in the Mistral Voice API credential holds more than an address',
			hint: 'Leave out user name, password, "?" and "#": the key belongs into the API Key field.',
		};
	}
	if (url.protocol === 'http:' && !allowHttp && !LOOPBACK.test(url.hostname)) {
		return {
			message: 'Base URL in the Mistral Voice API credential is not encrypted (http://)',
			hint: 'Use https://, or switch on "Allow HTTP" in the credential if this server is in your own network.',
		};
	}
	const path = url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '').replace(/\/+$/, '');
	return { url: `${url.origin}${path}` };
}
