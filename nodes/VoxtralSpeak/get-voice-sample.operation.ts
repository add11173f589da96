// A clip in which a voice introduces itself, as an audio file.
import { storeAudio } from '../shared/audio/n8n-binary';
import { outputDataField } from '../shared/fields/binary';
import { hearVoice } from '../shared/mistral/voices';
import type { Operation } from '../shared/execution/operation';
import { anyVoiceField, chosenVoice } from './voice.fields';

export const getVoiceSample: Operation = {
	value: 'getVoiceSample',
	name: 'Get Sample',
	action: 'Get a sample of a voice',
	description: 'Hear a voice before you choose it',
	fields: [anyVoiceField, outputDataField],
	async execute(run) {
		const { context, itemIndex, client } = run;
		const operation = getVoiceSample.value;
		const voice = chosenVoice(run, operation);
		const clip = await hearVoice(client, voice, operation);
		const stored = await storeAudio(context, clip, { operation, name: `sample ${voice}` });
		const field =
			String(context.getNodeParameter('binaryPropertyOutput', itemIndex)).trim() || 'data';
		const { fileName, mimeType, bytes, durationSeconds = null } = stored;
		return [
			{
				json: { voice, format: stored.format.id, mimeType, fileName, bytes, durationSeconds },
				binary: { [field]: stored.binary },
			},
		];
	},
};
