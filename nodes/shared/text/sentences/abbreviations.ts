// Abbreviation lists of many languages for sentence boundary detection, with months, ordinals and sentence starters.
// Entries lack their last full stop. A capitalised entry matches only capitalised text; the rest match any case.

const wordSet = (words: string): ReadonlySet<string> => new Set(words.split(/\s+/).filter(Boolean));

/** Titles and connectives that a name, a noun or an example always follows. */
export const NEVER_SENTENCE_FINAL = wordSet(`
	Mr Mrs Ms Mx Messrs Dr Prof Rev Gen Col Lt Sgt Capt Cmdr Maj Gov Sen Rep Hon Pres Fr Br Mt Ft vs approx incl excl cf viz e.g i.e a.k.a eg ie
	Hr Frl Dipl Hbf bzw vgl sog zzgl inkl evtl ggf insb bspw z.b d.h u.a i.d.r u.u z.t s.o s.u m.e o.g hl geb gest verh ehem einschl ausschl lt Mio Mrd Tsd med jur phil rer nat habil h.c Hrn cca ej
	MM Mme Mlle Mgr Me Pr Ste p.ex c.-à-d env av apr chap éd boul tél
	Sra Srta Sres Dra Dña Ud Uds Vd p.ej Lic Arq Profa Exmo Exma Ilmo Eng Ilma
	Sig Sigg Dott Avv Geom Rag Egr Spett Gent ad.es es pag dott.ssa sig.ra prof.ssa
	dhr mevr mw drs ir bijv bv d.w.z o.a m.b.t t.a.v i.p.v zgn resp jhr mej
	t.ex bl.a d.v.s dvs f.eks s.k fr.o.m t.o.m hr fru tlf eks
	np tzn tzw m.in tj ks inż mgr hab płk gen ppłk bp abp św dyr wg
	např napr tzv mj mudr judr phdr rndr mgr ing bc doc sv nám npr gđa gđ mag akad
	esim ks ts eli Hra Rva Tri Nti pl ún ill ifj özv kb vö piem pvz t.i t.y
	Doç Av Sn Alb Hz örn bkz yrd Öğr Gör Uzm
	ex Dl dl dna dnei Sf
	г-н т.е т.к т.н напр см проф акад доц инж ген полк св им ул пр-т просп обл тов гр ст.н прим сокр англ нем лат
	напр т.зв ім вул проф див
	κ κα κος δρ καθ π.χ δηλ βλ
	Bw Bi Tn Ny Jl Ir Kab Kec TP TS PGS GS ThS BS KS Bs Ths
	श्री श्रीमती डॉ डा प्रो पं स्व कु सौ मो ए बी सी डी ई एफ जी एच आई जे एल एम एन ओ पी आर एस टी यू वी
	ড ডা মো প্রফেসর திரு டாக்டர் డా శ్రీ ഡോ ശ്രീ ડૉ શ્રી ਡਾ
	أ.د
	ד"ר
`);

/** Not sentence-final when a number follows: `No. 5`, `S. 12`, `рис. 3`. */
export const BEFORE_NUMBER = wordSet(`
	no nos nr nrs p pp pg s vol vols fig figs sec ch eq ed art abb abs kap bd tab tel fax ca ab cap pag pág págs núm num n nn cl bl blz str č čís poz ust pkt ok godz obr
	rozdz tabl rys jan feb mar apr jun jul aug sep sept oct okt nov dec dez ene abr ago dic janv févr avr juil déc gen mag giu lug ott fev set out
	kl klo sid lk s.l sz old rys стр рис табл гл п пп ч т д кв корп оф тел σελ αρ εικ hlm tr
	रु ख्रि रू पृ पृष्ठ عدد ص br čl god
`);

/** Sentence-final only when a sentence starter follows: `U.S. The …`. */
export const SOMETIMES_SENTENCE_FINAL = wordSet(`
	st jr sr inc ltd co corp bros llc plc ave blvd rd sq dept univ assn est ext est misc gmbh ltda cia s.a s.p.a s.r.l b.v n.v
	г гг в вв тыс млн млрд руб коп н.э м мин сек ч р о оз
	Str Pl Cad Sok Mah Apt Nr ul al os pl r w stol hod min tř g m d val proc
	B.Sc M.Sc Ph.D M.D B.A M.A D.C U.S U.S.A U.K E.U U.N
`);

/** `etc.` and the like close an enumeration, so a capital letter after them starts a new sentence. */
export const USUALLY_SENTENCE_FINAL = wordSet(`
	etc usw usf o.ä u.s.w u.v.m u.ä ecc enz e.d itd itp atd atď apod ap ipd osv o.s.v m.m m.fl m.v jne ym stb vb vd v.v dll dsb dst n.k ş.a.m.d ș.a.m.d
	т.д т.п др пр т.ін κ.λπ κ.ά κτλ utt u.c p.m a.m
`);

