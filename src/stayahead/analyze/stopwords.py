"""Stop words: a language goes in; its words that say nothing about an event, folded, come out."""

from __future__ import annotations

from stayahead.text import fold

_LISTS: dict[str, str] = {
    "en": """a about above across after again against ago all almost also although always am among an and another any
    are as at away back be because been before behind being below between both but by came can cannot come
    could d did do does doing don down due during each either else ever every few for from further get gets
    getting give given go goes going got had has have having he her here hers him his how however i if in
    into is isn it its itself just let like ll m made make makes making many may me might more most mr mrs
    ms much must my near need never new no nor not now of off often on once one only or other our out over
    own per put re really s said same say saying says see set shall she should since so some still such t
    take takes than that the their them then there these they this those though three through to today
    together told too took two under until up upon us use used ve very via want was way we well were what
    when where whether which while who whom whose why will with within without would year years yes
    yesterday yet you your""",
    "de": """aber als also am an auch auf aus bei beim bin bis bist da dann das dass dem den der des die dies diese
    diesem diesen dieser dieses doch du durch ein eine einem einen einer eines er es etwa fur gegen hat
    hatte hatten habe haben ich ihm ihn ihr ihre im in ins ist ja jetzt kann kein keine konnen mehr mit nach
    nicht noch nun nur ob oder ohne sagte schon sein seine seit sich sie sind so soll sowie uber um und uns
    unter vom von vor war waren was wegen weil wenn werden wie wieder will wir wird wurde wurden zu zum zur
    zwei zwischen""",
    "fr": """a ai ainsi alors apres au aussi autre aux avant avec avoir c ce cela ces cet cette comme contre d dans
    de des deux donc dont du elle elles en encore entre est et etait ete etre eu fait il ils j je jusqu l la
    le les leur leurs lors lui ma mais me meme moins mon n ne nos notre nous on ont ou par pas pendant peut
    plus pour qu quand que qui s sa sans se selon ses si son sont sous sur ta te tous tout toute tres tu un
    une vers vos votre vous y""",
    "es": """a al algo ante antes asi aunque cada como con contra cual cuando de del desde donde dos durante e el
    ella ellas ellos en entre era es esa ese eso esta estaba estan este esto estos fue fueron ha habia han
    hasta hay la las le les lo los mas me mi mientras muy ni no nos o os otra otro otros para pero por
    porque puede que quien se segun ser si sido sin sobre son su sus tambien tan tanto te tiene todo todos
    tras tu un una uno unos y ya yo""",
    "pt": """a ainda ao aos apos ate com como contra da das de depois disse do dois dos e ela elas ele eles em entre
    era essa esse esta estao este eu foi foram ha isso ja la mais mas me mesmo muito na nao nas nem no nos o
    os ou para pela pelas pelo pelos por porque quando que quem sao se segundo sem ser seu seus si sobre sua
    suas tambem tem tinha um uma umas uns voce""",
    "it": """a ad agli ai al alla alle anche ancora c che chi ci come con contro cui d da dai dal dalla dalle dei del
    della delle dello di dopo dove due e ed era essere fa fino fra gli ha hanno i il in io l la le lei lo
    loro lui ma mentre mi nei nel nella nelle no noi non o ogni per perche piu prima quando quanto quella
    quello questa questo se secondo sei senza si solo sono stata stato su sua sui sul sulla suo tra tutti
    tutto un una uno""",
    "ru": """а без более бы был была были было быть в вам вас во вот все всего вы где да даже для до его ее если есть
    еще же за здесь и из или им их к как когда кто ли мы на над надо не него нее нет ни них но о об однако
    он она они оно от по под после при про с сказал со также так такой там то тоже только том тот ты у уже
    чего чем что чтобы эта эти это этого этом этот я""",
    "uk": """а або але без би був була були було бути в вже ви від він вона вони все всі де для до ж за з зі і із
    його й коли ми на над не нею ні них ніж о об один по під після при про с та так також там те ти то тому
    тільки у хто це цей ця ці через чи що щоб як якщо який я є її їх""",
    "id": """ada adalah agar akan antara apa atas atau bagi bahwa banyak baru bisa dalam dan dapat dari dengan di dia
    harus hingga ia ini itu juga jika kami karena kata kata ke kepada kita lain lebih maka masih mereka
    namun oleh pada para pun saat saja sama sampai sebagai sebelum sejak sekitar selain selama semua seorang
    seperti serta setelah sudah tahun tak telah tentang terhadap tersebut tidak untuk yaitu yang""",
    "tr": """ama ancak bir bu cok da daha de diye en gibi gore hem her icin ile ise kadar ki mi ne o olan olarak oldu
    olduğunu ve veya ya yer""",
}
_STOP = {language: frozenset(fold(text).split()) for language, text in _LISTS.items()}
_NONE: frozenset[str] = frozenset()


def stopwords(language: str) -> frozenset[str]:
    """The stop words of a language by its ISO 639-1 code; English ones when unknown; none without a list."""
    return _STOP.get(language or "en", _NONE)
