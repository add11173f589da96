// A multipart form that reads its recording while it is being sent and never holds it whole.
import type { AudioInput } from '../audio/n8n-binary';

/**
 * The fields in their order, the recording, if any, as the last part. axios takes size, name, type
 * and stream from the `File`, and asks for the stream anew at each try.
 */
export function multipartForm(
	fields: readonly (readonly [name: string, value: string])[],
	audio?: AudioInput,
): FormData {
	const form = new FormData();
	for (const [name, value] of fields) form.append(name, value);
	if (!audio) return form;
	const file = Object.defineProperties(
		new File([], audio.uploadName, { type: audio.uploadMimeType }),
		{ size: { value: audio.bytes }, stream: { value: () => audio.read() } },
	);
	// A third argument would make the form copy the file and lose the stream.
	form.append('file', file);
	return form;
}
