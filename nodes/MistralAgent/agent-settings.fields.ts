// Fields of an agent: model, instructions, built-in tools, library ids.
import type { INodeProperties } from 'n8n-workflow';
import { chatModelField, instructionsField } from '../shared/fields/answer/answer-style';

/** `show`: display conditions added to those of the operation. */
export function agentSettingsFields(
	show: Readonly<Record<string, string[]>> = {},
): INodeProperties[] {
	const shown = Object.keys(show).length > 0 ? { displayOptions: { show: { ...show } } } : {};
	return [
		{ ...chatModelField, ...shown },
		{ ...instructionsField, ...shown },
		{
			displayName: 'Built-in Tools',
			name: 'builtInTools',
			type: 'multiOptions',
			default: ['webSearch'],
			options: [
				{
					name: 'Code Interpreter',
					value: 'codeInterpreter',
					description: 'Calculate and draw charts by running code at Mistral',
				},
				{
					name: 'Document Library',
					value: 'documentLibrary',
					description: 'Look things up in documents that you put into a library at Mistral',
				},
				{
					name: 'Image Generation',
					value: 'imageGeneration',
					description: 'Draw pictures',
				},
				{
					name: 'Web Search',
					value: 'webSearch',
					description: 'Look things up on the web and name the sources',
				},
				{
					name: 'Web Search Premium',
					value: 'webSearchPremium',
					description: 'Also search the articles of news agencies; replaces Web Search',
				},
			],
			...shown,
			description: 'What Mistral may use to find the answer',
		},
		{
			displayName: 'Library IDs',
			name: 'libraryIds',
			type: 'string',
			default: '',
			required: true,
			placeholder: 'e.g. 06a1b2c3-0000-4000-8000-000000000000',
			displayOptions: { show: { ...show, builtInTools: ['documentLibrary'] } },
			description:
				'The libraries to search, from the address of each in the Mistral console, separated by commas',
		},
	];
}
