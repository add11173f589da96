// The Bot API methods a voice assistant uses: their fields and responses.
// https://core.telegram.org/bots/api
import { EntityError, parseHtml } from './entities.mts';
import type { UploadedFile } from '../standin/multipart.mts';

/** An error of the Bot API, with its `description`. */
export class BotError extends Error {
	readonly code: number;

	constructor(description: string, code = 400) {
		super(code === 400 ? `Bad Request: ${description}` : description);
		this.code = code;
	}
}

export interface Call {
	method: string;
	/** As text, whatever the content type; JSON values stay JSON. */
	fields: Record<string, string>;
	files: UploadedFile[];
	/** Caption or text without HTML tags, and its links. */
	shown?: { text: string; links: { url: string; text: string }[] };
	/** The result, or the description of the error. */
	result?: unknown;
}

export interface Webhook {
	url: string;
	secret?: string;
	allowed: string[];
}

/** State of the server. */
export interface Bot {
	chats: Set<string>;
	/** Recordings sent by users, by file id. */
	files: Map<string, { path: string; bytes: Uint8Array }>;
	webhook: Webhook | undefined;
	nextMessage: number;
}

interface Method {
	needs: readonly string[];
	takes: readonly string[];
	/** Fields that may be an uploaded file. */
	uploads?: readonly string[];
	run: (call: Call, bot: Bot) => unknown;
}

export const botUser = {
	id: 7_000_000_001,
	is_bot: true,
	first_name: 'Voice bot',
	username: 'made_up_voice_bot',
};

const reply = [
	'disable_notification',
	'message_thread_id',
	'protect_content',
	'reply_markup',
	'reply_parameters',
];
const caption = ['caption', 'caption_entities', 'parse_mode', ...reply];

/** The last two are deprecated names that the server still accepts and n8n's node sends. */
const actions = new Set(
	'typing upload_photo record_video upload_video record_voice upload_voice upload_document choose_sticker find_location record_video_note upload_video_note record_audio upload_audio'.split(
		' ',
	),
);

function show(call: Call, source: string, limit: number, tooLong: string): void {
	const mode = call.fields.parse_mode?.toLowerCase();
	try {
		call.shown = mode === 'html' ? parseHtml(source) : { text: source, links: [] };
	} catch (error) {
		if (error instanceof EntityError) throw new BotError(`can't parse entities: ${error.message}`);
		throw error;
	}
	if (call.shown.text.length > limit) throw new BotError(tooLong);
}

const message = ({ fields }: Call, bot: Bot, more: object) => ({
	message_id: bot.nextMessage++,
	from: botUser,
	chat: { id: Number(fields.chat_id), type: 'private' },
	date: Math.floor(Date.now() / 1000),
	...more,
});

const isOggOpus = ({ head }: UploadedFile) =>
	head.subarray(0, 4).toString('latin1') === 'OggS' &&
	head.subarray(0, 64).includes(Buffer.from('OpusHead'));

function sendFile(kind: 'audio' | 'document' | 'voice'): Method['run'] {
	return (call, bot) => {
		const [file] = call.files;
		if (!file) throw new BotError(`there is no ${kind} in the request`);
		if (file.bytes === 0) throw new BotError('file must be non-empty');
		if (call.fields.caption !== undefined)
			show(call, call.fields.caption, 1024, 'message caption is too long');
		// A file that is no voice recording becomes a document, without an error.
		const shownAs = kind === 'voice' && !isOggOpus(file) ? 'document' : kind;
		return message(call, bot, {
			[shownAs]: {
				file_id: `sent-${bot.nextMessage}`,
				file_unique_id: `unique-${bot.nextMessage}`,
				file_size: file.bytes,
				mime_type: file.contentType,
				...(shownAs === 'document' ? {} : { duration: Number(call.fields.duration ?? 1) }),
			},
			...(call.shown ? { caption: call.shown.text } : {}),
		});
	};
}

