// The table of audio formats: MIME types, file extensions, and support by Mistral's endpoints.

export type AudioFormatId =
	| 'mp3'
	| 'wav'
	| 'flac'
	| 'ogg'
	| 'm4a'
	| 'mp4'
	| 'webm'
	| 'matroska'
	| 'aac'
	| 'aiff'
	| 'caf'
	| '3gp'
	| 'wma'
	| 'amr'
	| 'pcm';

/** Output formats of Mistral's speech endpoint (`response_format`). */
export type SpeechFormat = 'mp3' | 'wav' | 'flac' | 'opus' | 'pcm';

/** How a recording of this format is uploaded to Mistral's transcription endpoint. */
export type UploadSupport =
	/** `documented` is false where Mistral's documentation does not name the format: the server decides. */
	| { accepted: true; documented: boolean; extension: string; mimeType: string }
	/** Known to fail: `advice` is a sentence for the person who sent it. */
	| { accepted: false; advice: string };

export interface AudioFormat {
	id: AudioFormatId;
	/** Display name, fit for "… is a <label>, which …" */
	label: string;
	/**
	 * The exact type for an n8n binary. n8n plays only `audio/mpeg`, `audio/ogg` and `audio/wav` in
	 * its own preview, and WhatsApp refuses near misses such as `audio/mp3`.
	 */
	mimeType: string;
	/** For a file name we write, without the dot. */
	extension: string;
	/** Every extension in use for it, without the dot, lower case. */
	extensions: readonly string[];
	/** Other MIME types in use for it, lower case, without parameters. */
	mimeAliases: readonly string[];
	upload: UploadSupport;
}

const sent = (extension: string, mimeType: string, documented = true): UploadSupport => ({
	accepted: true,
	documented,
	extension,
	mimeType,
});

const refused = (advice: string): UploadSupport => ({ accepted: false, advice });

const mp3 = {
	id: 'mp3',
	label: 'MP3',
	mimeType: 'audio/mpeg',
	extension: 'mp3',
	extensions: ['mp3', 'mpga', 'mpeg', 'mp2', 'mpg3'],
	mimeAliases: [
		'audio/mp3',
		'audio/x-mp3',
		'audio/mpeg3',
		'audio/x-mpeg-3',
		'audio/x-mpeg',
		'audio/mpg',
		'audio/mpa',
	],
	upload: sent('mp3', 'audio/mpeg'),
} satisfies AudioFormat;

const wav = {
	id: 'wav',
	label: 'WAV',
	mimeType: 'audio/wav',
	extension: 'wav',
	extensions: ['wav', 'wave'],
	mimeAliases: ['audio/x-wav', 'audio/wave', 'audio/vnd.wave', 'audio/x-pn-wav'],
	upload: sent('wav', 'audio/wav'),
} satisfies AudioFormat;

const flac = {
	id: 'flac',
	label: 'FLAC',
	mimeType: 'audio/flac',
	extension: 'flac',
	extensions: ['flac'],
	mimeAliases: ['audio/x-flac', 'application/flac', 'application/x-flac'],
	upload: sent('flac', 'audio/flac'),
} satisfies AudioFormat;

// Telegram's `.oga` and WhatsApp's `audio/ogg; codecs=opus` are both this one. It is uploaded as
// `.ogg` whatever it was called, because `.oga` and `.opus` are refused by extension in places.
const ogg = {
	id: 'ogg',
	label: 'Ogg voice message',
	mimeType: 'audio/ogg',
	extension: 'ogg',
	extensions: ['ogg', 'oga', 'opus', 'ogx', 'spx'],
	mimeAliases: [
		'audio/opus',
		'audio/x-opus',
		'audio/x-opus+ogg',
		'audio/vorbis',
		'audio/x-ogg',
		'audio/x-vorbis+ogg',
		'audio/speex',
		'application/ogg',
		'application/x-ogg',
	],
	upload: sent('ogg', 'audio/ogg'),
} satisfies AudioFormat;

const pcm = {
	id: 'pcm',
	label: 'raw PCM recording',
	mimeType: 'audio/pcm',
	extension: 'pcm',
	extensions: ['pcm', 'raw'],
	mimeAliases: ['audio/x-pcm', 'audio/raw'],
	upload: refused('It has no header that says how it was recorded. Save it as WAV first.'),
} satisfies AudioFormat;

