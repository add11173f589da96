// A multipart form that reads its recording while it is being sent and never holds it whole.

/** A file of known size that can be read again for each attempt. */
export interface StreamedFile {
	readonly bytes: number;
	readonly uploadName: string;
	readonly uploadMimeType: string;
	read(): AsyncIterable<Uint8Array>;
}

/**
 * The fields in their order, the recording, if any, as the last part. axios takes size, name, type
 * and stream from the `File`, and asks for the stream anew at each attempt.
 */
export function multipartForm(
	fields: readonly (readonly [name: string, value: string])[],
	upload?: StreamedFile,
): FormData {
	const form = new FormData();
	for (const [name, value] of fields) form.append(name, value);
	if (!upload) return form;
	const file = Object.defineProperties(
		new File([], upload.uploadName, { type: upload.uploadMimeType }),
		{ size: { value: upload.bytes }, stream: { value: () => upload.read() } },
	);
	// A third argument would make the form copy the file and lose the stream.
	form.append('file', file);
	return form;
}
