"""The press read by the whole pure pipeline: its feeds, its pages and its gold labels come out exactly so."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from eval.press import PORT, Reader, copies, paragraphs, stories
from stayahead import urls
from stayahead.demo import Piece, Press
from stayahead.extract import read_page
from stayahead.model import Entry, Page
from stayahead.parse import parse_feed
from tests.press_affairs import expected_stories

NOISE = (
    "kasino raya",
    "slot kasino",
    "Post Comment",
    "platform",  # the planted advertisements
    "Information moves fast",
    "Accept all",
    "We and our partners",
    "Subscribe",
    "More from the wire",
    "All rights reserved",
    "Most read",
    "every evening in your inbox",
    "garden furniture",
    "Listen live",
    "licence fee",
    "Broadcast on",
    "Pollen",
    "Best viewed",
    "investment advice",
    "Cookie settings",
    "buy us a coffee",
    "Leave a Reply",
    "Share this",
    "are invented",
    "Dorothea P.",
)


@pytest.fixture(scope="module")
def press() -> Press:
    return Press()


def standing(press: Press) -> list[Piece]:
    return [piece for piece in press.script.pieces if piece.gone_at is None]


def page_of(press: Press, piece: Piece, now: datetime) -> Page:
    url = press.url(piece, PORT)
    answer = press.answer(urls.host(url), url.split(f":{PORT}", 1)[1], {}, now)
    assert answer.status == 200
    return read_page(answer.body, url=url)


def test_every_feed_is_read_as_it_was_written(press: Press) -> None:
    entries: dict[str, Entry] = {}
    for feed in press.feeds(PORT):
        outlet = next(o for o in press.script.outlets.values() if o.host == urls.host(feed.url))
        answer = press.answer(outlet.host + f":{PORT}", outlet.feed_path, {}, press.end)
        parsed = parse_feed(answer.body, url=feed.url, media_type=answer.headers["Content-Type"].partition(";")[0])
        assert (parsed.title, parsed.language) == (outlet.name, outlet.language)
        entries |= {entry.url: entry for entry in parsed.entries}
    assert len(entries) == len(standing(press)) == 48
    for piece in standing(press):
        entry, last = entries[press.url(piece, PORT)], piece.versions[-1]
        assert (entry.title, entry.author) == (last.title, piece.author)
        assert entry.published == press.start + timedelta(minutes=piece.at)
        assert entry.html_is_content is press.script.outlets[piece.outlet].feed_has_text
        assert piece.section in entry.categories


def test_every_page_is_read_without_what_stands_around_its_text(press: Press) -> None:
    for piece in standing(press):
        page = page_of(press, piece, press.end)
        assert page.title == piece.versions[-1].title
        for noise in NOISE:
            assert noise not in page.text or noise in piece.versions[-1].text, (piece.key, noise)


def test_of_every_page_all_paragraphs_are_kept_and_no_other(press: Press) -> None:
    summaries = {version.summary for piece in press.script.pieces for version in piece.versions}
    for piece in standing(press):
        kept = page_of(press, piece, press.end).text.split("\n\n")
        # Some outlets print the summary above the text.
        assert [paragraph for paragraph in kept if paragraph not in summaries] == piece.versions[-1].text.split("\n\n")


def test_comments_are_returned_apart(press: Press) -> None:
    commented = [piece for piece in standing(press) if piece.comments]
    assert len(commented) == 6
    for piece in commented:
        comments = " ".join(page_of(press, piece, press.end).comments)
        assert [comment.text for comment in piece.comments if comment.text not in comments] == [], piece.key


@pytest.fixture(scope="module")
def afternoon(press: Press) -> Reader:
    reader = Reader(press)
    reader.play()
    return reader


def test_every_affair_is_one_story_but_for_the_known_tear(press: Press, afternoon: Reader) -> None:
    keys = {press.url(piece, PORT): piece.key for piece in press.script.pieces}
    assert {state.article.entry.url for state in afternoon.articles.values()} == set(keys)
    members: dict[str, set[str]] = {}
    for article_id, state in afternoon.articles.items():
        story = afternoon.engine.resolve(state.story_id or afternoon.engine.story_of(article_id) or "")
        members.setdefault(story, set()).add(keys[state.article.entry.url])
    assert {frozenset(each) for each in members.values()} == expected_stories(press)


def test_the_afternoon_is_scored_as_it_came_out(press: Press, afternoon: Reader) -> None:
    gold = press.gold(PORT)
    assert paragraphs(afternoon, gold) == ({"paragraph_recall": 1.0, "paragraph_precision": 1.0}, [])
    assert copies(afternoon, gold) == ({"copy_precision": 1.0, "copy_recall": 1.0}, [])
    scores, wrong = stories(afternoon, gold)
    # Of 49 articles 43 have their whole affair beside them, 5 of the dam 5 of 6, and what led to it 1 of 6.
    recall = 100 * (43 + 5 * 5 / 6 + 1 / 6) / 49
    assert scores == {
        "bcubed_precision": 100.0,
        "bcubed_recall": pytest.approx(recall),
        "bcubed_f1": pytest.approx(2 * 100 * recall / (100 + recall)),
        "stories": 9.0,
    }
    assert [line.partition(":")[0] for line in wrong] == ["dam"]
