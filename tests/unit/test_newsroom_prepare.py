"""What `newsroom.prepare` makes of a page, and that it comes whole through the pipe between processes."""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from stayahead.analyze import Encoder, analyze
from stayahead.model import Block, BlockKind, Entry, Fetched, Media, Page
from stayahead.newsroom.prepare import Draft, draft_entry, draft_of, draft_page
from stayahead.newsroom.toolbox import noted

AT = datetime(2031, 5, 14, 9, tzinfo=UTC)
HTML = """<html lang="en"><head><title>Dam repair put off</title>
<meta property="article:published_time" content="2031-05-14T08:00:00+02:00"></head><body><article><h1>Dam repair put
off</h1><p>The council met on <a href="/tuesday">Tuesday</a> and put the vote on the spillway off until June, when the
engineers will have finished their survey of the northern wall.</p><p>Nobody spoke against it; the mayor said that the
money would be found in any case, and that the people below the dam were safe.</p></article></body></html>"""


def _draft() -> Draft:
    url = "https://post.example/dam"
    fetched = Fetched(request_url=url, url=url, status=200, at=AT, body=HTML.encode(), media_type="text/html")
    return draft_page(fetched, Entry(id="1", url=url, title="Dam repair put off"))


def test_a_draft_comes_whole_through_the_pipe() -> None:
    draft = _draft()
    assert draft.page.published is not None
    assert draft.signals.terms
    assert pickle.loads(pickle.dumps(draft, pickle.HIGHEST_PROTOCOL)) == draft


def test_a_vector_comes_whole_through_the_pipe() -> None:
    draft = _draft()
    vector = bytes(range(256))
    told = replace(draft, signals=replace(draft.signals, vector=vector, vector_model="0011aabb"))
    assert pickle.loads(pickle.dumps(told, pickle.HIGHEST_PROTOCOL)) == told


@pytest.mark.parametrize("text", ["a lone \ud800 surrogate", "a lone \udfff at the end \udfff", ""])
def test_no_text_is_too_odd_for_the_pipe(text: str) -> None:
    draft = _draft()
    odd = replace(draft, page=replace(draft.page, title=text, blocks=(Block(kind=BlockKind.PARAGRAPH, text=text),)))
    assert pickle.loads(pickle.dumps(odd, pickle.HIGHEST_PROTOCOL)) == odd


def test_a_page_with_less_text_than_the_feed_gives_way_to_it() -> None:
    said = "".join(
        f"<p>Paragraph {n} of what the feed itself said about the council and its dam.</p>" for n in range(20)
    )
    url = "https://post.example/dam"
    fetched = Fetched(request_url=url, url=url, status=200, at=AT, body=HTML.encode(), media_type="text/html")
    entry = Entry(id="1", url=url, title="Dam repair put off", html=said)
    assert draft_page(fetched, entry).page.blocks == draft_entry(entry).page.blocks


def test_what_a_page_takes_back_its_feed_does_not_tell_any_more() -> None:
    url = "https://post.example/dam"
    html = "<title>Dam repair put off</title><main><article><p>This article has been withdrawn.</p></article></main>"
    fetched = Fetched(request_url=url, url=url, status=200, at=AT, body=html.encode(), media_type="text/html")
    entry = Entry(
        id="1", url=url, title="Dam repair put off", html=f"<p>{'The dam was to be mended in May. ' * 20}</p>"
    )
    draft = draft_page(fetched, entry)
    assert (draft.page.text, draft.is_from_page) == ("This article has been withdrawn.", True)


def test_a_page_without_a_picture_has_that_of_the_feed() -> None:
    url = "https://post.example/dam"
    fetched = Fetched(request_url=url, url=url, status=200, at=AT, body=HTML.encode(), media_type="text/html")
    entry = Entry(id="1", url=url, title="Dam", media=(Media(url="https://post.example/dam.jpg", media_type="image"),))
    assert draft_page(fetched, entry).page.image == "https://post.example/dam.jpg"
    own = HTML.replace("<title>", '<meta property="og:image" content="https://post.example/own.jpg"><title>')
    assert draft_page(replace(fetched, body=own.encode()), entry).page.image == "https://post.example/own.jpg"


def _failing(_numbers: Sequence[int]) -> bytes:
    raise OverflowError("too large")


def _cut(text: str, *, limit: int) -> list[int]:
    return [len(word) for word in text.split()][:limit]


FAILING = Encoder("0011aabb", cut=_cut, vector=_failing, tokens=4)
PAGE = Page(
    title="Dam repair put off", language="en", blocks=(Block(kind=BlockKind.PARAGRAPH, text="12 people died."),)
)
ENTRY = Entry(id="1", url="https://post.example/dam", title="Dam repair put off")


def test_a_part_of_the_analysis_that_fails_costs_its_own_result_only(caplog: pytest.LogCaptureFixture) -> None:
    draft = draft_of(PAGE, ENTRY, encoder=FAILING)
    whole = draft_of(PAGE, ENTRY)
    assert draft.signals == whole.signals
    assert (draft.card, draft.statements) == (whole.card, whole.statements)
    assert draft.statements.text
    (failure,) = draft.failures
    assert failure.startswith("vector: OverflowError: too large (test_newsroom_prepare.py:")
    assert pickle.loads(pickle.dumps(draft, pickle.HIGHEST_PROTOCOL)) == draft
    assert noted(draft, url=ENTRY.url) is draft
    assert [record.msg for record in caplog.records] == ["analysis_failed"]
    assert whole.failures == ()


def test_who_asks_for_the_signals_alone_hears_of_the_failure() -> None:
    with pytest.raises(OverflowError):
        analyze(PAGE, ENTRY, encoder=FAILING)


def test_numbers_in_a_row_cost_no_article() -> None:
    row = " ".join(["123"] * 104)
    draft = draft_entry(replace(ENTRY, html=f"<p>Votes: {row}</p>"))
    assert draft.failures == ()
    assert "123" in draft.page.text