function setWebhook({ fields }: Call, bot: Bot): true {
	const url = new URL(fields.url ?? '');
	// Telegram requires https; local tests use http.
	if (url.protocol !== 'https:' && !['localhost', '127.0.0.1'].includes(url.hostname))
		throw new BotError('bad webhook: An HTTPS URL must be provided for webhook');
	const secret = fields.secret_token;
	if (secret !== undefined && !/^[\w-]{1,256}$/.test(secret))
		throw new BotError('secret token contains unallowed characters');
	bot.webhook = {
		url: url.href,
		...(secret === undefined ? {} : { secret }),
		allowed: JSON.parse(fields.allowed_updates ?? '[]') as string[],
	};
	return true;
}

function getFile({ fields }: Call, bot: Bot) {
	const file = bot.files.get(fields.file_id ?? '');
	if (!file) throw new BotError('invalid file_id');
	if (file.bytes.length > 20 * 1024 * 1024) throw new BotError('file is too big');
	return {
		file_id: fields.file_id,
		file_unique_id: `unique-${fields.file_id}`,
		file_size: file.bytes.length,
		file_path: file.path,
	};
}

export const methods: Readonly<Record<string, Method>> = {
	getMe: { needs: [], takes: [], run: () => botUser },
	getWebhookInfo: {
		needs: [],
		takes: [],
		run: (_call, { webhook }) => ({
			url: webhook?.url ?? '',
			has_custom_certificate: false,
			pending_update_count: 0,
		}),
	},
	setWebhook: {
		needs: ['url'],
		takes: ['allowed_updates', 'drop_pending_updates', 'max_connections', 'secret_token'],
		run: setWebhook,
	},
	deleteWebhook: {
		needs: [],
		takes: ['drop_pending_updates'],
		run: (_call, bot) => {
			bot.webhook = undefined;
			return true;
		},
	},
	getFile: { needs: ['file_id'], takes: [], run: getFile },
	sendChatAction: {
		needs: ['chat_id', 'action'],
		takes: ['message_thread_id'],
		run: ({ fields }) => {
			if (!actions.has(fields.action ?? ''))
				throw new BotError('wrong parameter action in request');
			return true;
		},
	},
	sendMessage: {
		needs: ['chat_id', 'text'],
		takes: ['disable_web_page_preview', 'entities', 'link_preview_options', 'parse_mode', ...reply],
		run: (call, bot) => {
			show(call, call.fields.text ?? '', 4096, 'message is too long');
			return message(call, bot, { text: call.shown?.text });
		},
	},
	sendVoice: {
		needs: ['chat_id'],
		takes: ['duration', 'voice', ...caption],
		uploads: ['voice'],
		run: sendFile('voice'),
	},
	sendAudio: {
		needs: ['chat_id'],
		takes: ['audio', 'duration', 'performer', 'thumbnail', 'title', ...caption],
		uploads: ['audio'],
		run: sendFile('audio'),
	},
	sendDocument: {
		needs: ['chat_id'],
		takes: ['disable_content_type_detection', 'document', 'thumbnail', ...caption],
		uploads: ['document'],
		run: sendFile('document'),
	},
};

/** Telegram ignores unknown fields; here they are rejected, since they are mistakes. */
export function check({ method, fields, files }: Call, bot: Bot): Method {
	const known = methods[method];
	if (!known) throw new BotError('Not Found', 404);
	for (const name of known.needs)
		if (!fields[name]) throw new BotError(`${name === 'text' ? 'message text' : name} is empty`);
	const names = [...Object.keys(fields), ...files.map(({ field }) => field)];
	for (const name of names)
		if (!known.needs.includes(name) && !known.takes.includes(name))
			throw new BotError(`field "${name}" is unknown to ${method}`);
	for (const { field } of files)
		if (!known.uploads?.includes(field)) throw new BotError(`"${field}" cannot be a file`);
	if (fields.chat_id !== undefined && !bot.chats.has(fields.chat_id))
		throw new BotError('chat not found');
	return known;
}
