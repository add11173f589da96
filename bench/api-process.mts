// Child process with the API stand-ins, one for each contender in each setting; controlled over IPC.
import type { RecordedRequest, StandIn } from '../test/standin/index.mts';
import { faults, startStandIn } from '../test/standin/index.mts';
import { type ApiAnswer, type ApiCommand, type ApiUrls, standInName } from './apis.mts';
import { CannedSpeech } from './canned-speech.mts';
import type { LoggedCall } from './critical-path.mts';
import { startOpenAi } from './openai-standin.mts';
import { apiKey, limited, settings } from './settings.mts';

const speech = await CannedSpeech.make();
const mistral = new Map<string, StandIn>();
const openAi = new Map<string, { url: string }>();

for (const setting of settings) {
	for (const contender of setting.contenders) {
		const name = standInName(setting.name, contender);
		if (contender === 'openAi') openAi.set(name, await startOpenAi(setting, speech));
		else {
			const standIn = await startStandIn({ profile: setting.profile, apiKeys: [apiKey], speech });
			standIn.answerWith(() => setting.reply);
			mistral.set(name, standIn);
		}
	}
}
mistral.set('limited', await startStandIn({ profile: limited, apiKeys: [apiKey], speech }));

function toCall(record: RecordedRequest): LoggedCall {
	const body = (record.json ?? {}) as { input?: unknown; stream?: unknown };
	return {
		path: record.path,
		status: record.status,
		receivedAtMs: record.bodyReceivedAtMs ?? record.receivedAtMs,
		sentAtMs: record.sentAtMs,
		...(typeof body.input === 'string' ? { input: body.input } : {}),
		stream: body.stream === true,
	};
}

const urls: ApiUrls = Object.fromEntries(
	[...mistral, ...openAi].map(([name, { url }]) => [name, url]),
);

function obey({ id, command, name }: ApiCommand): ApiAnswer {
	const standIn = mistral.get(name);
	if (!standIn) throw new Error(`no stand-in ${name}`);
	if (command === 'failNextUpload') standIn.inject(faults.serverError());
	if (command !== 'takeLog') return { id };
	const calls = standIn.requests.map(toCall);
	standIn.requests.length = 0;
	return { id, calls };
}

process.on('message', (command: ApiCommand) => process.send?.(obey(command)));
process.on('disconnect', () => process.exit(0));
process.send?.({ urls });
