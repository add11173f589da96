// The assistant's reply in each language when a recording held no words.

const ENGLISH = 'Sorry, I did not catch that. Could you say it again?';

/** By ISO 639-1 code. */
const REPLIES: ReadonlyMap<string, string> = new Map(
	Object.entries({
		ar: 'عذرًا، لم أسمع ذلك جيدًا. هل يمكنك أن تعيد من فضلك؟',
		bn: 'দুঃখিত, আমি ঠিক শুনতে পাইনি। আরেকবার বলবেন?',
		cs: 'Promiňte, nerozuměl jsem. Můžete to prosím zopakovat?',
		da: 'Beklager, det hørte jeg ikke. Vil du sige det igen?',
		de: 'Entschuldigung, das habe ich nicht verstanden. Können Sie es bitte noch einmal sagen?',
		el: 'Συγγνώμη, δεν το άκουσα καλά. Μπορείτε να το επαναλάβετε;',
		es: 'Perdón, no le he entendido. ¿Puede repetirlo, por favor?',
		fa: 'ببخشید، متوجه نشدم. لطفاً دوباره بگویید.',
		fi: 'Anteeksi, en saanut selvää. Voisitko toistaa?',
		fr: 'Pardon, je n’ai pas bien entendu. Pouvez-vous répéter, s’il vous plaît ?',
		he: 'סליחה, לא שמעתי היטב. אפשר לחזור על זה?',
		hi: 'माफ़ कीजिए, मैं सुन नहीं पाया। क्या आप फिर से कहेंगे?',
		hu: 'Elnézést, nem értettem. Megismételné, kérem?',
		id: 'Maaf, saya tidak menangkapnya. Bisa diulangi?',
		it: 'Mi scusi, non ho capito. Può ripetere, per favore?',
		ja: 'すみません、聞き取れませんでした。もう一度お願いします。',
		ko: '죄송합니다. 잘 듣지 못했습니다. 다시 말씀해 주시겠어요?',
		nl: 'Sorry, dat heb ik niet verstaan. Kunt u het herhalen?',
		no: 'Beklager, det hørte jeg ikke. Kan du si det igjen?',
		pl: 'Przepraszam, nie dosłyszałem. Czy można powtórzyć?',
		pt: 'Desculpe, não entendi. Pode repetir, por favor?',
		ro: 'Scuze, nu am înțeles. Puteți repeta, vă rog?',
		ru: 'Извините, я не расслышал. Повторите, пожалуйста.',
		sv: 'Förlåt, det hörde jag inte. Kan du säga det igen?',
		ta: 'மன்னிக்கவும், சரியாகக் கேட்கவில்லை. மீண்டும் சொல்ல முடியுமா?',
		te: 'క్షమించండి, సరిగ్గా వినపడలేదు. మళ్ళీ చెప్పగలరా?',
		th: 'ขอโทษค่ะ ฉันฟังไม่ชัด กรุณาพูดอีกครั้งได้ไหมคะ',
		tr: 'Üzgünüm, anlayamadım. Tekrar söyler misiniz?',
		uk: 'Вибачте, я не розчув. Повторіть, будь ласка.',
		vi: 'Xin lỗi, tôi nghe không rõ. Bạn có thể nói lại không?',
		zh: '不好意思，我没有听清楚。请再说一遍好吗？',
	}),
);

/** The reply in the language of the ISO 639-1 code, else in English. */
export function sorryNotHeard(language: string | undefined): string {
	return REPLIES.get(language ?? 'en') ?? ENGLISH;
}
