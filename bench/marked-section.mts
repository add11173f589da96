// The part of a page that a bench writes, between two comments that bear its name.

/** @throws when the page lacks one of the comments `<!-- name -->` and `<!-- end of name -->` */
export function withSection(page: string, name: string, content: string): string {
	const [before = '', rest, ...more] = page.split(`<!-- ${name} -->`);
	const [, after] = rest?.split(`<!-- end of ${name} -->`) ?? [];
	if (rest === undefined || after === undefined || more.length > 0)
		throw new Error(`The page has no one section “${name}”`);
	return `${before}<!-- ${name} -->\n\n${content}\n\n<!-- end of ${name} -->${after}`;
}
