// The files endpoints, for large recordings.
import { invalid, notFound, plainError, ValidationError } from './errors.mts';
import { formOf, param, wholeNumber, type Answer, type Exchange, type Route } from './exchange.mts';
import { newUuid, nowSeconds } from './ids.mts';
import type { UploadedFile } from './multipart.mts';
import { sniffContainer } from './audio-sniff.mts';

export interface StoredFile {
	id: string;
	createdAtSeconds: number;
	purpose: string;
	visibility: string;
	expiresAtSeconds: number | null;
	upload: UploadedFile;
	/** Signature of a signed URL. */
	secret: string;
}

const limitBytes = 512 * 1024 * 1024;
const fieldNames = ['purpose', 'expiry', 'visibility'];

const mimeTypes: Record<string, string> = {
	wav: 'audio/wav',
	mp3: 'audio/mpeg',
	flac: 'audio/flac',
	ogg: 'audio/ogg',
	m4a: 'audio/mp4',
	webm: 'audio/webm',
	aac: 'audio/aac',
	amr: 'audio/amr',
};

function shown({
	id,
	createdAtSeconds,
	purpose,
	visibility,
	expiresAtSeconds,
	upload,
}: StoredFile) {
	const container = sniffContainer(upload.head);
	return {
		id,
		object: 'file',
		bytes: upload.bytes,
		created_at: createdAtSeconds,
		filename: upload.fileName,
		purpose,
		sample_type: 'ocr_input',
		num_lines: null,
		mimetype: container ? mimeTypes[container] : 'application/octet-stream',
		source: 'upload',
		signature: null,
		expires_at: expiresAtSeconds,
		visibility,
	};
}

function upload(exchange: Exchange): Answer {
	const { fields, files } = formOf(exchange);
	const values = new Map(fields);
	const unknown = [...values.keys()].find((name) => !fieldNames.includes(name));
	if (unknown !== undefined && !exchange.world.quirks.lenientUnknownKeys) {
		throw new ValidationError([
			{ type: 'extra_forbidden', loc: ['body', unknown], msg: 'Extra inputs are not permitted' },
		]);
	}
	const file = files.find(({ field }) => field === 'file');
	if (!file) throw invalid(['file'], 'Field required', null);
	if (file.bytes > limitBytes) throw plainError(413, 'File too large: at most 512 MB');
	const visibility = values.get('visibility') ?? 'workspace';
	if (!['workspace', 'user'].includes(visibility)) {
		throw invalid(['visibility'], "Input should be 'workspace' or 'user'", visibility);
	}
	const expiry = values.get('expiry');
	if (expiry !== undefined && !/^\d+$/.test(expiry)) {
		throw invalid(['expiry'], 'Input should be a valid integer', expiry);
	}
	const createdAtSeconds = nowSeconds();
	const stored: StoredFile = {
		id: newUuid(),
		createdAtSeconds,
		purpose: values.get('purpose') ?? 'fine-tune',
		visibility,
		expiresAtSeconds: expiry === undefined ? null : createdAtSeconds + Number(expiry) * 3600,
		upload: file,
		secret: newUuid(),
	};
	exchange.world.files.set(stored.id, stored);
	return { json: shown(stored) };
}

function fileOf(exchange: Exchange): StoredFile {
	const id = param(exchange, 'id');
	const file = exchange.world.files.get(id);
	if (!file) throw notFound('File', id);
	return file;
}

function listAll({ query, world }: Exchange): Answer {
	const page = wholeNumber(query, 'page', 0, { min: 0, max: 1_000_000 });
	const size = wholeNumber(query, 'page_size', 100, { min: 1, max: 1000 });
	const purpose = query.get('purpose');
	const search = query.get('search')?.toLowerCase();
	const found = [...world.files.values()]
		.filter((file) => purpose === null || file.purpose === purpose)
		.filter(
			({ upload: { fileName } }) => search === undefined || fileName.toLowerCase().includes(search),
		);
	const data = found.slice(page * size, (page + 1) * size).map(shown);
	const counted = query.get('include_total') !== 'false';
	return { json: { object: 'list', data, total: counted ? found.length : null } };
}

function content(file: StoredFile): Answer {
	if (!file.upload.content) throw plainError(500, 'The stand-in keeps only small files whole');
	return { bytes: file.upload.content, contentType: 'application/octet-stream' };
}

function signedUrl(exchange: Exchange): Answer {
	const file = fileOf(exchange);
	wholeNumber(exchange.query, 'expiry', 24, { min: 1, max: 168 });
	const url = `${exchange.world.url}/v1/signed/${file.id}?signature=${file.secret}`;
	return { json: { url } };
}

function signedContent(exchange: Exchange): Answer {
	const file = fileOf(exchange);
	if (exchange.query.get('signature') !== file.secret) throw plainError(403, 'Signature mismatch');
	return content(file);
}

function remove(exchange: Exchange): Answer {
	const { id } = fileOf(exchange);
	exchange.world.files.delete(id);
	return { json: { id, object: 'file', deleted: true } };
}

const path = '/v1/files';
export const fileRoutes: Route[] = [
	{ method: 'POST', path, body: 'form', handle: upload },
	{ method: 'GET', path, handle: listAll },
	{
		method: 'GET',
		path: `${path}/:id`,
		handle: (exchange) => ({ json: { ...shown(fileOf(exchange)), deleted: false } }),
	},
	{ method: 'GET', path: `${path}/:id/content`, handle: (exchange) => content(fileOf(exchange)) },
	{ method: 'GET', path: `${path}/:id/url`, handle: signedUrl },
	{ method: 'DELETE', path: `${path}/:id`, handle: remove },
	{ method: 'GET', path: '/v1/signed/:id', open: true, handle: signedContent },
];
