// Update Voice: changes name and details of a voice of the account.
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { updateVoice as update } from '../shared/mistral/voices';
import { Failure } from '../shared/errors/failure';
import type { Operation } from '../shared/execution/operation';
import { detailFields, ownVoiceField, readDetails, readVoiceId } from './voice.fields';
import { voiceOutput } from './voice.output';

const nameField: INodeProperties = {
	displayName: 'Name',
	name: 'name',
	type: 'string',
	default: '',
	description: 'How the voice is called in lists',
};

const fields: INodeProperties[] = [
	ownVoiceField,
	{
		displayName: 'Changes',
		name: 'changes',
		type: 'collection',
		placeholder: 'Add Change',
		default: {},
		options: [...detailFields.slice(0, 4), nameField, ...detailFields.slice(4)],
	},
];

export const updateVoice: Operation = {
	value: 'updateVoice',
	name: 'Update',
	action: 'Update a voice',
	description: 'Change name and details of a voice of your account',
	fields,
	async execute(run) {
		const { context, itemIndex, client } = run;
		const voice = readVoiceId(run, updateVoice.value);
		const stored = context.getNodeParameter('changes', itemIndex, {}) as IDataObject;
		const name = String(stored.name ?? '').trim();
		const changes = { ...readDetails(stored), ...(name ? { name } : {}) };
		if (Object.keys(changes).length === 0) {
			throw new Failure({
				stage: `${updateVoice.value}.no-changes`,
				message: 'Changes is empty',
				hint: 'Add at least one change, for example a new name.',
			});
		}
		return [{ json: voiceOutput(await update(client, voice, changes)) }];
	},
};
