// What is heard, answered and connected in the pictures: made up, and recognisable as such.
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { WorkflowJson } from '../../harness/n8n-api-types.mts';
import type { N8nApi } from '../../harness/n8n-api.mts';
import { checkout } from '../../harness/bootstrap.mjs';
import type { StandIn } from '../standin/index.mts';

const source = (title: string, url: string) => ({
	type: 'tool_reference',
	tool: 'web_search',
	title,
	url,
	favicon: null,
	description: 'A page that was never searched for',
});

const answer = [
	{ type: 'tool.execution', name: 'web_search', arguments: '{"query":"weather Paris today"}' },
	{
		type: 'message.output',
		content: [
			{ type: 'text', text: 'In Paris it is **sunny** today, with a high of nineteen degrees' },
			source('Made-up weather page', 'https://example.com/weather'),
			{
				type: 'text',
				text: ' and a light wind from the west. Towards the evening there may be a short shower',
			},
			source('Made-up rain radar', 'https://example.org/radar'),
			{ type: 'text', text: ', so take a jacket along.' },
		],
	},
];

/** Answers about the weather, whatever is asked. */
export const pictured = (standIn: StandIn): void => standIn.answerWith(() => answer);

/** A recording made by the page is new each time; the stand-in could only describe it. */
export const hearTheQuestion = (standIn: StandIn): void =>
	standIn.inject({
		match: { path: '/v1/audio/transcriptions' },
		times: Infinity,
		delayMs: 400,
		status: 200,
		body: {
			model: 'voxtral-mini-2602',
			text: 'What is the weather in Paris today?',
			language: 'en',
			segments: [],
			usage: {
				prompt_audio_seconds: 2,
				prompt_tokens: 30,
				total_tokens: 40,
				completion_tokens: 10,
			},
			finish_reason: null,
		},
	});

/** The credentials that the samples name, so that no step is marked as unfinished. */
export const saveCredentials = async (
	api: N8nApi,
	data: Record<string, Record<string, unknown>>,
): Promise<void> => {
	const asked = globSync('workflows/*.json', { cwd: checkout })
		.map((file) => JSON.parse(readFileSync(join(checkout, file), 'utf8')) as WorkflowJson)
		.flatMap(({ nodes }) => nodes.flatMap(({ credentials }) => Object.entries(credentials ?? {})));
	const names = new Map(asked.map(([type, { name }]) => [`${type} ${name}`, { type, name }]));
	for (const { type, name } of names.values())
		await api.saveCredential({ type, name, data: data[type] ?? {} });
};
