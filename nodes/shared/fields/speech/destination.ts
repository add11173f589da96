// The Destination field: audio presets for a file, phone line, messenger or browser.
import type { INodeProperties } from 'n8n-workflow';

/** `file`: description of the choice File, which has no preset. */
export function destinationField(file: string): INodeProperties {
	return {
		displayName: 'Destination',
		name: 'destination',
		type: 'options',
		default: 'file',
		options: [
			{ name: 'File', value: 'file', description: file },
			{
				name: 'Phone Line',
				value: 'phoneLine',
				description: 'WAV with 8,000 samples a second, as telephones carry it',
			},
			{
				name: 'Telegram Voice Note',
				value: 'telegramVoice',
				description: 'OGG with Opus, up to 50 MB',
			},
			{ name: 'Web Player', value: 'webPlayer', description: 'MP3, which every browser plays' },
			{
				name: 'WhatsApp Voice Note',
				value: 'whatsappVoice',
				description: 'OGG with Opus, up to 16 MB',
			},
		],
		description: 'Where the audio goes: sets format, file name, type and limits together',
	};
}
