"""What languages write with: their small words and their letters. Tables, nothing else."""

from __future__ import annotations

LETTERS: dict[str, str] = {
    "uk": "іїєґ", "ru": "ыэё", "be": "ў", "kk": "әғқңөұүһ", "sr": "ђјљњћџ", "mk": "ѓќѕ",
    "fa": "پچژگکی", "ur": "ٹڈڑںےہھ", "ar": "ةيكىإأؤ",
    "pl": "łżśźćńąę", "tr": "ışğ", "ro": "țșăţ", "cs": "řěů", "hu": "őű", "de": "ß", "es": "ñ¿¡", "pt": "ãõ",
    "vi": "đơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ", "lv": "āēīūģķļņ", "lt": "ėįųū", "da": "æø", "no": "æø",
}  # fmt: skip
"""Letters that speak for a language, if it is not among those that the detector names."""

ALPHABETS: dict[str, str] = {
    "en": "", "id": "", "ms": "", "nl": "ëïéèöüáóí", "de": "äöüß", "fr": "àâæçéèêëîïôœùûüÿ", "es": "áéíñóúü",
    "ca": "àçèéíïòóúü·", "it": "àèéìòùî", "pt": "ãõáâàçéêíóôú", "gl": "áéíñóúü", "pl": "ąćęłńóśźż", "tr":
    "âçğıîöşüû", "sv": "åäöé", "da": "æøåé", "no": "æøåéòô", "fi": "äöå", "et": "äöüõšž", "cs": "áčďéěíňóřšťúůýž",
    "sk": "áäčďéíĺľňóôŕšťúýž", "hr": "čćđšž", "sl": "čšž", "hu": "áéíóöőúüű", "ro": "ăâîșțşţ", "sq": "çë", "lv":
    "āčēģīķļņšūž", "lt": "ąčęėįšųūž", "ru": "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "uk":
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", "be": "абвгдеёжзійклмнопрстуўфхцчшыьэюя", "bg":
    "абвгдежзийклмнопрстуфхцчшщъьюя", "sr": "абвгдђежзијклљмнњопрстћуфхцчџш", "mk":
    "абвгдѓежзѕијклљмнњопрстќуфхцчџш", "fa": "آابپتثجچحخدذرزژسشصضطظعغفقکگلمنوهیئءؤأ", "ar":
    "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىآأإؤئء", "ur": "آابپتٹثجچحخدڈذرڑزژسشصضطظعغفقکگلمنںوہھءیےئؤ",
}  # fmt: skip
"""The letters beside a to z that a language writes with."""

