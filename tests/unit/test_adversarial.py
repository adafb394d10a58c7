"""Texts that were made to cost much: what a stranger sends takes time that grows with its length, not with its square.

Each public function that takes foreign text is driven with each family of such texts at n and at 4n characters.
"""

from __future__ import annotations

import gzip
import inspect
import json
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from html import escape as html_escape
from types import ModuleType

import pytest

from stayahead import analyze, charset, extract, language, parse, spam, text, urls, when
from stayahead.analyze import search_query
from stayahead.analyze.amendment import amendment
from stayahead.analyze.casualties import casualties
from stayahead.analyze.credits import find_credits
from stayahead.analyze.dateline import without_dateline
from stayahead.analyze.documents import document_kind
from stayahead.analyze.figures import figures, find_figures
from stayahead.analyze.moving_counts import has_grown
from stayahead.analyze.names import find_names
from stayahead.analyze.outlets import find_cited, outlets_of
from stayahead.analyze.prose import SENTENCE_CHARS, Prose
from stayahead.analyze.quotation_marks import find_quotations
from stayahead.analyze.quotes import find_quotes
from stayahead.errors import StayAheadError
from stayahead.extract import ticking
from stayahead.extract.body import notices
from stayahead.extract.facts import mended, titles
from stayahead.fetch import headers
from stayahead.fetch.robots_group import our_group
from stayahead.model import Block, BlockKind, Entry, Page
from stayahead.parse import archive, discovery, gunzip, opml, warc
from stayahead.parse.json_objects import json_objects
from stayahead.serve import formatting

N = 4_000
FREE_S = 0.025
"""What 4n characters may cost whatever their ratio: less than what a clock and a busy machine make of it."""
GROWTH = 8.0
"""Time at 4n by time at n: 4 where it is linear, 16 where it is quadratic."""
NOW = datetime(2026, 11, 27, tzinfo=UTC)

FAMILIES = [
    *" \t\n!.…?,;:/\\-_=%&#@([{<>\"'“|*0aAéİ中กあ\u0301",
    "! ", "a! ", "! A", "a ", "A ", "Aa ", "A.", "1,", "1.", "1 ", "1/", "1:", ", ", "- ", " -", "a-", "a.", "@a",
    "a@a",
    " a.", "a\n", "\n ", "<a", "<a ", "<b>", "<!--", "&#", "&amp;", '="', '\\"', "/a", "/index.html", "www.",
    "http://",
    "https://a.example/", "'s", "by ", "by: ", "Reuters (", "(AP) ", "and ", "12 dead, ", "one hundred ",
    "$5 to ", "toll 5 to ",
    "in Ab ", "5-3 won ", "said Ab, ", "Jan 1 ",
    "am 1. ",
    "abon", "apr", "comment ", "by and ", "社", "1年", "a: ", "}, ", "#a", "u=1&", ";sid=", "Dr. ", "http://a@", "%41",
    "“a b,” he said. ", "“a", "Ann Lee said ", "he said, ", "“a” of the ", "'a b' ", "The ", "of A, ", ", A,",
    "]]>", "-->", "//", "user-agent:\r", "« ", "a's", "”", "\u2028",
]  # fmt: skip
"""Pieces that are repeated: one character, separators, classes in turn, beginnings of what our patterns look for."""


def page(body: str, *, title: str = "Bridge closed", lead: str = "") -> Page:
    blocks = [Block(kind=BlockKind.PARAGRAPH, text=part) for part in (lead, body) if part]
    return Page(url="https://paper.example/a", title=title, language="en", blocks=tuple(blocks))


def paragraphs(texts: Iterable[str]) -> Page:
    return Page(language="en", blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts))


def entry(**fields: str) -> Entry:
    return Entry(**{"id": "1", "url": "https://paper.example/a", "title": "Bridge closed", **fields})  # type: ignore[arg-type]


def html(head: str = "", body: str = "") -> str:
    return (
        f"<html><head>{head}</head><body><article><h1>Bridge closed</h1>{body}<p>It fell.</p></article></body></html>"
    )


def read(source: str) -> object:
    return extract.read_page(source, url="https://paper.example/a")


def warc_record(foreign: str) -> bytes:
    answer = (
        f"HTTP/1.1 200 OK\r\nContent-Type: text/html;{foreign}\r\nTransfer-Encoding: chunked\r\n\r\n{foreign}".encode()
    )
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://a.example/\r\nContent-Length: {len(answer)}"
    return head.encode() + b"\r\n\r\n" + answer + b"\r\n\r\n"


def thread_page(foreign: str) -> str:
    post = (
        f'<div class="post"><div class=author>{foreign}</div><p>{foreign}</p>'
        '<div class="post-body"><p>It fell.</p></div></div>'
    )
    return f"<html><head><meta name=generator content=phpBB><title>t</title></head><body>{post * 3}</body></html>"


