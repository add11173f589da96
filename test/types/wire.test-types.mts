// The wire types against the official SDK's, at compile time: what we send must be what the SDK
// would send, what the SDK reads we must be able to read. Checked by `tsc -p test/tsconfig.json`.
import type {
	Agent,
	AudioTranscriptionRequest$Outbound,
	BaseModelCard,
	CompletionArgs$Outbound,
	ConversationAppendRequest$Outbound,
	ConversationRequest$Outbound,
	ConversationRequestTool$Outbound,
	ConversationResponse,
	CreateAgentRequest$Outbound,
	CreateFileResponse,
	FunctionTool$Outbound,
	InputEntries$Outbound,
	MessageOutputEntry$Outbound,
	ModelConversation,
	SpeechRequest$Outbound,
	SpeechStreamAudioDelta,
	SpeechStreamDone,
	TranscriptionResponse,
	TranscriptionSegmentChunk,
	VoiceCreateRequest$Outbound,
	VoiceResponse,
	VoiceUpdateRequest$Outbound,
} from '@mistralai/mistralai/models/components';
import type {
	WireAgent,
	WireAgentCreate,
	WireCompletionArgs,
	WireConversation,
	WireConversationAppend,
	WireConversationCard,
	WireConversationStart,
	WireFile,
	WireFunctionTool,
	WireInput,
	WireModel,
	WireOutput,
	WireSegment,
	WireSpeechEvent,
	WireSpeechRequest,
	WireTool,
	WireTranscription,
	WireVoice,
	WireVoiceCreate,
	WireVoiceUpdate,
} from '../../nodes/shared/mistral/wire.ts';

/** The SDK hands replies out in camelCase; on the wire the same keys are snake_case. */
type SnakeKey<Key> = Key extends `${infer Head}${infer Tail}`
	? `${Head extends Lowercase<Head> ? Head : `_${Lowercase<Head>}`}${SnakeKey<Tail>}`
	: Key;
type OnTheWire<T> = T extends Date
	? string
	: T extends readonly (infer Entry)[]
		? OnTheWire<Entry>[]
		: T extends object
			? { [Key in keyof T as string extends Key ? never : SnakeKey<Key>]: OnTheWire<T[Key]> }
			: T;

/** Without what the SDK fixes or always adds: `stream` (one type a mode), its defaults inside `completion_args`. */
type Plain<T> = Omit<T, 'stream' | 'handoff_execution' | 'completion_args' | 'inputs' | 'tools'>;
/** Each member of a union without what the SDK always adds to it. */
type Bare<T> = T extends unknown ? Omit<T, 'object' | 'prefix'> : never;
type BuiltIn<T> = Exclude<T, { type: 'function' }>;

/** As a type alias, which may be checked against an index signature; an interface may not. */
type Keys<T> = { [Key in keyof T]: T[Key] };

type Assert<Fits extends true> = Fits;
type Fits<From, To> = [From] extends [To] ? true : false;

export type Sent = [
	Assert<Fits<Plain<WireConversationStart>, Plain<ConversationRequest$Outbound>>>,
	Assert<Fits<Plain<WireConversationAppend>, Plain<ConversationAppendRequest$Outbound>>>,
	Assert<Fits<WireCompletionArgs, Partial<CompletionArgs$Outbound>>>,
	Assert<Fits<Plain<WireAgentCreate>, Plain<CreateAgentRequest$Outbound>>>,
	Assert<Fits<WireInput, Bare<InputEntries$Outbound>>>,
	Assert<Fits<BuiltIn<WireTool>, BuiltIn<ConversationRequestTool$Outbound>>>,
	Assert<Fits<WireFunctionTool['function'], Omit<FunctionTool$Outbound['function'], 'strict'>>>,
	Assert<Fits<Keys<WireSpeechRequest>, SpeechRequest$Outbound>>,
	Assert<Fits<WireVoiceCreate, Partial<VoiceCreateRequest$Outbound>>>,
	Assert<Fits<WireVoiceUpdate, Partial<VoiceUpdateRequest$Outbound>>>,
	Assert<Fits<keyof WireVoiceCreate, keyof VoiceCreateRequest$Outbound>>,
	Assert<Fits<keyof WireVoiceUpdate, keyof VoiceUpdateRequest$Outbound>>,
	Assert<
		Fits<
			'model' | 'diarize' | 'language' | 'timestamp_granularities' | 'file',
			keyof AudioTranscriptionRequest$Outbound
		>
	>,
	Assert<
		Fits<
			'context_bias' | 'temperature' | 'file_url' | 'file_id' | 'stream',
			keyof AudioTranscriptionRequest$Outbound
		>
	>,
];

export type Read = [
	Assert<Fits<OnTheWire<TranscriptionResponse>, WireTranscription>>,
	Assert<Fits<OnTheWire<TranscriptionSegmentChunk>, WireSegment>>,
	Assert<
		Fits<
			Pick<OnTheWire<CreateFileResponse>, 'id' | 'filename' | 'created_at'>,
			Omit<WireFile, 'bytes'>
		>
	>,
	Assert<Fits<OnTheWire<VoiceResponse>, WireVoice>>,
	Assert<Fits<OnTheWire<SpeechStreamAudioDelta>, WireSpeechEvent>>,
	Assert<Fits<OnTheWire<SpeechStreamDone>, WireSpeechEvent>>,
	Assert<Fits<OnTheWire<BaseModelCard>, WireModel>>,
	Assert<Fits<MessageOutputEntry$Outbound, WireOutput>>,
	Assert<Fits<OnTheWire<Agent>, WireAgent>>,
	Assert<
		Fits<OnTheWire<Omit<ModelConversation, 'metadata'>>, Omit<WireConversationCard, 'metadata'>>
	>,
	Assert<
		Fits<
			OnTheWire<Pick<ConversationResponse, 'conversationId'>>,
			Pick<WireConversation, 'conversation_id'>
		>
	>,
];

// Must not compile: the SDK has no such key, or another type for it.
export type Refused = [
	// @ts-expect-error the API has no `voice`
	Assert<Fits<'voice', keyof WireSpeechRequest>>,
	// @ts-expect-error a text must be a text
	Assert<Fits<{ input: number; model: string; stream: boolean }, SpeechRequest$Outbound>>,
	// @ts-expect-error a change takes no new recording
	Assert<Fits<'sample_audio', keyof VoiceUpdateRequest$Outbound>>,
	// @ts-expect-error an append takes no model
	Assert<Fits<'model', keyof ConversationAppendRequest$Outbound>>,
	// @ts-expect-error the API has no `prompt` for recordings
	Assert<Fits<'prompt', keyof AudioTranscriptionRequest$Outbound>>,
	// @ts-expect-error there is no such tool
	Assert<Fits<{ type: 'web_serch' }, BuiltIn<ConversationRequestTool$Outbound>>>,
	Assert<
		// @ts-expect-error results are texts
		Fits<
			{ type: 'function.result'; tool_call_id: string; result: number },
			Bare<InputEntries$Outbound>
		>
	>,
	Assert<
		// @ts-expect-error segments are a list
		Fits<
			Omit<OnTheWire<TranscriptionResponse>, 'segments'> & { segments: string },
			WireTranscription
		>
	>,
];
