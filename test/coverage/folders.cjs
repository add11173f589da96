// Coverage reporter: one line a folder, and the files with most uncovered branches.
const { ReportBase } = require('istanbul-lib-report');

const KINDS = ['lines', 'branches', 'functions', 'statements'];
const WORST_FILES = 10;

const cell = ({ pct, total }) => (total === 0 ? '-' : `${pct.toFixed(1)} %`).padStart(11);
const row = (name, summary) =>
	`  ${name.padEnd(34)}${KINDS.map((kind) => cell(summary[kind])).join('')}`;
const missedBranches = ({ branches }) => branches.total - branches.covered;

class FoldersReport extends ReportBase {
	onStart(root, context) {
		this.writer = context.writer.writeFile(null);
		this.files = [];
		this.writer.println(
			`\n  ${'Coverage'.padEnd(34)}${KINDS.map((kind) => kind.padStart(11)).join('')}`,
		);
		this.all = root.getCoverageSummary();
	}

	onSummary(node) {
		if (node.isRoot()) return;
		this.writer.println(row(node.getQualifiedName(), node.getCoverageSummary()));
	}

	onDetail(node) {
		this.files.push({ name: node.getQualifiedName(), summary: node.getCoverageSummary() });
	}

	onEnd() {
		this.writer.println(row('all', this.all));
		const worst = this.files
			.filter(({ summary }) => missedBranches(summary) > 0)
			.sort((a, b) => missedBranches(b.summary) - missedBranches(a.summary))
			.slice(0, WORST_FILES);
		if (worst.length > 0) this.writer.println('\n  Most branches not tried');
		for (const { name, summary } of worst)
			this.writer.println(`  ${String(missedBranches(summary)).padStart(4)}  ${name}`);
		this.writer.close();
	}
}

module.exports = FoldersReport;