def feed(item: str) -> object:
    return parse.parse_feed(
        f"<rss><channel><title>t</title><item>{item}</item></channel></rss>".encode(), url="https://paper.example/feed"
    )


WORK: dict[str, Callable[[str], object]] = {
    "text.collapse": text.collapse,
    "text.fold": text.fold,
    "text.tokens": text.tokens,
    "text.sentences": text.sentences,
    "text.sentence_spans": lambda s: list(text.sentence_spans(s)),
    "text.sentence_ends": lambda s: list(text.sentence_ends(s, limit=len(s))),
    "text.is_unspaced": text.is_unspaced,
    "text.parted_headline": lambda s: (text.parted_headline(s), text.parted_headline("UPDATE 2-" + s)),
    "text.word_places": lambda s: list(text.word_places(s)),
    "text.first_sentences": lambda s: text.first_sentences(s, limit=len(s) - 1),
    "when.parse_date": when.parse_date,
    "urls.normalise": lambda s: urls.normalise(f"https://a.example/{s}"[: urls.MAX_URL_CHARS]),
    "urls.article_id": lambda s: urls.article_id(s, feed_url=s, entry_id=s),
    "urls.hashed": urls.hashed,
    "urls.with_fragment": lambda s: urls.with_fragment(f"https://a.example/{s}#{s}"[: urls.MAX_URL_CHARS]),
    "urls.host": lambda s: urls.host(f"https://{s}"),
    "urls.registrable_of": lambda s: urls.registrable_of(f"{s}.example"),
    "urls.registrable": lambda s: urls.registrable(f"https://{s}.example"),
    "urls.absolute": lambda s: (urls.absolute("https://a.example/", s), urls.absolute("https://a.example/", "a?" + s)),
    "urls.carried": lambda s: urls.carried("https://google.com/url?" + s),
    "urls.without_logins": lambda s: (urls.without_logins("@" + s), urls.without_logins(f"http://{s}@{s}")),
    "urls.with_login_of": lambda s: urls.with_login_of(f"https://a.example/{s}", f"https://{s}@a.example/"),
    "charset.decode": lambda s: (charset.decode(s.encode()), charset.decode(b"\xff" + s.encode(), declared=s)),
    "language.detect": language.detect,
    "language.code": language.code,
    "spam.judge": spam.judge,
    "spam.is_repetitive": spam.is_repetitive,
    "spam.is_promotional": spam.is_promotional,
    "parse.parse_feed": lambda s: parse.parse_feed(s.encode(), url="https://paper.example/feed"),
    "parse.parse_feed in a text": lambda s: feed(f"<title>{s}</title><description>{s}</description>"),
    "parse.parse_feed in escaped html": lambda s: feed(f"<title>a</title><description>&lt;p>{s}</description>"),
    "parse.parse_feed in claims": lambda s: feed(f"<link>{s}</link><author>{s}</author><pubDate>{s}</pubDate>"),
    "parse.parse_feed of JSON": lambda s: parse.parse_feed(
        json.dumps({"version": "https://jsonfeed.org/version/1", "items": [{"id": s, "content_html": s}]}).encode(),
        url="https://paper.example/feed",
    ),
    "parse.parse_feed with bases": lambda s: parse.parse_feed(
        f'<feed xml:base="https://a.example/{"x" * 900}/"><entry><title>t</title><content type="html">'
        f"{'&lt;a href=b>' * (len(s) // 16)}{html_escape(s)}</content></entry></feed>".encode(),
        url="https://paper.example/feed",
    ),
    "parse.sitemap": lambda s: parse.parse_feed(
        f"<urlset><url><loc>https://a.example/{s}</loc><lastmod>{s}</lastmod></url></urlset>".encode(),
        url="https://a.example/sitemap.xml",
    ),
    "parse.sitemap, an index": lambda s: parse.parse_feed(
        f"<sitemapindex><sitemap><loc>{s}</loc><lastmod>{s}</lastmod></sitemap></sitemapindex>".encode(),
        url="https://a.example/sitemap.xml",
    ),
    "parse.sitemap between elements": lambda s: parse.parse_feed(
        f"<urlset>{s}<url><loc>https://a.example/</loc></url>{s}".encode(), url="https://a.example/sitemap.xml"
    ),
    "parse.archive": lambda s: list(archive.read_rows([s.encode()], name="a.tsv")),
    "parse.archive of JSON": lambda s: list(
        archive.read_rows([json.dumps({"id": s, "url": s, "title": s, "arrival": s}).encode()], name="a.jsonl")
    ),
    "parse.warc": lambda s: list(warc.read_pages([f"WARC/1.0\r\n{s}".encode()], name="a.warc")),
    "parse.warc, an answer": lambda s: list(warc.read_pages([warc_record(s)], name="a.warc")),
    "parse.json_objects": lambda s: list(json_objects([f"[{s}".encode()], most=1000)),
    "parse.json_objects in strings": lambda s: list(json_objects([json.dumps([{s: s}]).encode()], most=1000)),
    "parse.display_name": parse.display_name,
    "parse.identify": lambda s: parse.identify(
        [entry(id=s[:at], url=f"https://a.example/{s}#{at}", title=s[:at], html=s) for at in range(4)], feed_url=s
    ),
    "parse.discovery": lambda s: discovery.feeds_of(html(s, s), url="https://paper.example/", robots=s),
    "parse.opml": lambda s: opml.read(s.encode()),
    "parse.gunzip": lambda s: list(gunzip.gunzip([gzip.compress(b"") * (len(s) // 4)])),
    "extract.read_page": read,
    "extract.observe_page": lambda s: extract.observe_page(html(body=s), url="https://paper.example/a"),
    "extract.read_page in a paragraph": lambda s: read(html(body=f"<p>{s}</p>")),
    "extract.read_page of a thread": lambda s: extract.read_page(
        thread_page(s), url="https://paper.example/viewtopic.php?t=1"
    ),
    "extract.read_page in the head": lambda s: read(
        html(f'<title>{s}</title><meta name="author" content="{s}"><meta name="date" content="{s}">')
    ),
    "extract.read_page in JSON-LD": lambda s: read(html(f'<script type="application/ld+json">{s}</script>')),
    "extract.read_page in names": lambda s: read(
        html(body=f'<div class="{s}" id="{s}"><a rel=author href="{s}">{s}</a></div>')
    ),
    "extract.read_page near the headline": lambda s: read(html(body=f"<b>{s}</b><p class=byline>{s}<time>{s}</time>")),
    "extract.read_page in parts": lambda s: read(
        html(
            body="".join(
                f'<div class="{s[at : at + 9]}"><h2><a href="/{at}">{s[at : at + 20]}</a></h2><p>{s[at : at + 90]}'
                for at in range(0, len(s), 90)
            )
        )
    ),
    "notices.is_check": lambda s: notices.is_check(s, s[: notices.MAX_CHECK_CHARS]),
    "notices.consents_in": lambda s: notices.consents_in([f"cookies {s}", f"partners {s}"]),
    "notices.asks_subscription": notices.asks_subscription,
    "titles.without_site": titles.without_site,
    "mended.values_of": lambda s: (mended.values_of("{" + s), mended.values_of(f'{{"a":[{s}')),
    "extract.read_entry": lambda s: extract.read_entry(
        entry(html=s, summary=s, author=s), url="https://paper.example/a"
    ),
    "ticking.steady_title": lambda s: ticking.steady_title(f"{s[:4_000]} (5 comments)"),
    "ticking.timeless": lambda s: ticking.timeless(f"{s[:3_900]} 5 minutes ago"),
    "ticking.steady": lambda s: ticking.steady(f"{s}\n{s[:80]} 5 minutes ago\n{s[:80]} 1,234 views"),
    "ticking.differ_in_figures_alone": lambda s: ticking.differ_in_figures_alone(f"{s}1", f"{s}2"),
    "extract.carries_article": lambda s: extract.carries_article(entry(html=s), page(s)),
    "extract.diff": lambda s: list(extract.diff(s, s[::-1])),
    "analyze.analyze_whole": lambda s: analyze.analyze_whole(page(s), entry(author=s[:200])),
    "analyze.analyze": lambda s: analyze.analyze(page("It fell.", title=s), entry(title=s)),
    "analyze.card_of": lambda s: analyze.card_of(page(s), entry()),
    "analyze.find_statements": lambda s: analyze.find_statements(s, page(s, lead="12 people were killed.")),
    "analyze.read_query": analyze.read_query,
    "analyze.search_query": lambda s: (
        list(search_query.found_in(s, frozenset(text.tokens(s)), ("ab",))),
        search_query.holds_phrase(text.tokens(s), (*text.tokens(s)[:20], "never")),
    ),
    "analyze.agency_of": analyze.agency_of,
    "analyze.find_credits": lambda s: find_credits(page(s, lead=s), entry(author=s, title=s)),
    "analyze.find_cited": lambda s: outlets_of(find_cited(s, s)),
    "analyze.document_kind": document_kind,
    "analyze.is_agency": analyze.is_agency,
    "analyze.is_same_outlet": lambda s: analyze.is_same_outlet(s, s[:5]),
    "analyze.outlet_key": analyze.outlet_key,
    "analyze.site_key": analyze.site_key,
    "casualties": casualties,
    "figures": lambda s: figures(s[:SENTENCE_CHARS]),
    "find_names": lambda s: list(
        find_names(Prose(s, page(s, lead="Mayor Ann Lee, 45, said in Paris."))),
    ),
    "find_names in capitals": lambda s: list(find_names(Prose("", page(f"Bank of {s} X{s} of {s.title()} Lee")))),
    "find_figures": lambda s: list(
        find_figures(Prose(s, page(s, lead="$5bn, 12% and 12 people killed: police said.")))
    ),
    "amendment": lambda s: amendment(
        page(f"It fell. {s}"), page(f"It rose. {s[1:]}1"), title_before=s, title_after=s[1:]
    ),
    "has_grown": lambda s: has_grown("12", "44", f"{s} at least 44 people killed", language="en"),
    "without_dateline": without_dateline,
    "find_quotations": lambda s: [find_quotations(s, each) for each in ("en", "de", "fr", "es")],
    "find_quotes": lambda s: list(find_quotes(Prose("", page(s)))),
    "find_quotes within and beside marks": lambda s: list(
        find_quotes(Prose("", page(f"{s} said he, “{s}” and {s} said “a b c”.", lead=f"“{s} he said “{s}” said {s}")))
    ),
    "find_quotes of many paragraphs": lambda s: list(
        find_quotes(
            Prose(
                "", paragraphs(f"“We {s[at : at + 20]} go,” he said. {s[at : at + 20]}" for at in range(0, len(s), 40))
            )
        )
    ),
    "headers.content_type": headers.content_type,
    "headers.fresh_s": lambda s: headers.fresh_s(s, s),
    "headers.retry_after_s": lambda s: headers.retry_after_s(s, date=s, now=NOW),
    "headers.validator": headers.validator,
    "headers.printable": headers.printable,
    "robots_group.our_group": lambda s: our_group(f"User-agent:{s}\r{s}", "stayahead/0.1"),
    "formatting.plain": formatting.plain,
    "formatting.lined": formatting.lined,
    "formatting.web_url": formatting.web_url,
    "formatting.direction": formatting.direction,
    "formatting.sentence": formatting.sentence,
}


NOT_FOREIGN = {
    "text.UNSPACED", "when.plausible",  # characters; a time
    "extract.HostMemory", "extract.HostRecord", "extract.Observation", "extract.Piece", "extract.PieceKind",
    "extract.fold", "extract.memory_of", "extract.count_words",  # what we made ourselves of pages that were read
    "analyze.Analysis", "analyze.Encoder", "analyze.NAMES", "analyze.NAMES_CHARS",
    "analyze.PLACE", "analyze.QUOTES", "analyze.SearchQuery",
    "analyze.adds_its_own", "analyze.card_at", "analyze.near_copies", "analyze.packed",
    "analyze.unpacked", "analyze.versions",
}  # fmt: skip
"""Public names that take no text of strangers."""


def public_names(module: ModuleType) -> Iterator[str]:
    own: list[str] = getattr(module, "__all__", None) or [
        name
        for name, value in inspect.getmembers(module, inspect.isfunction)
        if not name.startswith("_") and value.__module__ == module.__name__
    ]
    return (f"{module.__name__.removeprefix('stayahead.')}.{name}" for name in own)


@pytest.mark.parametrize("module", [text, when, urls, charset, language, spam, parse, extract, analyze])
def test_every_public_function_that_takes_foreign_text_is_driven(module: ModuleType) -> None:
    driven = {name.partition(" ")[0] for name in WORK} | NOT_FOREIGN
    assert set(public_names(module)) <= driven


def seconds(work: Callable[[str], object], foreign: str, *, times: int) -> float:
    """The least time of several runs; what is refused is done."""
    best = 1e9
    for _ in range(times):
        started = time.process_time()
        with suppress(StayAheadError, ValueError):
            work(foreign)
        best = min(best, time.process_time() - started)
    return best


def run_of(piece: str, *, chars: int) -> str:
    """The piece again and again, and an end that fits nothing, so that what has matched is tried in other ways."""
    return (piece * (chars // len(piece) + 1))[:chars] + "\x7fx"


@pytest.mark.parametrize("name", WORK)
def test_time_grows_with_the_length_and_not_with_its_square(name: str) -> None:
    work = WORK[name]
    seconds(work, "warm 12 Jan 2026", times=1)
    slow: list[str] = []
    for piece in FAMILIES:
        at_4n = seconds(work, run_of(piece, chars=4 * N), times=1)
        if at_4n <= FREE_S:
            continue
        at_4n = min(at_4n, seconds(work, run_of(piece, chars=4 * N), times=2))
        at_n = seconds(work, run_of(piece, chars=N), times=3)
        if at_4n > FREE_S and at_4n > GROWTH * at_n:
            slow.append(f"{piece!r}: {1000 * at_n:.1f} ms for {N} characters, {1000 * at_4n:.0f} ms for {4 * N}")
    assert not slow
