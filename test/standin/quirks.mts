// Behaviour the real API leaves uncertain, or shows only sometimes, as switches.
export interface Quirks {
	/** Unknown JSON keys and form fields are ignored instead of refused. */
	lenientUnknownKeys: boolean;
	/** Validation errors as FastAPI writes them (shape c) instead of shape b. */
	fastApiValidation: boolean;
	/** A request without any key gets the gateway's 401 body instead of `detail`. */
	gatewayAnswersMissingKey: boolean;
	/** Answer content: `auto` = chunks when pages are cited, plain text otherwise. */
	answerContent: 'auto' | 'text' | 'chunks';
	newConversationIdOnAppend: boolean;
	/** The assistant calls this function instead of answering, once per question. */
	functionCall: { name: string; arguments: unknown } | undefined;
	/** A streamed conversation ends with `conversation.response.error` after the first words. */
	conversationErrorEvent: { message: string; code: number } | undefined;
	/** A streamed conversation just stops after the first words. */
	conversationEndsAbruptly: boolean;
	/** How many web searches an answer with the tool makes (0 = the model decided against it). */
	webSearches: number;
	/** `tool_choice: "any"` together with built-in tools is accepted. */
	toolChoiceAnyWithBuiltInTools: boolean;
	/** With reasoning asked for, chat content becomes thinking and text chunks. */
	reasoningChunks: boolean;
	/** Second generation: `language` with timestamps answers 200 with an empty text. */
	languageWithTimestampsIsEmpty: boolean;
	diarizeWithoutSegmentsFails: boolean;
	/** Second generation: `return_language` is refused as unknown instead of ignored. */
	returnLanguageOnV2Fails: boolean;
	/** Nothing was understood: 200 with an empty text. */
	emptyTranscript: boolean;
	/** Segment events come after all text deltas instead of after the words they cover. */
	segmentsAfterDeltas: boolean;
	/** Speech accepts `voice` in place of `voice_id`. */
	voiceAlias: boolean;
	voicesV1Missing: boolean;
	voicesV2Missing: boolean;
	agentPagesMissing: boolean;
	/** Random padding key `p` in streamed payloads. */
	padding: boolean;
	/** Uploads above this answer 413. */
	maxUploadBytes: number;
	/** Speech inputs above this answer 400. */
	maxInputCharacters: number;
}

export const defaultQuirks: Quirks = {
	lenientUnknownKeys: false,
	fastApiValidation: false,
	gatewayAnswersMissingKey: false,
	answerContent: 'auto',
	newConversationIdOnAppend: false,
	functionCall: undefined,
	conversationErrorEvent: undefined,
	conversationEndsAbruptly: false,
	webSearches: 1,
	toolChoiceAnyWithBuiltInTools: false,
	reasoningChunks: false,
	languageWithTimestampsIsEmpty: true,
	diarizeWithoutSegmentsFails: true,
	returnLanguageOnV2Fails: false,
	emptyTranscript: false,
	segmentsAfterDeltas: false,
	voiceAlias: true,
	voicesV1Missing: false,
	voicesV2Missing: false,
	agentPagesMissing: false,
	padding: false,
	maxUploadBytes: 2 * 1024 ** 3,
	maxInputCharacters: 100_000,
};
