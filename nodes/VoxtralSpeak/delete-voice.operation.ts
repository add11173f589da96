// Delete Voice: deletes a voice saved in the Mistral account.
import { deleteVoice as remove } from '../shared/mistral/voices';
import type { Operation } from '../shared/execution/operation';
import { ownVoiceField, readVoiceId } from './voice.fields';

export const deleteVoice: Operation = {
	value: 'deleteVoice',
	name: 'Delete',
	action: 'Delete a voice',
	description: 'Delete a voice of your account for good',
	fields: [ownVoiceField],
	async execute(run) {
		await remove(run.client, readVoiceId(run, deleteVoice.value));
		return [{ json: { deleted: true } }];
	},
};
