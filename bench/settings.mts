// Settings of the comparison: latency of the API, length of the answer, contenders.
import { latencyProfiles, noLatency, type LatencyProfile } from '../test/standin/latency.mts';

/** 52 words. */
export const shortReply =
	'The library is open today until eight in the evening. You will find the new reading room on the second floor, next to the children’s books. If you bring your card, you can borrow up to twelve items for four weeks. On Sundays the doors stay closed, but the return box works.';

/** No sentence occurs twice, so that each piece of speech can be located. */
const walkOn = (day: string): string =>
	`On ${day} the walk begins at the old mill by the river and follows the water upstream for about two miles. After the second bridge the path leaves the bank on ${day} and climbs through a beech wood, where it can be muddy after rain. At the top there is a bench with a wide view, and on ${day} the sea can be seen when it is clear. From there the way on ${day} goes down past two farms to the village, where a small shop sells bread, cheese and coffee.`;

/** Three minutes of speech. */
export const longReply = [
	...['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday'].map(walkOn),
	'On Saturday nobody walks, since the mill has its market then, and the path is full of stalls and of children who feed the ducks below the second bridge.',
].join(' ');

/** Contenders: n8n's built-in nodes, a script without n8n, this package, and the minimum n8n allows. */
export type Contender =
	| 'chain'
	| 'openAi'
	| 'sdk'
	| 'three'
	| 'threeStreaming'
	| 'assistant'
	| 'minimal'
	| 'floor';

export interface Setting {
	name: 'cloud' | 'cloudLong' | 'fast' | 'none';
	label: string;
	profile: LatencyProfile;
	reply: string;
	contenders: readonly Contender[];
	/**
	 * All contenders except the Assistant run concurrently, since their turns are long and mostly waiting. The
	 * first audio of the Assistant is early enough to be delayed by the others.
	 */
	isParallel?: boolean;
}

const everybody: Contender[] = [
	'chain',
	'openAi',
	'sdk',
	'three',
	'threeStreaming',
	'assistant',
	'floor',
];

export const settings: Setting[] = [
	{
		name: 'cloud',
		label: 'Cloud, 52-word reply',
		profile: latencyProfiles.cloud,
		reply: shortReply,
		contenders: everybody,
	},
	{
		name: 'cloudLong',
		label: 'Cloud, 3-minute reply',
		profile: latencyProfiles.cloud,
		reply: longReply,
		contenders: ['chain', 'openAi', 'sdk', 'three', 'threeStreaming', 'assistant'],
		isParallel: true,
	},
	{
		name: 'fast',
		label: 'Fast, 52-word reply',
		profile: latencyProfiles.fast,
		reply: shortReply,
		contenders: everybody,
	},
	{
		name: 'none',
		label: 'API that takes no time, 52-word reply',
		profile: noLatency,
		reply: shortReply,
		contenders: [...everybody, 'minimal'],
	},
];

export const limited = latencyProfiles.limited;
export const apiKey = 'stand-in-key';
