// Finds the installed Chromium for the browser tests; none is downloaded.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const commands = [
	'chromium',
	'chromium-browser',
	'google-chrome',
	'google-chrome-stable',
	'chrome',
];

/** @param {NodeJS.ProcessEnv} environment */
const usualPlaces = ({ PATH = '', HOME = '', ...environment }) => {
	const onPath = PATH.split(delimiter).flatMap((folder) =>
		commands.map((command) => join(folder, command)),
	);
	const windows = [
		environment.PROGRAMFILES,
		environment['PROGRAMFILES(X86)'],
		environment.LOCALAPPDATA,
	]
		.filter((folder) => folder !== undefined)
		.flatMap((folder) => [
			join(folder, 'Google', 'Chrome', 'Application', 'chrome.exe'),
			join(folder, 'Chromium', 'Application', 'chrome.exe'),
			join(folder, 'Microsoft', 'Edge', 'Application', 'msedge.exe'),
		]);
	const mac = ['/Applications', join(HOME, 'Applications')].flatMap((folder) => [
		join(folder, 'Google Chrome.app/Contents/MacOS/Google Chrome'),
		join(folder, 'Chromium.app/Contents/MacOS/Chromium'),
	]);
	return [...onPath, ...mac, ...windows];
};

/** `CHROMIUM_PATH`, else the first one found; undefined if there is none. @returns {string | undefined} */
export const findChromium = (environment = process.env) => {
	if (environment.CHROMIUM_PATH) return environment.CHROMIUM_PATH;
	return usualPlaces(environment).find((place) => existsSync(place));
};

export const noChromium =
	'No Chromium was found, so NOTHING was tested in a browser: install Chromium or Chrome, or set CHROMIUM_PATH to it.';
