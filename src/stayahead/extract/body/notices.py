"""Recognises words that a site addresses to its visitor: ask for consent, sell a subscription, check a browser.

What a site says to its visitor is no article: it speaks in the first person of cookies, offers or browsers. One such
sentence may stand in any report; several of different kinds in a short text are the notice itself.
"""

from __future__ import annotations

import re

MIN_KINDS = 3
"""Fewest kinds of sentence, of the six below, that make a whole text a request for consent."""
MIN_KINDS_PARAGRAPH = 2
"""Fewest that make one paragraph of an article part of a banner."""
MIN_SHARE = 0.5
"""Least share of a text's characters in paragraphs that ask."""
MAX_CHARS = 6_000
"""Longest notice; longer texts are policies, which are articles of their own kind."""
MAX_CHECK_CHARS = 1_500

_CONSENT = tuple(
    re.compile(pattern, re.VERBOSE)  # of text in lower case: twice as fast as to ignore case
    for pattern in (
        r"""\bwe(?:\sand\s(?:our|\d)[^.]{0,60})?\s(?:use|store|and/or\saccess|process|collect)\s[^.]{0,60}(?:cookies
        |information\son\sa\sdevice|personal\sdata)
        | (?:this|our)\s(?:web)?site\suses\scookies
        | wir(?:\sund\sunsere\s[^.]{0,40})?\s(?:verwenden|nutzen|setzen|speichern|verarbeiten)
          \s[^.]{0,60}(?:cookies|daten|informationen)
        | nous(?:\set\snos\s[^.]{0,40})?\s(?:utilisons|stockons|traitons|déposons)\s
          [^.]{0,60}(?:cookies|données|informations)
        | (?:utilizamos|usamos|almacenamos|armazenamos)\s[^.]{0,60}(?:cookies|información|datos|dados|informações)
        | (?:utilizziamo|usiamo|archiviamo)\s[^.]{0,60}(?:cookie|informazioni|dati)
        | wij\s(?:gebruiken|plaatsen|slaan)\s[^.]{0,60}(?:cookies|gegevens|informatie)
        | (?:używamy|wykorzystujemy|przechowujemy)\s[^.]{0,60}(?:cookie|danych|informacj)
        | мы\s(?:используем|обрабатываем|храним)\s[^.]{0,60}(?:cookie|куки|данны)
        | vi\s(?:använder|bruker|bruger|och\svåra)\s[^.]{0,60}(?:cookies|kakor|informasjons)
        | çerezler(?:i|den)?\s[^.]{0,30}kullan | (?:使用|利用)[^。]{0,20}(?:cookie|クッキー)""",
        r"""(?:our|\d+)\s(?:\d+\s)?(?:partners|vendors)\b | (?:unsere|\d+)\s(?:\d+\s)?(?:partner|drittanbieter)\b
        | nos\s(?:\d+\s)?(?:partenaires|fournisseurs)
        | (?:nuestros|nossos)\s(?:\d+\s)?(?:socios|parceiros|proveedores)
        | (?:nostri|\d+)\s(?:\d+\s)?(?:partner|fornitori) | onze\s(?:\d+\s)?partners
        | наши(?:ми|х)?\s(?:\d+\s)?партн | (?:nasi|naszym\w*|\d+)\s(?:\d+\s)?partner\w*
        | våra\s(?:\d+\s)?(?:partner|leverantörer)""",
        r"""(?:accept|allow|reject|decline|refuse)\s(?:all|cookies|additional|optional)
        | agree\s(?:and|&)\s(?:close|continue|proceed) | i\s(?:agree|accept)\b
        | (?:alle[sn]?\s)?(?:akzeptieren|ablehnen|zustimmen)\b
        | (?:tout\s)?(?:accepter|refuser)\b | (?:aceptar|rechazar|aceitar|rejeitar)\b
        | (?:accetta|rifiuta)(?:re)?\b | (?:alles\s)?(?:accepteren|weigeren|akkoord)\b
        | (?:zaakceptuj|akceptuję|odrzuć)\b | (?:принять|отклонить)\b | (?:acceptera|godkänn|avvisa|godta)\b
        | kabul\set | (?:同意|接受)(?:并|する|します)""",
        r"""(?:manage|change|customi[sz]e|set|update|withdraw|adjust)\s(?:your\s|my\s)?(?:options|preferences
        |settings|choices?|consents?|cookies)
        | (?:cookie|privacy)[\s-](?:settings|preferences|policy|notice|choices|statement)
        | (?:cookie|privatsphäre|datenschutz)-?\s?(?:einstellungen|erklärung|hinweise)
        | (?:paramétrer|gérer|modifier)\s(?:les|mes|vos|ses)\s(?:cookies|choix|préférences|consentements?)
        | politique\sde\s(?:confidentialité|cookies)
        | (?:configurar|gestionar|gerir|gerenciar)\s[^.]{0,20}(?:cookies|opciones|preferencias|opções|preferências)
        | política\sde\s(?:cookies|privacidad|privacidade)
        | (?:gestisci|personalizza|preferenze)\s[^.]{0,20}(?:cookie|opzioni|consens|preferenze)?
        | (?:instellingen|voorkeuren)\s(?:aanpassen|beheren|wijzigen)
        | настро(?:йки|ить)\s[^.]{0,20}(?:cookie|куки|конфиденциальности)
        | (?:ustawienia|polityka)\s(?:prywatności|cookies?|plików)
        | (?:hantera|administrera)\s[^.]{0,20}(?:cookies|kakor|inställningar)""",
        r"""(?:your|withdraw)\s(?:\w+\s)?(?:consent|choices?|privacy)\b
        | ihre\s(?:einwilligung|zustimmung|privatsphäre) | votre\s(?:consentement|choix|vie\sprivée)
        | (?:su|seu|tu)\s(?:consentimiento|consentimento|privacidad|privacidade)
        | (?:tuo|vostro|il)\sconsenso | (?:uw|je)\s(?:toestemming|privacy|keuze) | (?:ваше|свое)\sсогласие
        | (?:twoj\w+|swoj\w+)\s(?:zgod\w+|prywatno\w+) | ditt\ssamtycke""",
        r"""legitimate\sinterest | personali[sz]ed\s(?:ads|advertising|content) | precise\sgeolocation
        | (?:ad|content)\smeasurement | audience\s(?:insights|research|measurement)
        | device\s(?:scanning|characteristics)
        | berechtigte\w*\sinteresse | personalisierte\w*\s(?:anzeigen|werbung|inhalte) | intérêt\slégitime
        | (?:publicités?|contenus?)\spersonnalisé | interés\slegítimo
        | (?:anuncios|publicidad|anúncios)\spersonalizad
        | legittimo\sinteresse | (?:annunci|pubblicità)\spersonalizzat | gepersonaliseerde\s(?:advertenties|inhoud)
        | персонализированн | spersonalizowan""",
    )
)
_WORDS_OF_CONSENT = (
    "cookie", "consent", "privac", "einwillig", "datenschutz", "privatsph", "confidential", "toestemming", "gegevens",
    "соглас", "куки", "kakor", "samtycke", "zgod", "çerez", "クッキー", "隐私", "legitim", "partner", "personali",
    "socios",
)  # fmt: skip
"""No request for consent is without one of these: the cheap test."""
MIN_WORDY_SHARE = 0.2
"""Least share of a request's characters in paragraphs with one of these words."""
_PAYWALL = re.compile(
    r"""subscribe\s(?:now\s|today\s)?(?:to|for)\s(?:continue|keep|read|unlock|full|unlimited|access)
    | (?:to|please)\s(?:continue|keep)\sreading\b | (?:continue|keep)\sreading\s(?:with|for|by)\b
    | (?:article|story|content|page)\sis\s(?:only\s|exclusively\s)?(?:for
      |available\s(?:only\s)?to|reserved\sfor|exclusive\sto)
      \s(?:\w+\s){0,3}(?:subscribers|members)
    | (?:for\s)?subscribers?[\s-](?:only|exclusive)\b | exclusive\s(?:to|for)\s(?:our\s)?subscribers
    | already\sa\s(?:subscriber|member)\?
    | (?:unlock|read)\sth(?:is|e)\s(?:full\s|whole\s|rest\sof\sth\w+\s)?(?:article|story)
    | (?:reached|used)\s(?:your|the)\s(?:\w+\s){0,3}(?:limit|free\sarticles) | free\sarticles?\s(?:left|remaining)
    | (?:log|sign)\sin\sto\s(?:read|continue) | register\s(?:for\sfree\s)?to\s(?:read|continue)
    | (?:nur|exklusiv)\sfür\s(?:\w+\s)?(?:abonnent|mitglieder) | (?:weiterlesen|lesen\ssie\sweiter)\s(?:mit|und)\b
    | (?:jetzt\s)?(?:abo|probe)\w*\s(?:abschließen|bestellen|testen|sichern)
    | sie\shaben\sbereits\sein\s(?:\w+-?)?abo
    | réservée?\s(?:aux|à\snos)\s(?:abonnés|lecteurs) | il\s(?:vous\s)?reste\s[\d.,]+\s?%
    | (?:abonnez-vous|déjà\sabonné) | (?:exclusivo|solo|sólo)\spara\s(?:\w+\s)?suscriptores
    | suscríbete\spara\s(?:seguir|leer|continuar) | ya\seres\ssuscriptor
    | (?:exclusivo|só)\spara\s(?:\w+\s)?assinantes | assine\s(?:para|e)\s(?:continuar|ler)
    | (?:riservat\w|solo)\s(?:agli|per\sgli)\s(?:\w+\s)?abbonati | abbonati\sper\s(?:continuare|leggere)
    | sei\sgià\sabbonato
    | alleen\svoor\s(?:\w+\s)?abonnees | (?:neem|sluit)\s(?:een|nu)\s(?:\w+\s)?abonnement
    | только\sдля\s(?:\w+\s)?подписчиков | оформите\sподписку
    | (?:tylko|wyłącznie)\sdla\s(?:\w+\s)?(?:subskrybentów|prenumeratorów)
    | (?:endast|bara)\sför\sprenumeranter | bli\sprenumerant | 会員限定 | 有料会員 | 続きを読むには
    | 订阅后(?:阅读|继续)
    | 登录后(?:阅读|查看)全文 | 付费(?:阅读|内容) | 구독자\s?전용""",
    re.IGNORECASE | re.VERBOSE,
)
_CHECK = re.compile(
    r"""just\sa\smoment\b | checking\s(?:if\sthe\ssite\sconnection|your\sbrowser)
    | (?:enable|turn\son)\sjava-?script | javascript\s(?:is\s)?(?:required|disabled|must\sbe\senabled)
    | verify(?:ing)?\s(?:that\s)?you\sare\s(?:a\s)?human
    | are\syou\sa\s(?:robot|human) | unusual\s(?:traffic|activity)\sfrom\syour
    | access\s(?:to\sthis\spage\s(?:has\sbeen|is)\s)?denied | you\shave\sbeen\sblocked | request\sblocked
    | complete\sthe\s(?:captcha|security\scheck)
    | bitte\s(?:aktivieren\ssie\s)?javascript | veuillez\sactiver\sjavascript
    | (?:habilite|activa|active)\s(?:el\s|o\s)?javascript | attiva(?:re)?\sjavascript | включите\sjavascript
    | 请(?:启用|开启)\s?javascript""",
    re.IGNORECASE | re.VERBOSE,
)


