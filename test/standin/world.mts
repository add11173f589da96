// State of the server between requests.
import type { Agent } from './agents.mts';
import type { AnswerScript } from './assistant.mts';
import type { AudioReader } from './audio-reader.mts';
import type { Conversation } from './conversations.mts';
import type { StoredFile } from './files.mts';
import type { LatencyProfile } from './latency.mts';
import type { Quirks } from './quirks.mts';
import type { SpeechEngine } from './speech-engine.mts';
import { presetVoices, type Voice } from './voice-presets.mts';

export interface World {
	quirks: Quirks;
	script: AnswerScript | undefined;
	profile: LatencyProfile;
	speech: SpeechEngine;
	audio: AudioReader;
	voices: Map<string, Voice>;
	conversations: Map<string, Conversation>;
	agents: Map<string, Agent>;
	files: Map<string, StoredFile>;
	/** Base URL of this server, for signed URLs. */
	url: string;
}

export function emptyStores(): Pick<World, 'voices' | 'conversations' | 'agents' | 'files'> {
	return {
		voices: new Map(presetVoices().map((voice) => [voice.id, voice])),
		conversations: new Map(),
		agents: new Map(),
		files: new Map(),
	};
}
