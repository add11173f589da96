// Get Sample: the sample clip of a voice as an audio file.
import { storeAudio } from '../shared/audio/n8n-binary';
import { outputDataField } from '../shared/fields/binary';
import { downloadVoiceSample } from '../shared/mistral/voices';
import type { Operation } from '../shared/execution/operation';
import { readOutputField } from '../shared/execution/parameters';
import { anyVoiceField, readVoiceId } from './voice.fields';

export const getVoiceSample: Operation = {
	value: 'getVoiceSample',
	name: 'Get Sample',
	action: 'Get a sample of a voice',
	description: 'Hear a voice before you choose it',
	fields: [anyVoiceField, outputDataField],
	async execute(run) {
		const { context, client } = run;
		const operation = getVoiceSample.value;
		const voice = readVoiceId(run, operation);
		const clip = await downloadVoiceSample(client, voice, operation);
		const stored = await storeAudio(context, clip, { operation, name: `sample ${voice}` });
		const { fileName, mimeType, bytes, durationSeconds = null } = stored;
		return [
			{
				json: { voice, format: stored.format.id, mimeType, fileName, bytes, durationSeconds },
				binary: { [readOutputField(run)]: stored.binary },
			},
		];
	},
};