def asks_consent(paragraphs: list[str]) -> bool:
    """Whether these paragraphs, all that a page shows, are a request for consent."""
    size = sum(map(len, paragraphs))
    if not 0 < size <= MAX_CHARS:
        return False
    if sum(len(text) for text in paragraphs if _may_ask(text)) < MIN_WORDY_SHARE * size:
        return False
    # One kind of sentence may stand in any report on privacy; a notice has several of them in most of its text.
    hits = [_kinds_in(text) for text in paragraphs]
    asking = sum(len(text) for text, kinds in zip(paragraphs, hits, strict=True) if kinds)
    return len(set().union(*hits)) >= MIN_KINDS and asking >= MIN_SHARE * size


def consents_in(paragraphs: list[str]) -> set[str]:
    """The paragraphs that a consent banner has put into an article."""
    if not _may_ask("\n".join(paragraphs)):  # as for most articles: at once, not for each paragraph
        return set()
    return {text for text in paragraphs if _may_ask(text) and len(_kinds_in(text)) >= MIN_KINDS_PARAGRAPH}


def is_check(title: str, text: str) -> bool:
    """Whether this, all that a page shows, is a check for robots or a demand for JavaScript."""
    return len(text) <= MAX_CHECK_CHARS and _CHECK.search(f"{title}\n{text}") is not None


def asks_subscription(text: str) -> bool:
    """Whether a text says that the rest is for subscribers."""
    return _PAYWALL.search(text) is not None


def _may_ask(text: str) -> bool:
    lower = text.lower()
    return any(word in lower for word in _WORDS_OF_CONSENT)


def _kinds_in(text: str) -> set[int]:
    lower = text[:MAX_CHARS].lower()
    return {number for number, pattern in enumerate(_CONSENT) if pattern.search(lower)}
