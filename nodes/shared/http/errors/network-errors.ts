// What a request that got no answer means: Node's codes of network and file, in words.
import { asFailure } from '../../errors/failure';
import type { FailureFacts } from '../../errors/failure';

const FILE_CODES = new Set(['ENOENT', 'EACCES', 'EPERM', 'EISDIR', 'EMFILE', 'ENOSPC', 'EIO']);

/** Node's code of a failure, wherever n8n and axios wrapped it. */
export function networkCode(thrown: unknown): string | undefined {
	let current: unknown = thrown;
	for (let depth = 0; depth < 5 && typeof current === 'object' && current !== null; depth++) {
		const { code, cause, errorResponse } = current as Record<string, unknown>;
		if (typeof code === 'string' && /^[A-Z][A-Z0-9_]{2,}$/.test(code)) return code;
		current = cause ?? errorResponse;
	}
	return undefined;
}

/** n8n itself did not let the request go, for example because the credential is kept to other addresses. */
function notSent(operation: string, thrown: unknown): FailureFacts {
	const { message, hint } = asFailure(thrown, operation).facts;
	return {
		stage: `${operation}.not-sent`,
		message: `n8n did not send the request: ${message}`,
		hint: hint ?? 'Check the Mistral Voice API credential, its allowed domains above all.',
	};
}

/** Why a server's certificate is not accepted. */
function certificateAdvice(code: string): Pick<FailureFacts, 'message' | 'hint'> {
	const server = 'the server under the Base URL of the credential';
	if (code === 'CERT_HAS_EXPIRED') {
		return {
			message: `The certificate of ${server} has expired`,
			hint: 'Whoever runs the server has to renew it. Check the clock of the machine n8n runs on as well.',
		};
	}
	if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') {
		return {
			message: `The certificate of ${server} is made out to another name`,
			hint: 'Write Base URL in the Mistral Voice API credential with the name that the certificate holds, not with an address in numbers.',
		};
	}
	if (/SELF_SIGNED|UNABLE_TO|UNTRUSTED/.test(code)) {
		return {
			message: `The certificate of ${server} is signed by nobody n8n trusts`,
			hint: 'Check Base URL in the Mistral Voice API credential. Whoever runs n8n can make it trust a server of your own through NODE_EXTRA_CA_CERTS.',
		};
	}
	return {
		message: 'The server under the Base URL of the credential has no valid certificate',
		hint: 'Check Base URL in the Mistral Voice API credential, or have the certificate of your own server renewed.',
	};
}

/** The facts of a request that got no answer. `code` is Node's (`ECONNREFUSED`…). */
export function networkFacts(
	operation: string,
	code: string | undefined,
	thrown?: unknown,
): FailureFacts {
	const shared = code ? { code } : {};
	if (code === undefined && thrown !== undefined) return notSent(operation, thrown);
	if (code === 'ERR_INVALID_CHAR') {
		return {
			...shared,
			stage: `${operation}.wrong-key`,
			message: 'The API Key of the credential holds a character that no key has',
			hint: 'Copy the key anew from console.mistral.ai > API Keys and paste it into the Mistral Voice API credential, without quotes or line breaks.',
		};
	}
	if (code !== undefined && FILE_CODES.has(code)) {
		return {
			...shared,
			stage: `${operation}.file-unreadable`,
			message: 'The file of this item could not be read from the storage of n8n',
			hint: 'Run the workflow again from its start; n8n may have deleted the file meanwhile.',
		};
	}
	if (code === 'EPROTO' || code?.startsWith('ERR_SSL_WRONG')) {
		return {
			...shared,
			stage: `${operation}.certificate`,
			message: 'The server under the Base URL of the credential does not speak https',
			hint: 'Check Base URL in the Mistral Voice API credential (usually https://api.mistral.ai), its port above all.',
		};
	}
	if (code === 'ENOTFOUND' || code === 'EAI_AGAIN' || code === 'ERR_INVALID_URL') {
		return {
			...shared,
			stage: `${operation}.unreachable`,
			message: 'No server was found under the Base URL of the credential',
			hint: 'Check the spelling of Base URL in the Mistral Voice API credential (usually https://api.mistral.ai), and the network of the machine n8n runs on.',
		};
	}
	if (code === 'ECONNREFUSED' || code === 'EHOSTUNREACH' || code === 'ENETUNREACH') {
		return {
			...shared,
			stage: `${operation}.unreachable`,
			message: 'No server answers under the Base URL of the credential',
			hint: 'Check Base URL in the Mistral Voice API credential (usually https://api.mistral.ai), and whether n8n may reach it through firewall and proxy.',
		};
	}
	if (code !== undefined && /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(code)) {
		return { ...shared, stage: `${operation}.certificate`, ...certificateAdvice(code) };
	}
	return {
		...shared,
		stage: `${operation}.connection-lost`,
		message: 'The connection to Mistral broke before the answer was complete',
		hint: 'Run the workflow again; if it stays like this, check the network of the machine n8n runs on.',
	};
}
