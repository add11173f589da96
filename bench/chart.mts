// The chart of docs/bench.md: first and whole audio of each contender, for the short and the long answer.
import * as vega from 'vega';
import { compile, type TopLevelSpec } from 'vega-lite';
import { names } from './report.mts';
import { type Contender, settings } from './settings.mts';
import { median } from './statistics.mts';
import { firstOf, type Measured, wholeOf } from './targets.mts';

const shown: Contender[] = ['chain', 'openAi', 'three', 'threeStreaming', 'sdk', 'assistant'];
const silence = 'silence';
const speech = 'speech arrives';

export async function renderChart({ contest }: Measured): Promise<string> {
	const values = settings
		.filter(({ name }) => name === 'cloud' || name === 'cloudLong')
		.flatMap(({ name, label }) =>
			shown.flatMap((who) => {
				const turns = contest?.[name]?.[who] ?? [];
				if (turns.length === 0) return [];
				const first = median(firstOf(turns)) / 1000;
				const whole = median(wholeOf(turns)) / 1000;
				const common = { answer: label, who: names[who] };
				return [
					{ ...common, what: silence, from: 0, to: first, text: `${first.toFixed(1)} s` },
					{ ...common, what: speech, from: first, to: Math.max(whole, first), text: '' },
				];
			}),
		);
	const y = { field: 'who', type: 'nominal', sort: null, title: null } as const;
	const spec: TopLevelSpec = {
		$schema: 'https://vega.github.io/schema/vega-lite/v6.json',
		data: { values },
		facet: {
			row: {
				field: 'answer',
				title: null,
				sort: settings.map(({ label }) => label),
				header: { orient: 'top', labelAnchor: 'start', labelFontSize: 13, labelFontWeight: 'bold' },
			},
		},
		resolve: { scale: { x: 'independent' } },
		spec: {
			width: 520,
			height: 150,
			layer: [
				{
					mark: { type: 'bar', height: 14 },
					encoding: {
						y,
						x: {
							field: 'from',
							type: 'quantitative',
							title: 'seconds after the recording was sent',
						},
						x2: { field: 'to' },
						color: {
							field: 'what',
							type: 'nominal',
							title: null,
							scale: { domain: [silence, speech], range: ['#c9ced6', '#e8590c'] },
							legend: { orient: 'top' },
						},
					},
				},
				{
					transform: [{ filter: `datum.what === '${silence}'` }],
					mark: { type: 'text', align: 'right', dx: -5, fontSize: 11 },
					encoding: {
						y,
						x: { field: 'to', type: 'quantitative' },
						text: { field: 'text' },
					},
				},
			],
		},
		config: { background: 'white', axis: { labelLimit: 340, grid: false }, font: 'sans-serif' },
	};
	const view = new vega.View(vega.parse(compile(spec).spec), { renderer: 'none' });
	return await view.toSVG();
}
