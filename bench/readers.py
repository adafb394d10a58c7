"""Gives our parser and extractor and those of other libraries one form, a function of bytes, to be timed alike."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from io import BytesIO

from eval import page_readers
from eval.samples import Sample
from stayahead.extract import read_page
from stayahead.parse import parse_feed

Read = Callable[[bytes], object]
URL = "https://bench.example/x"


def _feedparser(body: bytes) -> object:
    import feedparser

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return feedparser.parse(BytesIO(body))


def _fastfeedparser(body: bytes) -> object:
    import fastfeedparser

    return fastfeedparser.parse(body)


def _page(reader: page_readers.Reader, body: bytes) -> object:
    return reader(Sample(name="", kind="news", url=URL, body=body, text=""))


FEED_READERS: dict[str, Read] = {
    "stayahead": partial(parse_feed, url=URL),
    "feedparser": _feedparser,
    "fastfeedparser": _fastfeedparser,
}
PAGE_READERS: dict[str, Read] = {
    "stayahead": partial(read_page, url=URL),
    "trafilatura": partial(_page, page_readers.trafilatura),
    "readability": partial(_page, page_readers.readability),
    "newspaper4k": partial(_page, page_readers.newspaper),
}