export const AUDIO_FORMATS: Readonly<Record<AudioFormatId, AudioFormat>> = {
	mp3,
	wav,
	flac,
	ogg,
	pcm,
	m4a: {
		id: 'm4a',
		label: 'M4A',
		mimeType: 'audio/mp4',
		extension: 'm4a',
		extensions: ['m4a', 'm4b', 'm4r'],
		mimeAliases: ['audio/x-m4a', 'audio/m4a', 'audio/mp4a-latm', 'audio/x-mp4'],
		upload: sent('m4a', 'audio/mp4'),
	},
	mp4: {
		id: 'mp4',
		label: 'MP4',
		mimeType: 'video/mp4',
		extension: 'mp4',
		extensions: ['mp4', 'm4v', 'mov', 'qt'],
		mimeAliases: ['application/mp4', 'video/x-m4v', 'video/quicktime'],
		upload: sent('mp4', 'audio/mp4', false),
	},
	webm: {
		id: 'webm',
		label: 'WebM',
		mimeType: 'audio/webm',
		extension: 'webm',
		extensions: ['webm', 'weba'],
		mimeAliases: ['video/webm'],
		upload: sent('webm', 'audio/webm'),
	},
	matroska: {
		id: 'matroska',
		label: 'Matroska',
		mimeType: 'audio/x-matroska',
		extension: 'mka',
		extensions: ['mka', 'mkv'],
		mimeAliases: ['audio/matroska', 'video/x-matroska', 'video/matroska'],
		upload: sent('mka', 'audio/x-matroska', false),
	},
	aac: {
		id: 'aac',
		label: 'AAC',
		mimeType: 'audio/aac',
		extension: 'aac',
		extensions: ['aac', 'adts'],
		mimeAliases: ['audio/x-aac', 'audio/aacp', 'audio/x-hx-aac-adts', 'audio/vnd.dlna.adts'],
		upload: sent('aac', 'audio/aac', false),
	},
	aiff: {
		id: 'aiff',
		label: 'AIFF',
		mimeType: 'audio/aiff',
		extension: 'aiff',
		extensions: ['aiff', 'aif', 'aifc'],
		mimeAliases: ['audio/x-aiff', 'sound/aiff'],
		upload: sent('aiff', 'audio/aiff', false),
	},
	caf: {
		id: 'caf',
		label: 'Core Audio file',
		mimeType: 'audio/x-caf',
		extension: 'caf',
		extensions: ['caf'],
		mimeAliases: ['audio/caf'],
		upload: sent('caf', 'audio/x-caf', false),
	},
	'3gp': {
		id: '3gp',
		label: '3GP',
		mimeType: 'audio/3gpp',
		extension: '3gp',
		extensions: ['3gp', '3gpp', '3ga', '3g2'],
		mimeAliases: ['video/3gpp', 'audio/3gpp2', 'video/3gpp2'],
		upload: sent('3gp', 'audio/3gpp', false),
	},
	wma: {
		id: 'wma',
		label: 'Windows Media file',
		mimeType: 'audio/x-ms-wma',
		extension: 'wma',
		extensions: ['wma', 'asf'],
		mimeAliases: ['audio/wma', 'video/x-ms-asf', 'application/vnd.ms-asf'],
		upload: sent('wma', 'audio/x-ms-wma', false),
	},
	amr: {
		id: 'amr',
		label: 'AMR voice recording',
		mimeType: 'audio/amr',
		extension: 'amr',
		extensions: ['amr', 'awb'],
		mimeAliases: ['audio/amr-wb', 'audio/x-amr', 'audio/amr-nb'],
		upload: refused('Set the recording app to M4A or MP3, or convert the file to MP3 first.'),
	},
};

/** The row behind each `response_format` of Mistral's speech endpoint. */
export const SPEECH_FORMATS: Readonly<Record<SpeechFormat, AudioFormat>> = {
	mp3,
	wav,
	flac,
	opus: ogg,
	pcm,
};

const BY_MIME_TYPE = new Map<string, AudioFormat>();
const BY_EXTENSION = new Map<string, AudioFormat>();
for (const format of Object.values(AUDIO_FORMATS)) {
	for (const mimeType of [format.mimeType, ...format.mimeAliases])
		BY_MIME_TYPE.set(mimeType, format);
	for (const extension of format.extensions) BY_EXTENSION.set(extension, format);
}

/** Looks up a MIME type in any case, with parameters (`audio/ogg; codecs=opus`), or an alias. */
export function formatByMimeType(mimeType: string | undefined): AudioFormat | undefined {
	const [essence = ''] = (mimeType ?? '').split(/[;,]/, 1);
	return BY_MIME_TYPE.get(essence.trim().toLowerCase());
}

/** Looks up a format by the extension of a file name; a query or fragment after it is ignored. */
export function formatByFileName(fileName: string | undefined): AudioFormat | undefined {
	const extension = /\.([a-z0-9]{2,5})(?:[?#].*)?\s*$/is.exec((fileName ?? '').slice(-2048))?.[1];
	return extension === undefined ? undefined : BY_EXTENSION.get(extension.toLowerCase());
}
