"""Reads a sample's page with our extractor and with other libraries, and gives all results one form.

The other libraries get the decoded page, their own defaults unless the name says otherwise, and no network.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from eval.samples import Outcome, Sample
from stayahead.charset import decode
from stayahead.errors import ExtractError
from stayahead.extract import read_page
from stayahead.model import Page

Reader = Callable[[Sample], Outcome]

_BREAKING = (
    *(
        "address",
        "article",
        "blockquote",
        "br",
        "dd",
        "div",
        "dl",
        "dt",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
    ),
    *("h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "ol", "p", "pre", "section", "table", "td", "th"),
    *("tr", "ul"),
)


def ours(sample: Sample) -> Outcome:
    """Our own cascade."""
    try:
        page: Page = read_page(sample.body, url=sample.url)
    except ExtractError:
        return Outcome()
    return Outcome(
        text=page.text, title=page.title, authors=page.authors, published=page.published, comments=page.comments
    )


def trafilatura(sample: Sample) -> Outcome:
    """Trafilatura with its defaults and metadata."""
    return _trafilatura(sample, with_metadata=True)


def trafilatura_with_comments(sample: Sample) -> Outcome:
    """Trafilatura with the comments behind the text, for forums."""
    outcome = _trafilatura(sample)
    return Outcome(text="\n".join((outcome.text, *outcome.comments)))


def trafilatura_without_comments(sample: Sample) -> Outcome:
    """Trafilatura told that there are no comments."""
    return _trafilatura(sample, include_comments=False)


def trafilatura_precision(sample: Sample) -> Outcome:
    """Trafilatura told to leave out what is doubtful."""
    return _trafilatura(sample, favor_precision=True)


def trafilatura_recall(sample: Sample) -> Outcome:
    """Trafilatura told to keep what is doubtful."""
    return _trafilatura(sample, favor_recall=True)


def trafilatura_fast(sample: Sample) -> Outcome:
    """Trafilatura without its own second opinions."""
    return _trafilatura(sample, fast=True)


def readability(sample: Sample) -> Outcome:
    """readability-lxml: the text of its summary and its shortened title; it knows no dates."""
    from readability import Document

    document = Document(decode(sample.body), url=sample.url or None)
    author = document.author()
    text = _text(document.summary(html_partial=True))
    return Outcome(text=text, title=document.short_title() or "", authors=(author,) if author else ())


def newspaper(sample: Sample) -> Outcome:
    """newspaper4k, with its fetches off."""
    import newspaper as newspaper4k
    import tldextract.tldextract

    tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None)
    article = newspaper4k.Article(sample.url, fetch_images=False)
    article.download(input_html=decode(sample.body))
    article.parse()
    published = article.publish_date if isinstance(article.publish_date, datetime) else None
    return Outcome(
        text=article.text or "", title=article.title or "", authors=tuple(article.authors), published=published
    )


READERS: dict[str, Reader] = {
    "ours": ours,
    "trafilatura": trafilatura,
    "t. precision": trafilatura_precision,
    "t. recall": trafilatura_recall,
    "t. fast": trafilatura_fast,
    "t. + comments": trafilatura_with_comments,
    "t. - comments": trafilatura_without_comments,
    "readability": readability,
    "newspaper4k": newspaper,
}
"""The readers by the name over their column."""
FACTS: dict[str, tuple[str, ...]] = {
    "ours": ("title", "author", "date"),
    "trafilatura": ("title", "author", "date"),
    "readability": ("title", "author"),
    "newspaper4k": ("title", "author", "date"),
}
"""The facts, beside the text, that each reader is scored on."""
FORUMS_ONLY = frozenset(("t. + comments", "t. - comments"))


def _trafilatura(sample: Sample, **options: Any) -> Outcome:
    import trafilatura as library

    said: Any = library.bare_extraction(decode(sample.body), url=sample.url, **options)
    if said is None:
        return Outcome()
    published = datetime.fromisoformat(said.date) if said.date else None
    authors = tuple(said.author.split("; ")) if said.author else ()
    comments = (said.comments,) if said.comments else ()
    return Outcome(
        text=said.text or "", title=said.title or "", authors=authors, published=published, comments=comments
    )


def _text(html: str) -> str:
    """The text of a piece of html, a line a block."""
    from lxml.html import fragment_fromstring

    root = fragment_fromstring(html, create_parent="div")
    for element in root.iter(*_BREAKING):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    return str(root.text_content())
