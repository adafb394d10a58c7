"""Decides when two urls are one article, whose domain a url is, and where a link leads.

The identity rules are frozen and numbered, because ids made by them are kept for ever: a change to any of them,
or to the two lists, is a new numbered set of rules beside this one. See docs/decisions/0010-identity-of-urls.md.
"""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache, lru_cache
from importlib import resources
from urllib.parse import unquote

import ada_url
from publicsuffixlist import PublicSuffixList

RULES = 1
"""Number of the identity rules that `normalise` applies; ids made by them are kept for ever."""

MAX_URL_CHARS = 4096
"""Longest url: servers and browsers refuse them from 2,000 to 8,000 characters on, and what is longer is data."""

_TRACKER = re.compile(
    r"""utm_.* | mtm_.* | pk_(?:campaign|kwd|keyword|source|medium|content|cid) | matomo_.* | piwik_.*
    | hsa_.* | _hs(?:enc|mi) | __hs(?:tc|sc|fp) | hsctatracking
    | fbclid | mibextid | fb_comment_id | gclid | gclsrc | gad_(?:source|campaignid)
    | dclid | gbraid | wbraid | msclkid | yclid | ymclid | ysclid | twclid | ttclid
    | li_fat_id | igsh | igshid | epik | rb_clickid | s_kwcid | srsltid | _ga | _gl | _openstat | openstat
    | mc_cid | mc_eid | mkt_tok | vero_id | vero_conv | wickedid | oly_anon_id | oly_enc_id | ck_subscriber_id
    | dm_i | tblci | dicbo | obOrigUrl | _branch_match_id | trk(?:Info|Campaign)? | rcm | usqp
    | amp_(?:js_v|gsa)
    | itm_(?:source|medium|campaign|content) | int_(?:source|medium|campaign) | itid | mbid | reflink | smprod
    | pinned_post_(?:locator|asset_id|type)
    | fb_action_(?:ids|types) | fb_(?:source|ref) | ref_(?:src|url) | action_object_map | __twitter_impression
    | ns_(?:mchannel|source|campaign|linkname|fee) | xtor | xts | xtref | ocid | at_(?:medium|campaign|custom[1-4])
    | at_(?:bbc_team|campaign_type|format|link_id|link_origin|link_type|ptr_name|creation|variant)
    | smid | smtyp | cmp | cmpid | ito | ftcamp | ftag | ncid | icid | srnd | sref | taid | spm | guccounter
    | guce_referrer(?:_sig)? | soc_(?:src|trk) | \.?tsrc | wt\.?_?mc(?:[._]id)? | sr_share | __source
    | wt_zmc | phpsessid | jsessionid | aspsessionid.* | cfid | cftoken""",
    re.VERBOSE | re.IGNORECASE,
)
"""Query names that tell how a reader came, or who the reader is, never what is read."""

_SAYS_FEED = re.compile(
    r"(?:partner|emc|source|src|ref|referrer|from|via|mod|feed|origin|channel|traffic_source)=(?:rss|atom)[a-z0-9_-]*",
    re.IGNORECASE,
)
"""`partner=rss`, `mod=rss_world`: some sites name the article by such names, so they go only with a feed's value."""

_IS_AMP = re.compile(r"amp=?(?:1|true)?|outputtype=amp", re.IGNORECASE)

_ESCAPE = re.compile("%([0-9A-Fa-f]{2})?")
_PLAIN = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!'()*,:@$")
"""RFC 3986's unreserved characters, and those reserved ones that no server gives a meaning of its own."""

_SESSION = re.compile(r"(?<=[^/.]);(?:jsessionid|phpsessid|sid=(?=[0-9a-f]{16}))[^/]*", re.IGNORECASE)
_SLASHES = re.compile("/{2,}")
_INDEXES = ("/index.html", "/index.htm", "/index.php")

