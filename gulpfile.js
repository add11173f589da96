const { src, dest } = require('gulp');

// What tsc leaves behind: icons, codex files and output schemas go to the same place under dist.
const assets = [
	'icons/**/*.svg',
	'nodes/**/*.node.json',
	'nodes/**/__schema__/**/*.json',
	'credentials/**/*.svg',
];

const copyAssets = () => src(assets, { base: '.', encoding: false }).pipe(dest('dist'));

exports.default = copyAssets;