/** Months that may follow an ordinal written with a full stop: `3. Oktober`. */
export const MONTHS = wordSet(`
	januar jänner februar feber märz april mai juni juli august september oktober november dezember
	january february march may june july october december
	marts maj juni juli oktober december januari februari mars augusti
`);

/** Words before an ordinal written with a full stop: `im 19. Jahrhundert`, `der 2. Weltkrieg`. */
export const BEFORE_ORDINAL = wordSet(`
	am im der die das dem den des zum zur vom beim ab bis seit jeder jede jedes jeden jedem dieser diese dieses diesem diesen ein eine einen einem einer
	sein seine seinem seinen seiner ihr ihre ihrem ihren ihrer mein meine meinem meinen meiner unser unsere unserem unseren und oder
`);

/** Sentence starters: words that usually begin a sentence when they are capitalised. */
export const SENTENCE_STARTERS = wordSet(`
	the a an this that these those it he she we they you i his her its our their my your there here what when where why who how which if in on at for from with
	but and or so as after before although because while since then thus however also no not yes one some many most all both each every another other once now
	today yesterday tomorrow please let do does did is are was were can could will would should may might has have had to by according such just even only still
	der die das ein eine einer es er sie wir ihr ich du dies diese dieser dieses das dort hier was wann wo warum wer wie welche wenn im in am an auf für von mit
	aber und oder so als nach vor weil während seit dann doch auch nein nicht ja man manche viele alle beide jeder heute gestern morgen bitte danach dabei daher
	deshalb trotzdem außerdem zudem ist sind war waren kann hat haben zu bei sein seine ihre mein meine unser unsere kein keine damit dazu jetzt
	le la les un une des il elle on nous vous ils elles je tu ce cet cette ces cela ça son sa ses leur leurs mon ma mes notre votre dans sur pour avec mais et ou
	si quand où pourquoi comment qui que quel quelle est sont était après avant depuis pendant puis ensuite alors donc aussi non oui aujourd'hui hier demain
	el los las una unos ella nosotros ellos ellas yo tú usted este esta estos estas ese esa eso su sus mi mis nuestro en con por para pero y o si cuando donde
	dónde cómo qué quién es son era fue después antes desde durante luego entonces también no sí hoy ayer mañana hay
	lo gli uno egli lui lei noi voi loro io questo questa questi quello quella suo sua nel nella con per ma e se quando dove perché come chi che è sono era dopo
	prima durante poi allora anche oggi ieri domani c'è
	o os as um uma ele ela nós eles elas eu você este esta isso seu sua meu minha no na em com mas quando onde por como quem que é são foi depois antes então
	também hoje ontem amanhã não sim há
	het een hij zij ze wij we jullie dit dat deze die hun zijn haar mijn ons onze op voor van met maar en of als wanneer waar waarom hoe wie wat is waren na sinds
	tijdens dan toen ook nee niet ja er vandaag gisteren morgen daarna
	det den de han hun hon vi jag jeg du detta denne dette dessa som när når hvor var vad hva og och men eller i på for för med efter etter före så da då nu nå
	idag igår
	hän se me te he minä sinä tämä mutta ja kun missä miksi kuka mikä on oli sitten nyt tänään eilen
	to on ona my wy oni ja ty ten ta te ale i lub w na z do po przed gdy kiedy gdzie dlaczego jak kto co jest są był była było potem teraz dziś wczoraj jutro nie tak
	ten ta on ona ono my vy oni já ty ale a nebo v na s do po před když kdy kde proč jak kdo co je jsou byl byla bylo pak nyní dnes včera zítra ne ano
	bu şu o biz siz onlar ben sen ama ve veya bir çok nerede neden nasıl kim ne sonra önce şimdi bugün dün yarın hayır evet
	он она оно мы вы они я ты это этот эта эти тот та те но и или а в на с к по до после перед когда где почему как кто что его её их мой наш был была было были
	потом теперь сегодня вчера завтра не да нет если там тут здесь у за при для из
	він вона воно ми ви вони це цей ця ці але та чи у після коли де чому хто що його її їх був потім тепер сьогодні вчора так ні
	ο η το οι τα αυτός αυτή αυτό εμείς εσείς αυτοί εγώ και αλλά όταν πού γιατί πώς ποιος τι είναι ήταν μετά σήμερα χθες όχι ναι δεν
	a az ez ő mi ti ők én te de és vagy mikor hol miért hogyan ki mit volt utána most ma tegnap nem igen
	el ea noi voi ei ele eu tu acest această dar și sau când unde cine ce este sunt era după apoi acum azi ieri nu da
	đây đó tôi anh chị ông bà họ chúng nhưng và khi nếu sau hôm ngày
	ini itu dia kami kita mereka saya anda tetapi dan jika ketika setelah hari
`);

/** `a.m.` is sentence-final before any capital letter, except in a short opening such as `At 5 a.m.`. */
export const TIMES_OF_DAY = wordSet('a.m p.m am pm');

export function isListed(list: ReadonlySet<string>, word: string): boolean {
	return list.has(word) || (word.length > 1 && list.has(word.toLowerCase()));
}