_GOOGLE = r"""(?:www\.)?google\.(?:com | cat
    | com\.(?:a[fgiru] | b[dhnorz] | c[ouy] | do | e[cgt] | fj | g[hit] | hk | jm | k[hw] | l[by] | m[mtxy] | n[afgip]
        | om | p[aeghkry] | qa | s[abglv] | t[jrw] | u[ay] | v[cn])
    | co\.(?:ao | bw | c[kr] | i[dln] | jp | k[er] | ls | m[az] | nz | t[hz] | u[gkz] | v[ei] | z[amw])
    | a[cdelmstz] | b[aefgijsty] | c[acdfghilmnvz] | d[ejkmz] | e[es] | f[imr] | g[aefglmpry] | h[nrtu] | i[emqst]
    | j[eo] | k[gikz] | l[aiktuv] | m[degklnsuvw] | n[eloru] | p[lnst] | r[osuw] | s[cehikmnort]
    | t[dglmnot] | v[gu] | ws)"""
"""Google's own domains, each by name: under any other ending `google` is anybody's (`google.xyz`, `google.us.to`)."""

_WRAPPED = re.compile(
    rf"""https?://(?:
        [a-z0-9-]+\.cdn\.ampproject\.org/[cv]/(?:s/)?
        | {_GOOGLE}/amp/(?:s/)?
        | (?:{_GOOGLE}/url | (?:www\.)?bing\.com/news/apiclick\.aspx
            | lm?\.facebook\.com/l\.php)\?(?:[^#]*?&)?(?:url|q|u)=(?P<escaped>https?(?::|%3a)[^&#]+)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
"""Addresses that only carry another: AMP caches, and the clicks that search engines and networks count (feeds of
Google Alerts and of Bing hold nothing else). Who carries an address is not who speaks there: see `carried`."""

_CARRIERS = ("google.", "ampproject.org", "facebook.com", "bing.com")
"""One of these stands in every address that carries another: the cheap test."""

_SAFE = re.compile(r"(?i:https?)://[A-Za-z0-9][!-~]*")

_LOGIN = re.compile(r"(?<=://)[^\s/?#\\]*@")

_IPV4 = re.compile(r"\d+\.\d+\.\d+\.\d+")


@lru_cache(maxsize=8192)
def normalise(url: str) -> str:
    """The identity form of an http(s) url by rules 1, '' for anything else; its own form is itself.

    Two articles must never share a form; two spellings of one should. Where both cannot be had the first wins, and
    the spelling becomes an alias once its page names a canonical url (mobile and AMP hosts and paths, short links).

    0. Where the address only carries another (AMP caches, counted clicks of search engines), that one is read.
    1. Read as browsers do (WHATWG URL: blanks, backslashes, dot segments, case and IDNA of the host, numeric
       hosts). Not http(s), unreadable or (as written or in this form) longer than 4,096 characters: ''.
    2. The scheme is written `https`; ports 80 and 443, user and password, and a dot at the host's end are dropped.
    3. A leading `www.` is dropped where a host with a dot is left.
    4. Percent-escapes of RFC 3986's unreserved characters and of ``!'()*,:@$`` are decoded, all others written in
       upper case; a lone `%` becomes `%25`.
    5. In the path: runs of slashes become one, session parameters (`;jsessionid=…`) and, at the end, slashes and
       `index.html`, `index.htm`, `index.php` are dropped; an empty path is `/`.
    6. In the query: `+` is `%20`; empty parts, the listed trackers and session names, `partner=rss` and its like,
       `amp=1` and `outputType=amp` are dropped; the rest is sorted by name, equal names keep their order.
    7. The fragment is dropped, unless it starts with `!` or `/` (sites that name the article there).
    """
    parsed = _read(url)
    if parsed is None:
        return ""
    name = _host_name(parsed)
    port = "" if parsed.port in {"", "80", "443"} else f":{parsed.port}"
    path = _without_tail(_SLASHES.sub("/", _SESSION.sub("", _escapes(parsed.pathname)))) or "/"
    query = _query(parsed.search[1:])
    fragment = parsed.hash if parsed.hash[:2] in {"#!", "#/"} else ""
    form = f"https://{name}{port}{path}{'?' if query else ''}{query}{_escapes(fragment)}"
    # Measured again: a `%` that stood alone has become three characters.
    return form if len(form) <= MAX_URL_CHARS else ""


def article_id(url: str, *, feed_url: str = "", entry_id: str = "") -> str:
    """The id of an article, for ever: 16 characters of lower-case base32, 80 bits of BLAKE2b.

    It is the hash of `normalise(url)`; where that is empty, of the feed's url and the entry's id.

    Raises:
        ValueError: there is neither an http(s) url nor an entry id.
    """
    identity = normalise(url)
    if not identity:
        if not entry_id:
            raise ValueError("an article needs an http(s) url or an entry id")
        identity = f"{normalise(feed_url) or feed_url}\n{entry_id}"
    return hashed(identity)


def hashed(identity: str) -> str:
    """The id that an identity of any rules gives: 16 characters of lower-case base32, 80 bits of BLAKE2b."""
    digest = hashlib.blake2b(identity.encode("utf-8", "surrogatepass"), digest_size=10).digest()
    return base64.b32encode(digest).decode("ascii").lower()


def with_fragment(url: str) -> str:
    """The identity form of a url with its fragment; without, where that tells only how a reader came, or has none.

    Rules 2 ask for it where a feed tells its entries apart by fragments (docs/decisions/0133).

    >>> with_fragment("https://www.paper.example/live/?utm_source=a#post-2")
    'https://paper.example/live#post-2'
    """
    form = normalise(url)
    parsed = _read(url) if form and "#" in url else None
    if parsed is None or "#" in form:
        return form
    # `#:~:text=…` marks words for a browser; `#xtor=RSS-1` counts readers.
    fragment = parsed.hash[1:].partition(":~:")[0]
    if all(not part or _says_nothing(part) for part in fragment.split("&")):
        return form
    whole = f"{form}#{_escapes(fragment)}"
    return whole if len(whole) <= MAX_URL_CHARS else form


def host(url: str) -> str:
    """The host that is asked for an http(s) url: lower case, IDNA form, without port; '' for anything else.

    The url's own, though it may carry another (`carried`): anybody can write an address into theirs.
    """
    parsed = _written(url)
    return parsed.hostname.rstrip(".") if parsed else ""


def registrable(url: str) -> str:
    """The domain that identifies the publisher of an http(s) url, in IDNA form; '' for anything else.

    By the public suffix list with its private part, and by `platforms.dat`, which has what that lacks, so that a blog
    on a platform is a publisher of its own. For
    addresses, names under `localhost`, single words and public suffixes themselves it is the whole host.
    """
    return registrable_of(host(url))


@lru_cache(maxsize=16384)
def registrable_of(name: str) -> str:
    """The domain that identifies the publisher at a host (`registrable`), for whoever knows the host already."""
    if not name or name.startswith("[") or _IPV4.fullmatch(name) or "." not in name or name.endswith(".localhost"):
        return name
    blog: str | None = _platforms().privatesuffix(name)
    if blog is not None:
        label, _, platform = blog.partition(".")
        return platform if label in {"www", "m"} else blog
    domain: str | None = _suffixes().privatesuffix(name)
    return domain or name


def without_logins(text: str) -> str:
    """A url, or a text that names some, as anybody may see it: without the user names and passwords in urls."""
    return _LOGIN.sub("", text) if "@" in text else text


def with_login_of(url: str, owner: str) -> str:
    """The url with the user and password that `owner`, a url of the same scheme, host and port, bears.

    No link bears a login (`absolute`), and a login is meant for its own origin only.
    """
    if "@" not in owner:
        return url
    parsed, own = _joined(url, ""), _joined(owner, "")
    if parsed is None or own is None or parsed.origin != own.origin or not (own.username or own.password):
        return url
    parsed.username, parsed.password = own.username, own.password
    return str(parsed.href)


def absolute(base: str, href: str, *, keep_login: bool = False) -> str:
    """The http(s) url that `href` means on a document at `base`; '' when it means none.

    One that is already absolute and written with safe characters is returned as written, but for a user and
    password: only an address that the owner gave may keep them (`keep_login`).
    """
    url = _meant(base, href)
    return url if keep_login else without_logins(url)


def _meant(base: str, href: str) -> str:
    link = href.strip(" \t\r\n\f")
    if not link or len(link) > MAX_URL_CHARS:
        return ""
    if _SAFE.fullmatch(link):  # as most are: no need to join them
        link = carried(link)
        return link if ada_url.check_url(link) else ""
    joined = _joined(link, base) or _joined(link, "")
    if joined is None or joined.protocol not in {"http:", "https:"} or not joined.hostname.strip("."):
        return ""
    url = carried(joined.href)
    return url if len(url) <= MAX_URL_CHARS else ""


def carried(url: str) -> str:
    """The address that this one only carries, unless it carries none; once, so that no chain is followed.

    That says which article is meant, and never who has answered or speaks.
    """
    lower_case = url.lower()
    # `re` lets letters of other alphabets stand for these; `lower` does not.
    if url.isascii() and not any(carrier in lower_case for carrier in _CARRIERS):
        return url
    match = _WRAPPED.match(url)
    if match is None:
        return url
    inner = unquote(match["escaped"]) if match["escaped"] else f"https://{url[match.end() :]}"
    parsed = _joined(inner, "")
    return url if parsed is None else str(parsed.href)


def _joined(link: str, base: str) -> ada_url.URL | None:
    try:
        return ada_url.URL(link, base) if base else ada_url.URL(link)
    except ValueError:
        return None


def _read(url: str) -> ada_url.URL | None:
    """What identity is made of: of the address that is meant."""
    return None if len(url) > MAX_URL_CHARS else _written(carried(url))


def _written(url: str) -> ada_url.URL | None:
    if len(url) > MAX_URL_CHARS:
        return None
    parsed = _joined(url, "")
    if parsed is None:
        return None
    return parsed if parsed.protocol in {"http:", "https:"} and parsed.hostname.strip(".") else None


def _host_name(parsed: ada_url.URL) -> str:
    name: str = parsed.hostname.rstrip(".")
    while name.startswith("www.") and "." in name[4:]:  # all of them: the form of a form must be itself
        name = name[4:]
    return name


def _escapes(part: str) -> str:
    return _ESCAPE.sub(_escape, part) if "%" in part else part


def _escape(match: re.Match[str]) -> str:
    digits = match[1]
    if digits is None:
        return "%25"
    character = chr(int(digits, 16))
    return character if character in _PLAIN else f"%{digits.upper()}"


def _without_tail(path: str) -> str:
    """The path without slashes and index pages at its end, however many there are."""
    lower_case, end = path.lower(), len(path)
    while end:
        tail = next((tail for tail in ("/", *_INDEXES) if lower_case.endswith(tail, 0, end)), "")
        if not tail:
            break
        end -= len(tail)
    return path[:end]


def _query(query: str) -> str:
    if not query:
        return ""
    parts = (_escapes(part.replace("+", "%20")) for part in query.split("&"))
    telling = [part for part in parts if part and not _says_nothing(part)]
    # By name alone: `a=2&a=1` may mean something else than `a=1&a=2`, and the sort is stable.
    return "&".join(sorted(telling, key=_name))


def _name(part: str) -> str:
    return part.partition("=")[0]


def _says_nothing(part: str) -> bool:
    return bool(_TRACKER.fullmatch(_name(part)) or _SAYS_FEED.fullmatch(part) or _IS_AMP.fullmatch(part))


@cache
def _suffixes() -> PublicSuffixList:
    """The list in the wheel of `publicsuffixlist`; read once, at the first question (60 ms)."""
    return PublicSuffixList()


@cache
def _platforms() -> PublicSuffixList:
    text = resources.files("stayahead").joinpath("platforms.dat").read_text("utf-8")
    return PublicSuffixList(text.splitlines(), accept_unknown=False)
