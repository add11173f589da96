// Get Voice: the details of one voice.
import { getVoice as fetchVoice } from '../shared/mistral/voices';
import type { Operation } from '../shared/execution/operation';
import { anyVoiceField, readVoiceId } from './voice.fields';
import { voiceOutput } from './voice.output';

export const getVoice: Operation = {
	value: 'getVoice',
	name: 'Get',
	action: 'Get a voice',
	description: 'Read what is known about a voice',
	fields: [anyVoiceField],
	async execute(run) {
		const voice = await fetchVoice(run.client, readVoiceId(run, getVoice.value));
		return [{ json: voiceOutput(voice) }];
	},
};
