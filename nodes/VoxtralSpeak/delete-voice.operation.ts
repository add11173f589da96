// A voice of one's own, gone for good.
import { deleteVoice as remove } from '../shared/mistral/voices';
import type { Operation } from '../shared/execution/operation';
import { chosenVoice, ownVoiceField } from './voice.fields';

export const deleteVoice: Operation = {
	value: 'deleteVoice',
	name: 'Delete',
	action: 'Delete a voice',
	description: 'Delete a voice of your account for good',
	fields: [ownVoiceField],
	async execute(run) {
		await remove(run.client, chosenVoice(run, deleteVoice.value));
		return [{ json: { deleted: true } }];
	},
};
