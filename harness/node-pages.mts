// Generates the Markdown page of a node: a guide written by hand, then its description and output schemas.
import type {
	INodeProperties,
	INodePropertyCollection,
	INodePropertyOptions,
	INodeTypeDescription,
} from 'n8n-workflow';

/** The part of an output's JSON schema that the tables show. */
export interface OutputSchema {
	readonly type?: string | readonly string[];
	readonly properties?: Readonly<Record<string, OutputSchema>>;
	readonly items?: OutputSchema;
}

export interface NodePage {
	readonly description: INodeTypeDescription;
	/** Schemas by operation; a node without operations has one, under ''. */
	readonly schemas: Readonly<Record<string, OutputSchema>>;
	/** Markdown written by hand. It stands before the fields, between the two markers below. */
	readonly guide: string;
}

const GUIDE_BEGIN = '<!-- guide: written by hand, kept when this page is written anew -->';
const GUIDE_END = '<!-- end of guide: what follows is written from the node itself -->';

/** Takes a page apart: the guide, and the rest, which is written from the node. */
export const splitPage = (page: string): { guide: string; generated: string } => {
	const [before = '', rest = ''] = page.split(GUIDE_BEGIN);
	const [guide = '', after = ''] = rest.split(GUIDE_END);
	return { guide: guide.trim(), generated: `${before}${after}` };
};

/** The parameters that select the operation; each section of the page is one combination of their values. */
const SELECTORS = ['resource', 'operation'];

type Choice = Readonly<Record<string, string>>;
type Entry = INodePropertyOptions | INodeProperties | INodePropertyCollection;

const isProperty = (entry: Entry): entry is INodeProperties => 'type' in entry;
const isGroup = (entry: Entry): entry is INodePropertyCollection => 'values' in entry;
const isChoice = (entry: Entry): entry is INodePropertyOptions => 'value' in entry;

const cell = (text: string): string =>
	text
		.replace(/<br\s*\/?>/g, ' ')
		.replace(/\s+/g, ' ')
		.replace(/\|/g, '\\|')
		.trim();

