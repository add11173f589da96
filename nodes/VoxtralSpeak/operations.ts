// Everything this node can do.
import type { ResourceRegistry } from '../shared/run/resource';
import { createVoice } from './createVoice.operation';
import { deleteVoice } from './deleteVoice.operation';
import { getVoice } from './getVoice.operation';
import { getVoiceSample } from './getVoiceSample.operation';
import { listVoices } from './listVoices.operation';
import { speak } from './speak.operation';
import { updateVoice } from './updateVoice.operation';

export const resources = [
	{ value: 'speech', name: 'Speech', operations: [speak] },
	{
		value: 'voice',
		name: 'Voice',
		operations: [listVoices, createVoice, deleteVoice, getVoice, getVoiceSample, updateVoice],
	},
] as const satisfies ResourceRegistry;
