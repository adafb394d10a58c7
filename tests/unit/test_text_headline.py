"""What agencies put before a headline is a fact about the article, and no words of it."""

from __future__ import annotations

import json

import pytest

from stayahead import parse_feed, read_page
from stayahead.extract.entry import read_entry
from stayahead.text import parted_headline, tokens

PREFIXED = [
    ("UPDATE 2-Oil rises as storm nears", "UPDATE 2", "Oil rises as storm nears"),
    ("UPDATE 11-EU ministers agree", "UPDATE 11", "EU ministers agree"),
    ("UPDATE 1 - Oil rises", "UPDATE 1", "Oil rises"),
    ("WRAPUP 1-Markets fall", "WRAPUP 1", "Markets fall"),
    ("RPT-Bank raises rates", "RPT", "Bank raises rates"),
    ("RPT-UPDATE 3-Bank raises rates", "RPT-UPDATE 3", "Bank raises rates"),
    ("REFILE-CORRECTED-UPDATE 1-Bank raises rates", "REFILE-CORRECTED-UPDATE 1", "Bank raises rates"),
    ("BRIEF-Acme names new chief", "BRIEF", "Acme names new chief"),
    ("LEAD: Zug entgleist", "LEAD", "Zug entgleist"),
    ("LEAD 2: Zug entgleist", "LEAD 2", "Zug entgleist"),
    ("2ND LEAD: Train derails", "2ND LEAD", "Train derails"),
    ("(LEAD) Ministers meet", "LEAD", "Ministers meet"),
    ("(2nd LD) Ministers meet", "2nd LD", "Ministers meet"),
    ("ROUNDUP 2: Bahn streikt", "ROUNDUP 2", "Bahn streikt"),
    ("FACTBOX-What is known so far", "FACTBOX", "What is known so far"),
    ("UPDATE 3-OIL RISES", "UPDATE 3", "OIL RISES"),
    ("UPDATE 2-油价上涨", "UPDATE 2", "油价上涨"),
]
PLAIN = [
    "",
    "UPDATE 2-",
    "RPT",
    "BRIEF-CASE STOLEN FROM TRAIN",
    "LEAD POISONING FOUND IN TOWN",
    "UPDATE your phone now, makers say",
    "Update: road closed",
    "Lead: how a metal harms",
    "Brief-writers meet in Oslo",
    "Leading firms agree",
    "Covid-19 returns",
]


@pytest.mark.parametrize(("headline", "wire", "words"), PREFIXED)
def test_a_wire_prefix_is_parted_from_the_headline(headline: str, wire: str, words: str) -> None:
    assert parted_headline(headline) == (wire, words)
    assert parted_headline(words) == ("", words)


@pytest.mark.parametrize("headline", PLAIN)
def test_other_headlines_stay_as_they_are(headline: str) -> None:
    assert parted_headline(headline) == ("", headline)


@pytest.mark.parametrize(("headline", "wire", "words"), PREFIXED)
def test_every_reader_parts_them(headline: str, wire: str, words: str) -> None:
    rss = f"<rss version='2.0'><channel><item><title>{headline}</title><link>https://a.example/1</link></item></channel></rss>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>{headline}</title><id>urn:1</id></entry></feed>"
    listed = json.dumps({"version": "https://jsonfeed.org/version/1.1", "items": [{"id": "1", "title": headline}]})
    news = (
        "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/"
        f"sitemap-news/0.9'><url><loc>https://a.example/1</loc><news:news><news:title>{headline}</news:title>"
        "<news:publication_date>2026-03-01</news:publication_date></news:news></url></urlset>"
    )
    for document in (rss, atom, listed, news):
        entry = parse_feed(document.encode(), url="https://a.example/feed").entries[0]
        assert (entry.wire, entry.title) == (wire, words)
        page = read_entry(entry)
        assert (page.wire, page.title) == (wire, words)
    text = "<p>The council of Port Ellery put its long delayed ferry line to a public vote, its mayor said.</p>" * 3
    page = read_page(f"<html><title>{headline}</title><h1>{headline}</h1><article>{text}</article></html>")
    assert (page.wire, page.title) == (wire, words)
    assert wire.split(maxsplit=1)[0].lower() not in tokens(f"{page.title} {page.text}")
