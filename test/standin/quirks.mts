// Switches for behaviour that the real API shows only sometimes, or that is undocumented.
export interface Quirks {
	/** Unknown JSON keys and form fields are ignored instead of rejected. */
	lenientUnknownKeys: boolean;
	/** Validation errors as FastAPI writes them (shape c) instead of shape b. */
	fastApiValidation: boolean;
	/** A request without any key gets the gateway's 401 body instead of `detail`. */
	gatewayAnswersMissingKey: boolean;
	/** Answer content: `auto` = chunks when pages are cited, plain text otherwise. */
	answerContent: 'auto' | 'text' | 'chunks';
	newConversationIdOnAppend: boolean;
	/** The model calls this function instead of answering, once per question. */
	functionCall: { name: string; arguments: unknown } | undefined;
	/** A streamed conversation ends with `conversation.response.error` after the first words. */
	conversationErrorEvent: { message: string; code: number } | undefined;
	/** A streamed conversation stops after the first words. */
	conversationEndsAbruptly: boolean;
	/** Number of web searches of an answer with the tool (0 = the model decides against it). */
	webSearches: number;
	/** `tool_choice: "any"` together with built-in tools is accepted. */
	toolChoiceAnyWithBuiltInTools: boolean;
	/** With reasoning requested, chat content becomes thinking and text chunks. */
	reasoningChunks: boolean;
	/** Second generation: `language` with timestamps gives 200 with an empty text. */
	languageWithTimestampsIsEmpty: boolean;
	diarizeWithoutSegmentsFails: boolean;
	/** Second generation: `return_language` is rejected as unknown instead of ignored. */
	returnLanguageOnV2Fails: boolean;
	/** No speech recognized: 200 with an empty text. */
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
	/** Uploads above this size get 413. */
	maxUploadBytes: number;
	/** Speech inputs above this length get 400. */
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
