// The Voxtral family (generation) of a model id: families 2 and 3 are both live and accept different options.

export type VoxtralFamily = 2 | 3;

/**
 * Family 3 ids carry `-3` or `-3-0` after the job (`voxtral-mini-transcribe-3-0`), as do the
 * `…-transcribe-latest` aliases. Everything else, `voxtral-mini-latest` included, is family 2.
 * Source: Mistral's migration page "Migrate from Voxtral 2".
 */
export function voxtralFamily(model: string): VoxtralFamily {
	return /^voxtral-.*-(3|3-\d+)$|^voxtral-(mini|small)-transcribe-latest$/.test(model.trim())
		? 3
		: 2;
}
