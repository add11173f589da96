// Types of Mistral's JSON requests and replies (snake_case), limited to the fields this package uses. Unknown
// keys, chunk types and event types of replies are ignored. `test/types` checks these types against the SDK.

/** GET /v1/models, one entry. */
export interface WireModel {
	id: string;
	name?: string | null;
	description?: string | null;
	aliases?: string[];
	deprecation?: string | Date | null;
	capabilities?: {
		completion_chat?: boolean;
		function_calling?: boolean;
		audio_transcription?: boolean;
		audio_speech?: boolean;
	};
}

/** A voice, from /v1/audio/voices or /v2/audio/voices. */
export interface WireVoice {
	id: string;
	name: string;
	slug?: string | null;
	languages?: string[] | null;
	gender?: string | null;
	age?: number | null;
	tags?: string[] | null;
	description?: string | null;
	created_at?: string;
	type?: string;
}

/** A segment of a transcription; times in seconds. */
export interface WireSegment {
	text: string;
	start?: number | null;
	end?: number | null;
	speaker_id?: string | null;
}

/** POST /v1/audio/transcriptions, reply. */
export interface WireTranscription {
	text: string;
	model?: string;
	language?: string | null;
	segments?: WireSegment[] | null;
	usage?: WireUsage | null;
}

/** /v1/files, one file. */
export interface WireFile {
	id: string;
	filename?: string;
	bytes?: number;
	/** Seconds since 1970. */
	created_at?: number;
}

export interface WireUsage {
	prompt_tokens?: number | null;
	completion_tokens?: number | null;
	total_tokens?: number | null;
	/** Whole seconds: what transcription is billed by. */
	prompt_audio_seconds?: number | null;
	/** Prompt tokens added by built-in tools such as web search. */
	connector_tokens?: number | null;
	/** Calls per connector. */
	connectors?: Record<string, number> | null;
}

export type WireTool =
	| { type: 'web_search' | 'web_search_premium' | 'code_interpreter' | 'image_generation' }
	| { type: 'document_library'; library_ids: string[] }
	| WireFunctionTool;

/** A function the caller runs; `parameters` is a JSON schema of an object. */
export interface WireFunctionTool {
	type: 'function';
	function: { name: string; description?: string; parameters: Record<string, unknown> };
}

/** `completion_args`, unknown keys are refused by the API. */
export interface WireCompletionArgs {
	/** 0 to 1. */
	temperature?: number;
	/** 0 to 1. */
	top_p?: number;
	max_tokens?: number;
	random_seed?: number;
	stop?: string[];
	reasoning_effort?: 'none' | 'minimal' | 'low' | 'medium' | 'high' | 'xhigh';
	response_format?: {
		type: 'json_schema';
		json_schema: { name: string; schema: Record<string, unknown>; strict: boolean };
	};
	tool_choice?: 'auto' | 'none';
}

/** One entry of `inputs`: a message, a function call of the model, or the result of a call. */
export type WireInput =
	| { type: 'message.input'; role: 'user' | 'assistant'; content: string }
	| { type: 'function.call'; tool_call_id: string; name: string; arguments: string }
	| { type: 'function.result'; tool_call_id: string; result: string };

/** POST /v1/conversations: starts a conversation. */
export interface WireConversationStart {
	inputs: string | WireInput[];
	/** Either a model… */
	model?: string;
	instructions?: string;
	tools?: WireTool[];
	/** …or a saved agent, which has its own instructions and tools. */
	agent_id?: string;
	/** A number, or the name of a version; the latest when absent. */
	agent_version?: number | string;
	completion_args?: WireCompletionArgs;
	metadata?: Record<string, string>;
	store: boolean;
	stream: boolean;
}

/** POST /v1/conversations/{id}: no model, instructions or tools here, the API refuses them. */
export interface WireConversationAppend {
	inputs: string | WireInput[];
	completion_args?: WireCompletionArgs;
	store: boolean;
	stream: boolean;
}

/** A content chunk of an answer, of type `text`, `tool_reference`, `tool_file` or another. */
export interface WireChunk {
	type: string;
	text?: string;
	tool?: string;
	title?: string;
	url?: string | null;
	description?: string | null;
	file_id?: string;
	file_name?: string | null;
	/** An extension or a MIME type. */
	file_type?: string | null;
}

/** One entry of `outputs`: `message.output`, `tool.execution`, `function.call` and others. */
export interface WireOutput {
	type: string;
	content?: string | WireChunk[];
	model?: string | null;
	name?: string;
}

/** Reply of both conversation calls. */
export interface WireConversation {
	conversation_id: string;
	outputs: WireOutput[];
	usage?: WireUsage | null;
}

/** GET /v1/conversations, one entry. */
export interface WireConversationCard {
	id: string;
	created_at?: string;
	updated_at?: string;
	metadata?: Record<string, unknown> | null;
}

/** GET /v1/agents, one entry. */
export interface WireAgent {
	id: string;
	name: string;
	model?: string;
	description?: string | null;
}

/** POST /v1/agents: unknown keys are refused by the API. */
export interface WireAgentCreate {
	name: string;
	model: string;
	instructions?: string;
	description?: string;
	tools?: WireTool[];
}

/** POST /v1/audio/speech: unknown keys are refused by the API. */
export interface WireSpeechRequest {
	input: string;
	model: string;
	/** Slug or id; without it there must be `ref_audio`. */
	voice_id?: string;
	/** An MP3 or WAV file in base64: the voice to imitate, this once. */
	ref_audio?: string;
	response_format: 'mp3' | 'wav' | 'flac' | 'opus' | 'pcm';
	stream: boolean;
	/** Family 3 only, 1 to 5. */
	expressiveness?: number;
	/** Family 3 only: a word of `input` and its sounds. */
	phoneme_hints?: Record<string, string[]>;
}

/** An event of a speech stream: `speech.audio.delta` with audio, then `speech.audio.done` with usage. */
export interface WireSpeechEvent {
	type: string;
	audio_data?: string;
	usage?: WireUsage | null;
}

/** POST /v1/audio/voices. */
export interface WireVoiceCreate extends WireVoiceUpdate {
	name: string;
	/** An MP3 or WAV file in base64. */
	sample_audio: string;
	sample_filename?: string;
	slug?: string;
}

/** PATCH /v1/audio/voices/{voice_id}: only what is to change. */
export interface WireVoiceUpdate {
	name?: string;
	languages?: string[];
	gender?: string;
	age?: number;
	tags?: string[];
	description?: string;
}
