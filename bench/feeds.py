"""Measures how many feeds a second we parse beside two other libraries, and what hostile feeds cost each of them.

`python -m bench.feeds`: realistic feeds of 15 to 60 entries in five dialects, then documents that were made to hurt.
"""

from __future__ import annotations

import random
from html import escape
from pathlib import Path

from bench import trial
from bench.rates import rates
from bench.readers import FEED_READERS

FEEDS = 40
STEPS = {"feedparser": 2}
"""Readers that get only every so-manieth feed, so that the slowest do not take all the time."""
ROUNDS = 3

_WORDS = """harbour council vote flood river minister storm talks budget strike court ruling wildfire rescue summit
treaty price grain market election turnout hospital vaccine bridge ferry island coast police inquiry witness report
forecast goal final coach transfer record village school teachers union wages inflation bank rates export border
refugees aid convoy ceasefire envoy parliament speaker coalition Zürich São Düsseldorf naïve café – “open” it's & 40%
said on""".split()  # noqa: SIM905 - words as prose, not a column of literals


def run(data: Path) -> dict[str, float]:
    """Print the table and return the figures by name. The data is not needed: no real feeds of this size are in it."""
    del data
    feeds = [_feed(number) for number in range(FEEDS)]
    size_kb = sum(map(len, feeds)) / len(feeds) / 1000
    print(f"{FEEDS} feeds of 15-60 entries, {size_kb:.0f} kB on average, one core")
    best = rates(FEED_READERS, feeds, steps=STEPS, rounds=ROUNDS, unit="feeds")
    return {
        "feeds_per_s": best["stayahead"],
        "feedparser_feeds_per_s": best["feedparser"],
        "fastfeedparser_feeds_per_s": best["fastfeedparser"],
        "ratio": best["stayahead"] / best["feedparser"],
        **trial.show("feeds", ours="stayahead"),
    }


def _feed(number: int) -> bytes:
    chance = random.Random(number)
    entries = chance.randint(15, 60)
    return (_rss, _wordpress, _atom, _atom_xhtml, _rdf)[number % 5](chance, entries).encode("utf-8")


def _say(chance: random.Random, words: int) -> str:
    return " ".join(chance.choices(_WORDS, k=words)).capitalize()


def _html(chance: random.Random, paragraphs: int) -> str:
    parts = [
        f'<p>{escape(_say(chance, 60))} <a href="/topics/{chance.randint(1, 99)}">{escape(_say(chance, 2))}</a>.</p>'
        for _ in range(paragraphs)
    ]
    return f'<img src="https://img.example.com/{chance.randint(1, 9999)}.jpg" alt="">' + "".join(parts)


def _rss(chance: random.Random, entries: int) -> str:
    items = "".join(
        f"<item><title>{escape(_say(chance, 9))}</title><link>https://news.example.com/2026/{n}-a?utm_source=rss</link>"
        f"<description>{escape(_say(chance, 30))}</description><category>World</category>"
        f'<guid isPermaLink="false">id-{n}</guid><pubDate>Sun, 22 Nov 2026 {n % 24:02}:10:00 GMT</pubDate>'
        f'<media:thumbnail width="240" height="135" url="https://img.example.com/{n}.jpg"/></item>'
        for n in range(entries)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel>'
        f"<title>News</title><link>https://news.example.com/</link><ttl>15</ttl>{items}</channel></rss>"
    )


def _wordpress(chance: random.Random, entries: int) -> str:
    items = "".join(
        f"<item>\n<title>{escape(_say(chance, 9))}</title>\n<link>https://blog.example.com/{n}/</link>\n"
        f"<dc:creator><![CDATA[Jane Doe]]></dc:creator><pubDate>Sun, 22 Nov 2026 0{n % 10}:00:00 +0000</pubDate>"
        f"<category><![CDATA[Politics]]></category><guid>https://blog.example.com/?p={n}</guid>"
        f"<description><![CDATA[{_say(chance, 40)} [&#8230;]]]></description>"
        f"<content:encoded><![CDATA[{_html(chance, 8)}]]></content:encoded>\n</item>"
        for n in range(entries)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>Blog</title>'
        f"<link>https://blog.example.com</link>{items}</channel></rss>"
    )


def _atom(chance: random.Random, entries: int) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>A</title>'
        + "".join(
            f'<entry><id>tag:example.com,2026:{n}</id><title type="html">{escape(escape(_say(chance, 9)))}</title>'
            f'<link rel="alternate" type="text/html" href="https://example.com/a/{n}"/>'
            f"<updated>2026-11-22T10:00:0{n % 10}Z"
            f'</updated><author><name>John Roe</name></author><category term="sport"/>'
            f'<content type="html">{escape(_html(chance, 6))}</content></entry>'
            for n in range(entries)
        )
        + "</feed>"
    )


def _atom_xhtml(chance: random.Random, entries: int) -> str:
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/"><title>X</title>'
        + "".join(
            f'<entry><id>urn:x:{n}</id><title>{escape(_say(chance, 9))}</title><link href="b/{n}"/>'
            f"<published>2026-11-22T10:00:00+01:00</published><summary>{escape(_say(chance, 25))}</summary>"
            f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{escape(_say(chance, 200))}</p>'
            "</div></content></entry>"
            for n in range(entries)
        )
        + "</feed>"
    )


def _rdf(chance: random.Random, entries: int) -> str:
    return (
        (
            '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" '
            'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="u"><title>R</title></channel>'
        )
        + "".join(
            f'<item rdf:about="https://example.net/{n}"><title>{escape(_say(chance, 9))}</title>'
            f"<link>https://example.net/{n}</link><description>{escape(_say(chance, 40))}</description>"
            "<dc:date>2026-11-22T09:00:00Z</dc:date></item>"
            for n in range(entries)
        )
        + "</rdf:RDF>"
    )


if __name__ == "__main__":
    run(Path())
