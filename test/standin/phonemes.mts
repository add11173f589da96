// A closed inventory of 50 sounds for `phoneme_hints`. Mistral's own list is not public, so this one
// is English in IPA: it shows the form of the error, not which sounds the service knows.
export const phonemes =
	'p b t d k ɡ f v θ ð s z ʃ ʒ h tʃ dʒ m n ŋ l ɹ r j w i iː ɪ e ɛ æ a ɑ ɑː ɒ ɔ ɔː o oʊ ʊ u uː ʌ ə ɜː ɐ aɪ aʊ ɔɪ eɪ'.split(
		' ',
	);
