"""Makes pages of about 100 kB that were written to hurt whoever looks for an article in them."""

from __future__ import annotations

import json

SIZE = 100_000
"""Rough size of each page."""

TEXT = "The council will put its ferry line to a vote in June, the mayor said on Tuesday after a long debate. "


def fill(piece: str, *, size: int = SIZE) -> str:
    """The piece repeated up to a size."""
    return piece * (size // len(piece))


def page(inside: str, *, head: str = "", before: bool = True) -> bytes:
    """A page with an article of some length, and hostile markup in front of it or behind."""
    article = f"<article><h1>Ferry line</h1>{f'<p>{TEXT * 3}</p>' * 4}</article>"
    body = inside + article if before else article + inside
    return f"<!DOCTYPE html><html><head><title>Ferry line</title>{head}</head><body>{body}</body></html>".encode()


def ld(text: str) -> str:
    """A script of JSON-LD."""
    return f'<script type="application/ld+json">{text}</script>'


def repeatable() -> dict[str, str]:
    """Pieces of markup that hurt by being repeated."""
    return {
        "nested div": "<div>",
        "nested inline": "<b><i>",
        "nested links": '<a href="/x">',
        "nested lists": "<ul><li>",
        "nested tables": "<table><tr><td>",
        "nested quotations": "<blockquote>",
        "nested forms": '<form action="/x">',
        "nested articles": "<article>",
        "crossed tags": "<b><p></b></p>",
        "crossed blocks": "<div><span></div></span>",
        "end tags without start": "</div></p></b>",
        "unclosed paragraphs": "<p>x",
        "paragraphs of a sentence": f"<p>{TEXT}</p>",
        "breaks": "x<br>",
        "links": '<a href="/2026/11/26/a">Ferry</a> ',
        "link lists": '<li><a href="/2026/11/26/a">Ferry vote</a></li>',
        "tables": "<table><tr><td>1</td><td>2</td></tr></table>",
        "cells": "<tr><td>1<td>2",
        "images": '<img src="/a.jpg" alt="A ferry">',
        "figures": "<figure><img src=/a.jpg><figcaption>A ferry at its berth</figcaption></figure>",
        "time elements": '<time datetime="2026-02-30T25:61">no day</time>',
        "shown dates": "<p class=date>Published 31 Foo 2026 at 25:61</p>",
        "bylines": "<p class=byline>By Ann Lee and Bo Kim and</p>",
        "microdata": '<span itemprop="author datePublished">Ann Lee</span>',
        "comment headings": "<h3>Comments</h3>",
        "comments of readers": f"<div class=comment><p>reader: {TEXT}</p></div>",
        "headings": "<h2>Ferry</h2>",
        "marks": '<div class="article-body post-content story entry comment share related ad byline">x</div>',
        "hidden": '<div style="display: none">x</div>',
        "templates": f"<template><p>{TEXT}</p></template>",
        "noscripts": f"<noscript><p>{TEXT}</p></noscript>",
        "scripts": "<script>var a = '<p>' + 1;</script>",
        "styles": "<style>p{color:red}</style>",
        "comments": "<!-- x -->",
        "comments without end": "<!-- ",
        "conditional comments": "<!--[if IE]><p>x</p><![endif]-->",
        "cdata": "<![CDATA[ x ]]>",
        "instructions": "<?php echo 1 ?>",
        "references": "&nbsp;&#0;&#x110000;&nosuch;&amp",
        "bare ampersands": "& ",
        "bare less-than": "< ",
        "amp": "<amp-img src=/a.jpg></amp-img><amp-ad></amp-ad>",
        "unknown tags": "<x-ferry>x</x-ferry>",
        "svg": '<svg><path d="M0 0L1 1"/></svg>',
        "frames": '<iframe src="/a"></iframe>',
        "base elements": '<base href="/a/">',
    }


def hostile_pages(*, size: int = SIZE) -> dict[str, bytes]:
    """All hostile pages, by what is wrong with them; repeated pieces fill `size` bytes."""
    pages = {name: page(fill(piece, size=size)) for name, piece in repeatable().items()}
    # What is bounded by a page's size is unbounded just below: another library is asked about pages that are not large.
    pages |= {f"{name}, a quarter": page(fill(piece, size=size // 4)) for name, piece in repeatable().items()}
    return pages | _heads() | _texts() | _attributes() | _documents()


def _heads() -> dict[str, bytes]:
    things = ",".join('{"@type":"NewsArticle","author":{"name":"Ann Lee"},"headline":"x"}' for _ in range(1_500))
    return {
        "metas": page("", head="".join(f'<meta property="article:tag" name="n{n}" content="x">' for n in range(1_800))),
        "dates in metas": page("", head=fill('<meta name="date" content="31 Foo 2026, 25 of the clock">')),
        "unlike dates in metas": page(
            "", head="".join(f'<meta name="date{n}" content="{n} blurg snark">' for n in range(2_000))
        ),
        "link elements": page("", head=fill('<link rel="canonical alternate" href="http://[::1">')),
        "titles": page("", head=fill("<title>A - B | C » D</title>")),
        "a title of separators": page("", head=f"<title>{fill('a - b | ')}</title>"),
        "JSON-LD nested": page("", head=ld("[" * SIZE)),
        "JSON-LD nested objects": page("", head=ld(fill('{"@graph":'))),
        "JSON-LD of many things": page("", head=ld(f"[{things}]")),
        "JSON-LD scripts": page("", head=fill(ld('{"@type":"NewsArticle","datePublished":"31 Foo"}'))),
        "JSON-LD of broken text": page("", head=ld('{"headline": "' + fill('a", } ]') + '"}')),
        "JSON-LD of commas": page("", head=ld('{"a": [1' + fill(" ,   ") + "]}")),
        "JSON-LD number": page("", head=ld('{"a": ' + "9" * SIZE + "}")),
        "JSON-LD escapes": page("", head=ld(json.dumps({"@type": "Article", "headline": fill("\ud83d")}))),
        "JSON-LD authors": page(
            "", head=ld(json.dumps({"@type": "Article", "author": [{"name": f"Ann {n}"} for n in range(4_000)]}))
        ),
        "JSON-LD body": page("", head=ld(json.dumps({"@type": "Article", "articleBody": fill("<p>x &amp;amp; ")}))),
    }


def _texts() -> dict[str, bytes]:
    return {
        "one word": page(f"<p>{'a' * SIZE}</p>"),
        "one word in Chinese": page(f"<p>{'渡' * (SIZE // 3)}</p>"),
        "Chinese without blanks": page(f"<p>{fill('市议会将于六月就渡轮航线进行表决。', size=SIZE // 3)}</p>"),
        "Thai without blanks": page(f"<p>{fill('สภาจะลงมติเรื่องเรือข้ามฟาก', size=SIZE // 3)}</p>"),
        "accents on accents": page(f"<p>a{chr(0x301) * (SIZE // 2)}</p>"),
        "one paragraph": page(f"<p>{fill(TEXT)}</p>"),
        "one sentence without end": page(f"<p>{fill('and the ferry ')}</p>"),
        "slogans": page(f"<p>{fill('Stay ahead with our go-to platform, never miss a beat, subscribe now! ')}</p>"),
        "the same two words": page(f"<p>{fill('stay ahead ')}</p>", before=False),
        "a byline without end": page(f"<p class=byline>By {fill('Ann Lee and ')}</p>"),
        "a byline of dots": page(f"<p class=author>{fill('. - ')}</p>"),
        "a byline of addresses": page(f"<p class=author>{fill('a@b.c.')}</p>"),
        "a date without end": page(f"<time>{fill('26 November 2026 ')}</time>"),
        "dates in a paragraph": page(f"<p>{fill('Published: November 26, 2026 10:00 GMT ')}</p>"),
        "digits": page(f"<p>Published {fill('1')}</p>"),
        "addresses": page(f"<p>{fill('http://a.example/b?c=d&e=%%% ')}</p>"),
        "a comment heading without end": page(f"<h3>{fill('comments on ')}</h3>", before=False),
        "blanks": page(f"<p>{' ' * SIZE}</p>"),
        "blank lines": page(f"<pre>{fill(chr(10) + ' ')}</pre>"),
        "zero width": page(f"<p>{fill(chr(0x200B) + chr(0xAD), size=SIZE // 2)}</p>"),
        "signed lines": page("".join(f"<p>reader{n} : slot gacor {n}</p>" for n in range(2_800)), before=False),
        "colons": page(f"<p>{fill('a : ')}</p>", before=False),
        "quotes": page(f"<p>{fill('“')}</p>", before=False),
    }


def _attributes() -> dict[str, bytes]:
    many = "".join(f'a{n}="{n}" ' for n in range(8_000))
    return {
        "attributes": page(f"<p {many}>x</p>"),
        "attributes without end": page(f"<p {many}"),
        "quotes without end": page(fill('<a href="')),
        "a class without end": page(f'<div class="{fill("post ad share byline ")}">x</div>'),
        "classes without end": page(
            "".join(f'<div class="{"-".join("abcdefghij" * 20)}{n}">x</div>' for n in range(240))
        ),
        "a style": page(f'<div style="{fill("display :none;")}">x</div>'),
        "styles of length": page(fill(f'<p style="{"color:red;" * 40}">x</p>')),
        "an address": page(f'<a href="http://a.example/{"../" * (SIZE // 3)}">x</a>'),
        "an address of signs": page(f'<a href="http://{"%25" * (SIZE // 3)}">x</a>'),
        "dots before an address": page(f'<a href="http://{"a." * (SIZE // 2)}example/">x</a>'),
        "unlike links": page("".join(f'<a href="http://a{n}.example/?utm_source={n}">Ferry</a>' for n in range(2_000))),
        "images in base64": page(fill(f'<img src="data:image/png;base64,{"QUJD" * 300}">')),
        "one image in base64": page(f'<img src="data:image/png;base64,{"QUJD" * (SIZE // 4)}">'),
        "sources of an image": page(f'<img srcset="{fill("/a.jpg 1x, ")}">'),
        "alternative texts": page(fill(f'<img src="/a.jpg" alt="{TEXT * 5}">')),
        "tags of many names": page("".join(f"<t{n}>" for n in range(12_000))),
        "event handlers": page(fill("<p onclick=\"a('<p>')\">x</p>")),
        "slashes": page(f"<p {fill('/ ')}>x</p>"),
        "equals": page(f"<p {fill('= ')}>x</p>"),
    }


def _documents() -> dict[str, bytes]:
    return {
        "no markup": fill(TEXT).encode(),
        "no markup, a line a word": fill("ferry\n\n").encode(),
        "no markup, less-than and letters": fill("<a").encode(),
        "no markup but a tag at the end": (fill("< br ") + "<p>").encode(),
        "doctypes": fill("<!DOCTYPE html>").encode() + page(""),
        "bodies": fill("<html><body>").encode() + page(""),
        "headless": fill("<head></head>").encode() + page(""),
        "plain text in an element": page(fill("</plaintext><plaintext>")),
        "xmp": page(f"<xmp>{fill('<p>')}"),
        "a script without end": page(f"<script>{fill('<p>')}"),
        "a title without end": b"<html><title>" + fill("<p>x").encode(),
        "a textarea without end": page(f"<textarea>{fill('<p>x')}"),
        "framesets": fill("<frameset><frame src=a>").encode(),
        "selects": page(fill("<select><option>x")),
        "a declaration of each charset": "".join(
            f'<meta charset="{name}">' for name in ("utf-7", "koi8-r", "x", "shift_jis", "utf-16") * 800
        ).encode()
        + page("ä"),
        "mixed charsets": page("ä ").replace("ä".encode(), "ä".encode() * 10 + "ä".encode("latin-1") * 40_000),
        "UTF-16 called UTF-8": b'<meta charset="utf-8">'
        + page(fill(f"<p>{TEXT}", size=SIZE // 2)).decode().encode("utf-16"),
        "every byte": b"<html><p>" + bytes(range(1, 256)) * (SIZE // 255),
        "zeros": b"<html><p>" + b"\0" * SIZE + page(""),
        "surrogates": page("").replace(b"Ferry", b"\xed\xa0\x80" * (SIZE // 15)),
        "a page in a page": page(fill(page("").decode())),
        "a feed": b"<rss><channel>" + fill("<item><title>Ferry</title><link>/a</link></item>").encode(),
    }
