"""Makes documents of about 100 kB that were written to hurt whoever reads them as feeds."""

from __future__ import annotations

SIZE = 100_000
"""Rough size of each document."""


def _fill(piece: str, *, size: int = SIZE) -> str:
    return piece * (size // len(piece))


def _rss(inside: str, *, before: str = "") -> bytes:
    return f'{before}<rss version="2.0"><channel><title>t</title>{inside}</channel></rss>'.encode()


def _item(inside: str) -> bytes:
    return _rss(f"<item><title>x</title>{inside}</item>")


def hostile() -> dict[str, bytes]:
    """All hostile documents, by what is wrong with them."""
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    deep_base = "".join(f'<d xml:base="{"a" * 300}/">' for _ in range(240))
    return {
        "billion laughs": _item("<description>&l11;</description>").replace(
            b"<rss", f'<!DOCTYPE rss [<!ENTITY l0 "ha">{laughs}]><rss'.encode(), 1
        ),
        "entities of 100 characters": _rss(
            f"<item><title>{_fill('&a;')}</title></item>", before=f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100}">]>'
        ),
        "external entity": _rss(
            _fill("<item><title>&x;</title></item>"), before='<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        ),
        "100,000 nested tags": (_item("") + b"<a>" * 100_000),
        "nested tags in an entry": _item(_fill("<b>")),
        "nested entries": _rss(_fill("<item>")),
        "nested html with end tags": _item(f"<description>{'<b>' * 14_000}x{'</b>' * 14_000}</description>"),
        "CDATA without end": _item(_fill("<![CDATA[ ")),
        "comments without end": _item(_fill("<!-- ")),
        "instructions without end": _item(_fill("<?x ")),
        "bare ampersands": _item(f"<title>{_fill('& ')}</title>"),
        "references of no character": _item(f"<title>{_fill('&#xFFFFFF;&#0;&nosuch;')}</title>"),
        "bare less-than": _item(f"<title>{_fill('<')}</title>"),
        "less-than and letters": _item(_fill("<a")),
        "end tags without start": _item(_fill("</b>")),
        "start tags of many names": _item("".join(f"<t{n}>" for n in range(14_000))),
        "crossed tags": _item(_fill("<a><b></a></b>")),
        "one end for many starts": _item(f"<q>{_fill('<b>', size=SIZE // 2)}</q>{_fill('</b>', size=SIZE // 2)}"),
        "attributes without end": _item("<enclosure " + "".join(f'a{n}="{n}" ' for n in range(8_000))),
        "quotes without end": _item(_fill('<link href="')),
        "namespaces without end": _rss("".join(f'<n{n}:a xmlns:n{n}="u:{n}"/>' for n in range(4_000))),
        "undeclared prefixes": _item("".join(f"<p{n}:title>x</p{n}:title>" for n in range(4_000))),
        "nested bases": f"<rss><channel>{deep_base}{_fill('<item><link>a</link></item>', size=30_000)}".encode(),
        "document type without end": b"<!DOCTYPE rss [" + _fill("] ").encode(),
        "document types without end": _fill("<!DOCTYPE [").encode(),
        "addresses without end": b"<urlset>" + _fill("<url><loc>/1 ").encode(),
        "sections in a sitemap": b"<urlset><url><loc>/1</loc>" + _fill("<![CDATA[ ").encode(),
        "blanks before a page": b"<!-- -->" + _fill(" \n").encode() + b"<html>",
        "comments before a page": _fill("<!-- x -->").encode() + b"<html>",
        "dates of no language": _rss(
            "".join(f"<item><pubDate>{n} blurg {n} snark</pubDate></item>" for n in range(1_800))
        ),
        "entries without end": _rss("".join(f"<item><title>{n}</title></item>" for n in range(3_500))),
        "categories without end": _item(_fill("<category>a</category><author>b</author>")),
        "media without end": _item("".join(f'<enclosure url="http://a.example/{n}"/>' for n in range(2_500))),
        "media groups in groups": _rss(
            "<item>" + '<g:group xmlns:g="http://search.yahoo.com/mrss/">' * 200 + _fill("<a/>", size=60_000)
        ),
        "a title of tags": _item(f"<title>{_fill('&lt;b &lt;i ')}</title>"),
        "a title of comments": _item(f"<title>{_fill('&lt;!-- ')}</title>"),
        "base64 without sense": b'<feed><entry><content mode="base64">'
        + _fill("QUJD").encode()
        + b"</content></entry>",
        "links in a page": b"<html><head>" + _fill("<link application/rss+xml ").encode(),
        "entries that are none": b"<rss>" + _fill("<x><![CDATA[<item>]]></x>").encode(),
        "JSON nested without end": b'{"items":' + b"[" * SIZE,
        "JSON with a number without end": b'{"items":[{"id":' + b"9" * SIZE + b"}]}",
        "JSON of items that are none": b'{"items":[' + b"0," * (SIZE // 2) + b"0]}",
        "UTF-16 called UTF-8": b'<?xml version="1.0" encoding="utf-8"?>' + "<rss>".encode("utf-16-le") * 10_000,
        "zeros": b"<rss>" + b"\0" * SIZE,
        "every byte": bytes(range(256)) * (SIZE // 256),
        "every byte in an entry": _item(f"<title>{'X' * 8}</title>").replace(b"X", bytes(range(256)) * (SIZE // 2048)),
    }