WORDS: dict[str, str] = {
    "en": """the a an of and to in on for with from by at as is are was were be been has have had will would can
    could may over after before into out up down off about against under between this that these those it its
    his her their they he she we you what why how who when where which not no more most than new says said who's
    set gets hits back first year years day days week two three man woman men women people amid without since
    still another government president police court dead killed wounded fire war election elections world price
    prices country city wants finds closes opens rises falls wins loses death deal talks crash attack arrested
    market""",
    "es": """a el la los las un una unos unas de del y en que por para con sin sobre tras entre desde hasta al
    se su sus es son fue fueron ha han más qué cómo cuándo quién este esta como pero no lo le les ya muy contra
    según hoy ayer año años dos tres nuevo nueva va hay está están gobierno presidente policía ministro ministra
    tribunal juez muertos muere mueren heridos incendio guerra elecciones mundo precio precios gente país países
    ciudad dice pide quiere abre cierra sube baja gana pierde muerte acuerdo ataque mercado mujer mujeres hombre
    niños""",
    "fr": """le la les l un une des du de d et en que qui pour par avec sans sur dans après avant entre chez au
    aux se s ce cette ces son sa ses est sont a ont été n pas plus comment pourquoi où quand quoi contre selon
    leur leurs il elle on nous vous ne mais ou deux trois nouveau nouvelle face ans gouvernement président
    police ministre tribunal justice juge morts mort blessés incendie guerre élections élection monde prix gens
    pays ville dit veut ouvre ferme hausse baisse gagne perd accord attaque marché femme femmes homme enfants""",
    "de": """der die das den dem des ein eine einen einem einer und in im ist sind war wird werden wurde hat
    haben nicht auf mit für von vom zu zum zur bei nach vor über unter gegen aus an am als auch wie was warum
    wer wo wann sich es er sie wir ihr sein seine ihre noch nur mehr kein keine ohne durch bis um neue neuer
    neues neuen zwei drei jahre jahren will regierung präsident polizei minister gericht tote toten verletzte
    feuer brand krieg wahl wahlen welt preis preise menschen land stadt sagt fordert öffnet schließt steigt
    sinkt steigen sinken gewinnt verliert tod angriff markt frau frauen mann kinder""",
    "pt": """a o os as um uma uns umas de do da dos das e em no na nos nas que por para com sem sobre após entre
    desde até ao aos à às pelo pela pelos pelas se seu sua seus suas é são foi foram há mais não como porquê
    quando quem este esta esse isso mas já muito contra segundo hoje ontem ano anos dois duas três novo nova vai
    está estão também governo presidente polícia ministro ministra tribunal justiça juiz mortos morre morrem
    feridos incêndio guerra eleições mundo preço preços pessoas país países cidade diz pede quer abre fecha sobe
    desce cai ganha perde morte acordo ataque mercado mulher mulheres homem crianças""",
    "it": """a il lo la i gli le l un uno una di del dello della dei degli delle d e in nel nella nei nelle che
    per con senza su sul sulla sui dopo prima tra fra da dal dalla al alla ai alle si suo sua suoi è sono ha
    hanno più non come perché cosa quando chi dove ma anche contro ecco oggi ieri anno anni due tre nuovo nuova
    già ancora governo presidente polizia ministro ministra tribunale giudice morti morto muore feriti incendio
    guerra elezioni mondo prezzo prezzi gente paese paesi città dice chiede vuole apre chiude sale scende vince
    perde morte accordo attacco mercato donna donne uomo bambini""",
    "nl": """de het een van en in op te voor met uit aan bij naar over door om als is zijn was wordt worden werd
    heeft hebben niet geen meer ook maar dan dat die dit deze er hij zij ze we wij hun haar hoe wat waarom wie
    waar wanneer tegen na tot onder zonder tussen weer nog al nieuwe twee drie jaar moet kan gaat regering
    president politie minister rechter rechtbank doden dode gewonden brand oorlog verkiezingen wereld prijs
    prijzen mensen land stad zegt wil opent sluit stijgt daalt wint verliest dood akkoord aanval markt vrouw
    vrouwen man kinderen""",
    "pl": """i w we z ze na do o od po za przed pod nad przez dla przy bez się nie jest są był była było były
    będzie to ten ta te tego tej że jak co czy dlaczego kto gdzie kiedy oraz ale już tylko także jego jej ich u
    lat roku dwa dwie trzy nowy nowa nowe nowych znowu ma mają rząd prezydent policja minister sąd żyje zginęło
    zginął ranni pożar wojna wybory świat cena ceny ludzie ludzi kraj miasto mówi chce otwiera zamyka rośnie
    spada wygrywa przegrywa śmierć umowa atak rynek kobieta kobiety dzieci wypadek""",
    "tr": """ve bir bu da de ile için gibi kadar daha en çok mi mı ne neden nasıl kim nerede olan olarak oldu
    olacak sonra önce göre karşı ya iki üç yeni yıl gün var yok değil son ilk eden etti edildi dedi diye her
    hükümet cumhurbaşkanı polis bakan bakanı başkan başkanı mahkeme ölü öldü yaralı yangın savaş seçim dünya
    fiyat fiyatları insan ülke şehir açıldı kapandı arttı düştü kazandı kaybetti ölüm anlaşma saldırı piyasa
    kadın çocuk""",
    "id": """yang di dan ke dari untuk pada dengan dalam akan tidak ini itu oleh sebagai telah sudah ada karena
    bisa agar saat setelah sebelum hingga jadi lagi kembali tentang soal usai para atas bagi tanpa apa mengapa
    siapa bagaimana kapan dua tiga baru tahun hari polisi uang bahwa mau kantor masih juga lebih antara tak
    pemerintah presiden menteri pengadilan tewas meninggal korban luka terluka kebakaran perang pemilu dunia
    harga orang negara kota warga sebut minta ingin buka tutup naik turun menang kalah mati serangan pasar
    perempuan anak gempa banjir listrik rumah sakit mobil wali gubernur bupati provinsi kabupaten ratusan ribuan
    jutaan resmi butuh bandara""",
    "ms": """yang di dan ke dari untuk pada dengan dalam akan tidak ini itu oleh sebagai telah sudah ada kerana
    boleh agar selepas sebelum hingga lagi kembali tentang para atas bagi tanpa apa mengapa siapa bagaimana bila
    dua tiga baharu tahun hari polis wang bahawa mahu pejabat masih juga lebih antara tak ialah kerajaan
    presiden menteri mahkamah maut meninggal mangsa luka cedera kebakaran perang pilihan dunia harga orang
    negara bandar rakyat kata minta buka tutup naik turun menang kalah mati serangan pasaran wanita anak gempa
    banjir elektrik rumah hospital datuk gabenor negeri daerah ratusan ribuan rasmi perlu syarikat pengerusi
    kemalangan""",
    "sv": """och att det som en ett på är av för med till den de har inte om från vid var ska kan efter under
    över mot utan hur vad varför vem när nya ny två tre år man blir sig sin sina men också mer ur regeringen
    polisen minister domstol döda död skadade brand krig val världen pris priser människor land stad säger vill
    öppnar stänger stiger faller vinner förlorar kvinna barn""",
    "da": """og at det som en et på er af for med til den de har ikke om fra ved var skal kan efter under over
    mod uden hvordan hvad hvorfor hvem når nye ny to tre år bliver sig sin sine men også mere ud regeringen
    politiet minister retten døde død sårede brand krig valg verden pris priser mennesker land by siger vil
    åbner lukker stiger falder vinder taber kvinde børn""",
    "no": """og å det som en et på er av for med til den de har ikke om fra ved var skal kan etter under over
    mot uten hvordan hva hvorfor hvem når nye ny to tre år blir seg sin sine men også mer ut regjeringen
    politiet minister retten døde død skadde brann krig valg verden pris priser mennesker land by sier vil åpner
    stenger stiger faller vinner taper kvinne barn""",
    "fi": """ja on ei että se hän oli ovat mutta kun niin kuin myös jo vain nyt tai joka mitä miksi miten kuka
    missä uusi kaksi kolme vuoden vuotta ensi yli sai hallitus presidentti poliisi ministeri oikeus kuollut
    kuoli tulipalo sota vaalit maailma hinta hinnat ihmiset maa kaupunki sanoo nousee laskee voitti nainen
    lapset""",
    "cs": """a v ve na z ze s se do o od po za před pod nad přes pro při bez není je jsou byl byla bylo že jak
    co proč kdo kde kdy ale už jen také jeho její jejich dva dvě tři nový nová nové letech let roku vláda
    prezident policie ministr soud mrtví zemřel zranění požár válka volby svět cena ceny lidé lidí země město
    říká chce otevře zavře roste klesá vyhrál prohrál smrt útok žena děti""",
    "sk": """a v vo na z zo s so sa do o od po za pred pod nad cez pre pri bez nie je sú bol bola bolo že ako čo
    prečo kto kde kedy ale už len aj jeho jej ich dva dve tri nový nová nové rokov roku vláda prezident polícia
    minister súd mŕtvi zomrel zranení požiar vojna voľby svet cena ceny ľudia ľudí krajina mesto hovorí chce
    otvorí zatvorí rastie klesá vyhral prehral smrť útok žena deti""",
    "ro": """și în la de din cu pe pentru prin după fără către între despre un o al ale ai a este sunt fost va
    vor nu mai ce cum cine unde când care sau dar doi două trei nou nouă ani anul guvernul președintele poliția
    ministrul tribunalul morți mort răniți incendiu război alegeri lume preț preturi prețuri oameni țara oraș
    spune vrea deschide închide crește scade câștigă pierde moarte acord atac femeie copii""",
    "hu": """a az és egy hogy nem is van volt lesz meg el ki be fel le már még csak mint után előtt miatt ellen
    szerint között mi miért hogyan aki két három új évi éves kormány elnök rendőrség miniszter bíróság halott
    meghalt sérült tűz háború választás világ ár árak ember emberek ország város mondta akar nyit zár nő csökken
    nyert halál nők gyerek""",
    "ca": """a el la els les l un una uns unes de del dels d i en que per amb sense sobre després entre des fins
    al als es s seu seva és són ha han més què com quan qui aquest aquesta però no ja molt contra segons avui
    ahir any anys dos tres nou nova govern president policia ministre ministra tribunal jutge morts mor ferits
    incendi guerra eleccions món preu preus gent país ciutat diu demana vol obre tanca puja baixa guanya perd
    mort acord atac mercat dona dones home nens""",
    "ru": """и в во на с со не что как по за из от до о об для при после через без под над между против это его
    её их он она они мы вы кто где когда почему или но уже ещё только был была было были будет стал стала новый
    новая новые два три лет года""",
    "uk": """і й в у на з із зі не що як по за від до о про для при після через без під над між проти це його її
    їх він вона вони ми ви хто де коли чому або але вже ще тільки був була було були буде став стала новий нова
    нові два три років року та""",
    "bg": """и в във на с със не че как по за от до о при след без под над между против това се са е да ще кой
    къде кога защо или но вече още само беше два три нов нова нови години година""",
    "fa": """و در به از که این آن را با برای است شد بود می های ها پس بر یک تا درباره چرا چه بدون دو سه""",
    "ar": """في من على إلى عن مع أن التي الذي بعد قبل بين هذا هذه ما لا لم كيف لماذا ماذا بلا بدون ثلاثة""",
    "ur": """کے کی کا میں سے کو نے ہے ہیں پر اور کہ نہیں یہ""",
    "hi": """के का की में से को ने है हैं पर और नहीं कि यह थे था थी बाद लिए क्या क्यों कैसे कौन भी तक दो तीन नया
    नई नए एक साथ करेंगे करेगा होगा हुई हुआ""",
    "mr": """च्या आहे आहेत मध्ये चा ची चे आणि नाही ला साठी नंतर हे ही का कसे कोण तीन नवा नवी नवे झाला झाली झाले""",
    "ne": """को मा ले छ छन् र पनि गर्ने भएको भयो लागि पछि किन कसरी हुने नयाँ""",
}
"""Small words, and a few of those that news is made of, in the languages that most of it is written in."""

NOT_LATIN = frozenset({
    "am", "ar", "be", "bg", "bn", "el", "fa", "gu", "he", "hi", "hy", "ja", "ka", "kk", "km", "kn", "ko", "ky", "lo",
    "mk", "ml", "mn", "mr", "my", "ne", "pa", "ps", "ru", "sd", "si", "ta", "te", "tg", "th", "ti", "ug", "uk", "ur",
    "yi", "yue", "zh",
})  # fmt: skip
"""Languages that the detector names for texts in plain Latin letters, and that are not written with them."""
