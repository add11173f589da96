// Coverage reporter: one line a folder, and the files with most uncovered branches.
const { ReportBase } = require('istanbul-lib-report');

/** @typedef {import('istanbul-lib-coverage').CoverageSummary} Summary */
/** @typedef {import('istanbul-lib-report').ReportNode} ReportNode */

/** @type {readonly (keyof import('istanbul-lib-coverage').CoverageSummaryData)[]} */
const KINDS = ['lines', 'branches', 'functions', 'statements'];
const WORST_FILES = 10;

const cell = (/** @type {import('istanbul-lib-coverage').Totals} */ { pct, total }) =>
	(total === 0 ? '-' : `${pct.toFixed(1)} %`).padStart(11);
const row = (/** @type {string} */ name, /** @type {Summary} */ summary) =>
	`  ${name.padEnd(34)}${KINDS.map((kind) => cell(summary[kind])).join('')}`;
const missedBranches = (/** @type {Summary} */ { branches }) => branches.total - branches.covered;

class FoldersReport extends ReportBase {
	/** @type {import('istanbul-lib-report').ContentWriter | undefined} */
	writer;
	/** @type {{ name: string, summary: Summary }[]} */
	files = [];

	onStart(/** @type {unknown} */ _, /** @type {import('istanbul-lib-report').Context} */ context) {
		this.writer = context.writer.writeFile(null);
		this.writer.println(
			`\n  ${'Coverage'.padEnd(34)}${KINDS.map((kind) => kind.padStart(11)).join('')}`,
		);
	}

	onSummary(/** @type {ReportNode} */ node) {
		if (node.isRoot()) return;
		this.writer?.println(row(node.getQualifiedName(), node.getCoverageSummary(false)));
	}

	onDetail(/** @type {ReportNode} */ node) {
		this.files.push({ name: node.getQualifiedName(), summary: node.getCoverageSummary(false) });
	}

	onEnd(/** @type {ReportNode} */ root) {
		this.writer?.println(row('all', root.getCoverageSummary(false)));
		const worst = this.files
			.filter(({ summary }) => missedBranches(summary) > 0)
			.sort((a, b) => missedBranches(b.summary) - missedBranches(a.summary))
			.slice(0, WORST_FILES);
		if (worst.length > 0) this.writer?.println('\n  Most branches not tried');
		for (const { name, summary } of worst)
			this.writer?.println(`  ${String(missedBranches(summary)).padStart(4)}  ${name}`);
		this.writer?.close();
	}
}

module.exports = FoldersReport;
