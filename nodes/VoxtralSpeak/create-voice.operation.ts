// Create Voice: clones a voice from a short recording and saves it, with the speaker's consent.
import type { IDataObject, INodeProperties } from 'n8n-workflow';
import { inputDataField } from '../shared/fields/binary';
import { assertConsent, consentField } from '../shared/fields/speech/consent';
import { createVoice as create } from '../shared/mistral/voices';
import { Failure } from '../shared/errors/failure';
import type { ItemRun, Operation } from '../shared/execution/operation';
import { readText } from '../shared/execution/parameters';
import { detailFields, readDetails } from './voice.fields';
import { voiceOutput } from './voice.output';
import { readClip } from '../shared/fields/speech/voice-reader';

const fields: INodeProperties[] = [
	{
		displayName: 'Name',
		name: 'name',
		type: 'string',
		default: '',
		required: true,
		placeholder: 'e.g. Support, calm',
		description: 'How the voice is called in lists',
	},
	{
		...inputDataField,
		hint: 'The name of the input field containing the recording of the voice',
		description: 'The field that holds an MP3 or WAV of 3 to 25 seconds in which one person speaks',
	},
	consentField,
	{
		displayName: 'Details',
		name: 'details',
		type: 'collection',
		placeholder: 'Add Detail',
		default: {},
		options: [
			...detailFields.slice(0, 4),
			{
				displayName: 'Slug',
				name: 'slug',
				type: 'string',
				default: '',
				placeholder: 'e.g. support_calm',
				description: 'A short name without spaces that workflows can use as voice ID',
			},
			...detailFields.slice(4),
		],
	},
];

function readName(run: ItemRun): string {
	const name = readText(run, 'name');
	if (name !== '') return name;
	throw new Failure({
		stage: `${createVoice.value}.no-name`,
		message: 'Name is empty',
		hint: 'Give the voice a name to find it by.',
	});
}

export const createVoice: Operation = {
	value: 'createVoice',
	name: 'Create',
	action: 'Create a voice from a recording',
	description: 'Save a voice made from a short recording',
	fields,
	async execute(run) {
		const { context, itemIndex, client } = run;
		assertConsent(context.getNodeParameter('consent', itemIndex, false), createVoice.value);
		const name = readName(run);
		const clip = await readClip(run, createVoice.value);
		const details = context.getNodeParameter('details', itemIndex, {}) as IDataObject;
		const slug = String(details.slug ?? '').trim();
		const voice = await create(client, {
			name,
			sample_audio: clip.encoded,
			sample_filename: clip.fileName,
			...readDetails(details),
			...(slug ? { slug } : {}),
		});
		return [{ json: voiceOutput(voice) }];
	},
};
