// Fields of the operation Talk: the question, the answering model, the voice, the destination of the audio.
import type { INodeProperties } from 'n8n-workflow';
import { chatModelField, instructionsField } from '../shared/fields/answer/answer-style';
import { inputDataField, outputDataField } from '../shared/fields/binary';
import { sessionKeyField } from '../shared/fields/answer/conversation';
import { destinationField } from '../shared/fields/speech/destination';
import { voiceField } from '../shared/fields/speech/voice';
import { talkOptions } from './talk.options';

export const talkFields: INodeProperties[] = [
	{
		...inputDataField,
		description:
			'The field that holds the spoken question. When the item has exactly one file, or one audio file, that one is used whatever its field is called. An item without audio is answered by its Typed Question.',
	},
	{
		displayName: 'Typed Question',
		name: 'text',
		type: 'string',
		default:
			'={{ $json.message?.text ?? $json.chatInput ?? $json.body?.text ?? $json.text ?? "" }}',
		description:
			'The question of an item that has no audio, so that people may speak or type: by default the message of Telegram, of the chat, or a field text',
	},
	chatModelField,
	instructionsField,
	{
		displayName: 'Web Search',
		name: 'webSearch',
		type: 'boolean',
		default: true,
		description: 'Whether things are looked up on the web where that helps the answer',
	},
	{
		...sessionKeyField,
		description: `${String(sessionKeyField.description)} When it is empty, nothing is remembered.`,
	},
	voiceField,
	destinationField(
		'WAV where a streaming webhook listens, MP3 otherwise; see Format in the options',
	),
	outputDataField,
	talkOptions,
];
