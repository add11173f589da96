// Voxtral 3 directions written inside the text to be spoken: `[emotion=happy]`, `[pace=slow]`.

import { closeRemovalGaps, REMOVAL_PLACEHOLDER } from './markdown/removal-placeholder';

const SPEECH_TAG = /\[(?:emotion|pace)=[^[\]\r\n]{1,60}\]/gi;

/** Removes `[emotion=…]` and `[pace=…]`; the words around them stay one space apart. */
export function removeSpeechTags(text: string): string {
	return closeRemovalGaps(
		replaceSpeechTags(text.replaceAll(REMOVAL_PLACEHOLDER, ''), () => REMOVAL_PLACEHOLDER),
	);
}

/** Calls `replacement` for every speech tag in `text`, in order. */
export function replaceSpeechTags(text: string, replacement: (tag: string) => string): string {
	return text.replace(SPEECH_TAG, replacement);
}