const code = (text: string): string => (text === '' ? '' : `\`${cell(text)}\``);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
	[head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

const choicesOf = (property: INodeProperties): INodePropertyOptions[] =>
	(property.options ?? []).filter(isChoice);

const labelOf = (property: INodeProperties, value: unknown): string =>
	choicesOf(property).find((choice) => choice.value === value)?.name ?? String(value);

const kinds: Partial<Record<INodeProperties['type'], string>> = {
	boolean: 'On or off',
	collection: 'Group',
	fixedCollection: 'List',
	json: 'JSON',
	multiOptions: 'Several of a list',
	number: 'Number',
	options: 'One of a list',
	resourceLocator: 'From the list, or by ID',
	string: 'Text',
};

const defaultOf = (property: INodeProperties): string => {
	const { default: value } = property;
	if (typeof value === 'boolean') return value ? 'on' : 'off';
	if (property.type === 'options') return labelOf(property, value);
	if (Array.isArray(value)) return value.map((each) => labelOf(property, each)).join(', ');
	if (typeof value === 'object' && value !== null)
		return 'value' in value ? code(String(value.value)) : '';
	return code(String(value ?? ''));
};

/** The first sentence of the description, then the list of options. */
const meaningOf = (property: INodeProperties, siblings: readonly INodeProperties[]): string => {
	const sentences = [property.description, property.hint]
		.filter((text) => text !== undefined && text !== '')
		.map((text) => `${cell(String(text)).replace(/\.$/, '')}.`);
	const shown = Object.entries(property.displayOptions?.show ?? {})
		.filter(([name]) => !SELECTORS.includes(name) && !name.startsWith('@'))
		.map(([name, values]) => {
			const other = siblings.find((sibling) => sibling.name === name.replace(/^\//, ''));
			const labels = (values ?? []).map((value) =>
				other?.options
					? labelOf(other, value)
					: value === true
						? 'on'
						: value === false
							? 'off'
							: String(value),
			);
			return `*${other?.displayName ?? name}* is *${labels.join('* or *')}*`;
		});
	if (shown.length > 0) sentences.push(`Shown when ${shown.join(' and ')}.`);
	const choices = choicesOf(property).map(({ name, description }) =>
		description ? `**${cell(name)}**: ${cell(description)}` : `**${cell(name)}**`,
	);
	return [sentences.join(' '), choices.join('<br>')].filter((part) => part !== '').join('<br>');
};

const rowsOf = (
	property: INodeProperties,
	siblings: readonly INodeProperties[],
	above = '',
): string[][] => {
	const label = `${above}${cell(property.displayName)}`;
	const own = [
		label,
		kinds[property.type] ?? property.type,
		defaultOf(property),
		meaningOf(property, siblings),
	];
	const inner = (property.options ?? [])
		.filter(isGroup)
		.flatMap((group) =>
			group.values.flatMap((value) => rowsOf(value, group.values, `${label} → `)),
		);
	return [own, ...inner];
};

/** `around` are the parameters outside a collection, on which display options inside it may depend. */
const fieldTable = (
	properties: readonly INodeProperties[],
	around: readonly INodeProperties[] = [],
): string =>
	table(
		['Field', 'Kind', 'Default', 'What it does'],
		properties
			.filter(({ type }) => type !== 'notice' && type !== 'hidden')
			.flatMap((property) => rowsOf(property, [...properties, ...around])),
	);

const isShown = (property: INodeProperties, choice: Choice): boolean =>
	Object.entries(property.displayOptions?.show ?? {}).every(
		([name, values]) => !(name in choice) || (values ?? []).includes(choice[name] ?? ''),
	);

/** All combinations of the selectors, in dropdown order. */
const choicesIn = (properties: readonly INodeProperties[]): Choice[] =>
	SELECTORS.reduce<Choice[]>(
		(found, selector) =>
			found.flatMap((choice) => {
				const property = properties.find(
					(candidate) => candidate.name === selector && isShown(candidate, choice),
				);
				return property
					? choicesOf(property).map(({ value }) => ({ ...choice, [selector]: String(value) }))
					: [choice];
			}),
		[{}],
	);

const typeOf = (schema: OutputSchema): string => {
	const types = [schema.type ?? []].flat().join(' or ');
	return schema.items ? `list of ${typeOf(schema.items) || 'anything'}` : types;
};

const outputTable = (schema: OutputSchema): string => {
	const rows = (properties: OutputSchema['properties'], above: string): string[][] =>
		Object.entries(properties ?? {}).flatMap(([name, inner]) => [
			[code(`${above}${name}`), cell(typeOf(inner))],
			...rows(
				inner.properties ?? inner.items?.properties,
				`${above}${name}${inner.items ? '[]' : ''}.`,
			),
		]);
	return table(['Field', 'Kind'], rows(schema.properties, ''));
};

const section = ({ description, schemas }: NodePage, choice: Choice): string => {
	const shown = description.properties.filter(
		(property) => !SELECTORS.includes(property.name) && isShown(property, choice),
	);
	const labels = Object.entries(choice).map(([name, value]) => {
		const selector = description.properties.find(
			(property) => property.name === name && isShown(property, choice),
		);
		const chosen = selector && choicesOf(selector).find((each) => each.value === value);
		return { name: chosen?.name ?? value, description: chosen?.description };
	});
	const collections = shown.filter(({ type }) => type === 'collection');
	const schema = schemas[choice.operation ?? ''];
	return [
		...(labels.length > 0 ? [`## ${labels.map(({ name }) => name).join(' → ')}`] : []),
		...(labels.at(-1)?.description ? [`${labels.at(-1)?.description}.`] : []),
		fieldTable(shown),
		...collections.flatMap((collection) => [
			`**${cell(collection.displayName)}** (each counts once it is added; *Default* is what it then starts with)`,
			fieldTable((collection.options ?? []).filter(isProperty), shown),
		]),
		...(schema
			? ['**What comes out**, beside the fields of the incoming item:', outputTable(schema)]
			: []),
	].join('\n\n');
};

/** The whole page; its headings are the labels of the editor. */
export const nodePage = (page: NodePage): string => {
	const { description, guide } = page;
	const credentials = (description.credentials ?? []).map(({ name }) => code(name)).join(', ');
	return `${[
		`# ${description.displayName}`,
		`${description.description}.`,
		`Type name ${code(`n8n-nodes-voxtral.${description.name}`)}, credential ${credentials}.${
			description.usableAsTool ? ' Can be used as a tool of an AI Agent.' : ''
		}`,
		`${GUIDE_BEGIN}\n\n${guide}\n\n${GUIDE_END}`,
		'## Every field, as the editor shows it',
		...choicesIn(description.properties).map((choice) => section(page, choice)),
	].join('\n\n')}\n`;
};
