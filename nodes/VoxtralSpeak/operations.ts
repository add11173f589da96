// The operations of the node, in the order of the editor.
import type { ResourceRegistry } from '../shared/execution/resource';
import { createVoice } from './create-voice.operation';
import { deleteVoice } from './delete-voice.operation';
import { getVoice } from './get-voice.operation';
import { getVoiceSample } from './get-voice-sample.operation';
import { listVoices } from './list-voices.operation';
import { speak } from './speak.operation';
import { updateVoice } from './update-voice.operation';

export const resources = [
	{ value: 'speech', name: 'Speech', operations: [speak] },
	{
		value: 'voice',
		name: 'Voice',
		operations: [listVoices, createVoice, deleteVoice, getVoice, getVoiceSample, updateVoice],
	},
] as const satisfies ResourceRegistry;
