// One voice and what is known about it.
import { getVoice as fetchVoice } from '../shared/mistral/voices';
import type { Operation } from '../shared/execution/operation';
import { anyVoiceField, chosenVoice } from './voice.fields';
import { voiceOutput } from './voice.output';

export const getVoice: Operation = {
	value: 'getVoice',
	name: 'Get',
	action: 'Get a voice',
	description: 'Read what is known about a voice',
	fields: [anyVoiceField],
	async execute(run) {
		const voice = await fetchVoice(run.client, chosenVoice(run, getVoice.value));
		return [{ json: voiceOutput(voice) }];
	},
};
