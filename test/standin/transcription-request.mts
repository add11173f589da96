// Reads the multipart form of a transcription and rejects what the API rejects.
import { flag, list, number, oneOf, orNull, text, type Check } from './checks.mts';
import { invalid, invalidArguments, ValidationError, type Problem } from './errors.mts';
import { modelFor } from './models.mts';
import type { Form, UploadedFile } from './multipart.mts';
import type { Quirks } from './quirks.mts';

export type Granularity = 'segment' | 'word';

export interface TranscriptionRequest {
	/** Model name as in the request. */
	model: string;
	generation: 2 | 3;
	file: UploadedFile | undefined;
	fileUrl: string | undefined;
	fileId: string | undefined;
	language: string | undefined;
	returnLanguage: boolean;
	stream: boolean;
	diarize: boolean;
	granularities: Granularity[];
	/** Names in request order. */
	speakerNames: string[];
}

const repeated = new Set(['context_bias', 'timestamp_granularities']);
const booleans = new Set(['stream', 'diarize', 'return_language']);

const checks: Record<string, Check> = {
	model: text({ min: 1 }),
	file_url: text({ min: 1, max: 2083, pattern: /^https?:\/\/.+/ }),
	file_id: text({ min: 1 }),
	language: text({ pattern: /^\w{2}$/ }),
	temperature: number({ min: 0 }),
	stream: flag,
	diarize: flag,
	return_language: flag,
	context_bias: list(text({ min: 1 })),
	timestamp_granularities: list(oneOf('segment', 'word')),
	speaker_references: text(),
};

export function readTranscriptionRequest(form: Form, quirks: Quirks): TranscriptionRequest {
	const values = collect(form);
	const problems: Problem[] = [];
	for (const [name, value] of values) {
		if (name === 'turn_detection') {
			throw invalidArguments(
				'turn_detection is only supported on the realtime transcription endpoint',
			);
		}
		const check = checks[name];
		if (check) problems.push(...orNull(check)(value, ['body', name]));
		else if (!quirks.lenientUnknownKeys) problems.push(unknownField(name, value));
	}
	if (!values.has('model')) {
		problems.push({ type: 'missing', loc: ['body', 'model'], msg: 'Field required', input: null });
	}
	for (const { field } of form.files)
		if (field !== 'file') problems.push(unknownField(field, null));
	if (problems.length > 0) throw new ValidationError(problems);

	const string = (name: string) => values.get(name) as string | undefined;
	const files = form.files.filter(({ field }) => field === 'file');
	const sources = files.length + Number(values.has('file_url')) + Number(values.has('file_id'));
	if (sources !== 1) {
		throw invalid(
			[],
			`Exactly one of file, file_url or file_id must be given, got ${sources}`,
			null,
		);
	}
	const model = string('model') ?? '';
	const { generation } = modelFor(model, 'audio_transcription');
	const request: TranscriptionRequest = {
		model,
		generation: generation ?? 2,
		file: files[0],
		fileUrl: string('file_url'),
		fileId: string('file_id'),
		language: string('language'),
		returnLanguage: values.get('return_language') === true,
		stream: values.get('stream') === true,
		diarize: values.get('diarize') === true,
		granularities: (values.get('timestamp_granularities') as Granularity[] | undefined) ?? [],
		speakerNames: readSpeakerNames(string('speaker_references')),
	};
	checkTogether(request, (values.get('context_bias') as string[] | undefined) ?? [], quirks);
	return request;
}

/** Repeated fields become lists, with or without brackets; booleans and numbers are parsed. */
function collect(form: Form): Map<string, unknown> {
	const values = new Map<string, unknown>();
	for (const [rawName, value] of form.fields) {
		const name = rawName.replace(/\[\]$/, '');
		if (repeated.has(name)) {
			const items = name === 'context_bias' && !rawName.endsWith(']') ? splitList(value) : [value];
			values.set(name, [...((values.get(name) as string[] | undefined) ?? []), ...items]);
		} else if (booleans.has(name)) {
			values.set(name, value === 'true' ? true : value === 'false' ? false : value);
		} else if (name === 'temperature') {
			values.set(name, value.trim() === '' ? value : Number(value));
		} else {
			values.set(name, value);
		}
	}
	return values;
}

/** `a,b,c` counts as three terms; a comma followed by a space belongs to a sentence. */
function splitList(value: string): string[] {
	return /^[^\s,]+(?:,[^\s,]+)+$/.test(value) ? value.split(',') : [value];
}

function readSpeakerNames(given: string | undefined): string[] {
	if (given === undefined) return [];
	let parsed: unknown;
	try {
		parsed = JSON.parse(given);
	} catch {
		parsed = undefined;
	}
	if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
		throw invalid(['speaker_references'], 'Input should be a valid dictionary', given);
	}
	for (const [name, clip] of Object.entries(parsed)) {
		if (typeof clip !== 'string' || !/^[A-Za-z0-9+/]+={0,2}$/.test(clip)) {
			throw invalid(['speaker_references', name], 'Input should be base64 audio', null);
		}
	}
	return Object.keys(parsed);
}

function checkTogether(request: TranscriptionRequest, bias: string[], quirks: Quirks): void {
	const { generation, granularities, diarize, speakerNames } = request;
	if (generation === 2) {
		const spaced = bias.findIndex((term) => !/^[^,\s]+$/.test(term));
		if (spaced !== -1) {
			throw invalid(
				['context_bias', spaced],
				"String should match pattern '^[^,\\s]+$'",
				bias[spaced],
			);
		}
		if (bias.length > 100)
			throw invalid(['context_bias'], 'List should have at most 100 items', null);
		if (speakerNames.length > 0)
			throw new ValidationError([unknownField('speaker_references', null)]);
		if (request.returnLanguage && quirks.returnLanguageOnV2Fails) {
			throw new ValidationError([unknownField('return_language', true)]);
		}
	} else {
		if (granularities.includes('word')) {
			throw invalidArguments('Word-level segments are not enabled for this model');
		}
		if (speakerNames.length > 8) {
			throw invalidArguments(
				`At most 8 speaker references are supported, got ${speakerNames.length}`,
			);
		}
		if (speakerNames.length > 0 && !diarize) {
			throw invalidArguments('speaker_references requires diarize');
		}
		if (request.returnLanguage && request.language !== undefined) {
			throw invalidArguments('return_language cannot be used together with language');
		}
	}
	if (diarize && !granularities.includes('segment') && quirks.diarizeWithoutSegmentsFails) {
		throw invalidArguments('diarize requires timestamp_granularities to include segment');
	}
}

const unknownField = (name: string, input: unknown): Problem => ({
	type: 'extra_forbidden',
	loc: ['body', name],
	msg: 'Extra inputs are not permitted',
	input,
});
