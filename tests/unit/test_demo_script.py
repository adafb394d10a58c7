"""The script of the demo press: its size, its gold labels, and what its format refuses."""

from __future__ import annotations

from collections import Counter

import pytest

from stayahead.demo import Script, ScriptError, read_script
from stayahead.demo.script import parse_script
from stayahead.model import BlockKind

OUTLETS = """
[[outlet]]
slug = "herald"
name = "The Herald"
owner = ""
country = "XO"
language = "en"
kind = "newspaper"
tagline = ""
sections = ["News"]
feed = "rss2"
feed_path = "/feed"
feed_has_text = false
article_path = "/{slug}"
charset = "utf-8"
link_spam = ""
"""
FIRST = """
title = "A story"
[[article]]
outlet = "herald"
slug = "first"
section = "News"
author = "A. Writer"
at = 1
title = "First"
summary = "It happened."
body = '''
## What happened

One [link](/x) in
two lines.

> Said.

- Item.
'''
"""


def story(more: str = "") -> Script:
    return parse_script(OUTLETS, {"one.toml": FIRST + more})


def copy_with(body: str, *, copy_of: str = "herald/first", at: int = 2) -> str:
    return f"""
[[article]]
outlet = "herald"
slug = "second"
section = "News"
author = "Agency"
at = {at}
copy_of = "{copy_of}"
title = "Second"
summary = "It happened."
body = "{body}"
"""


@pytest.fixture(scope="module")
def script() -> Script:
    return read_script()


def test_the_script_has_its_first_size(script: Script) -> None:
    assert len(script.outlets) == 6
    assert len(script.stories) == 8
    assert len(script.pieces) == 49
    assert Counter(piece.story for piece in script.pieces).keys() == script.stories.keys()
    assert Counter(piece.outlet for piece in script.pieces).keys() == script.outlets.keys()


def test_every_form_of_feed_is_there(script: Script) -> None:
    assert {outlet.feed for outlet in script.outlets.values()} == {"rss2", "rss1", "atom", "json"}
    assert {outlet.charset for outlet in script.outlets.values()} == {"utf-8", "windows-1252"}


def test_a_copy_copies_an_earlier_piece_of_its_story_by_another_outlet(script: Script) -> None:
    pieces = {piece.key: piece for piece in script.pieces}
    copies = [piece for piece in script.pieces if piece.copy_of]
    assert len(copies) == 9
    for copy in copies:
        original = pieces[copy.copy_of]
        assert not original.copy_of
        assert original.story == copy.story
        assert original.outlet != copy.outlet
        assert original.at < copy.at
        shared = set(copy.versions[0].lines) & {line for version in original.versions for line in version.lines}
        assert len(shared) * 2 > len(copy.versions[0].lines)


def test_originals_share_no_paragraph(script: Script) -> None:
    counts = Counter(line for piece in script.pieces if not piece.copy_of for line in set(piece.versions[-1].lines))
    assert max(counts.values()) == 1


def test_articles_are_as_long_as_news_is(script: Script) -> None:
    for piece in script.pieces:
        words = len(piece.versions[0].text.split())
        assert 110 <= words <= 350, piece.key
        assert len(piece.versions[0].title) <= 120
        assert len(piece.versions[0].summary) <= 200


def test_the_afternoon_has_its_turns(script: Script) -> None:
    pieces = {piece.key: piece for piece in script.pieces}
    assert len(pieces["northwire/calverra-earthquake-toll-rises-to-41"].versions) == 2
    corrected = pieces["courier/rent-act-passes-narrowly"].versions[-1]
    assert corrected.note.startswith("Correction")
    assert "98 votes to 83 the Assembly" not in corrected.text
    withdrawn = pieces["northwire/alert-dam-above-brackwater-breached"].versions[-1]
    assert withdrawn.title.startswith("WITHDRAWN")
    assert pieces["courier/dam-above-brackwater-breached"].gone_at is not None
    assert any(piece.comments for piece in script.pieces)
    assert any(0 < piece.at <= 30 for piece in script.pieces)
    assert any(piece.at < 0 for piece in script.pieces)


def test_a_body_becomes_typed_blocks_with_links() -> None:
    lines = story().pieces[0].versions[0].lines
    assert [line.kind for line in lines] == [
        BlockKind.HEADING,
        BlockKind.PARAGRAPH,
        BlockKind.QUOTATION,
        BlockKind.LIST_ITEM,
    ]
    assert lines[1].plain == "One link in two lines."
    assert lines[1].runs == (("One ", ""), ("link", "/x"), (" in two lines.", ""))


@pytest.mark.parametrize(
    ("body", "expected"), [("{copy}", [0, 1, 2, 3]), ("{copy 2}", [1]), ("{copy 2-3}", [1, 2]), ("{copy 3-}", [2, 3])]
)
def test_a_copy_names_the_blocks_that_it_takes(body: str, expected: list[int]) -> None:
    first, second = story(copy_with(body)).pieces
    assert second.versions[0].lines == tuple(first.versions[0].lines[index] for index in expected)


def test_a_revision_keeps_what_it_does_not_change() -> None:
    more = '[[article.revision]]\nat = 9\nnote = "Correction: two."\nbody = """New.\n\n{before 2-}"""\n'
    before, after = story(more).pieces[0].versions
    assert after.title == before.title
    assert after.summary == before.summary
    assert after.lines[1:] == before.lines[1:]
    assert after.text.startswith("Correction: two.\n\nNew.\n\n")


def test_a_piece_stands_from_its_minute_until_it_is_gone() -> None:
    piece = parse_script(OUTLETS, {"one.toml": FIRST.replace("at = 1", "at = 1\ngone_at = 5")}).pieces[0]
    assert piece.version(0.99) is None
    assert piece.version(1) == piece.version(4.99) == piece.versions[0]
    assert piece.version(5) is None


@pytest.mark.parametrize(
    ("more", "complaint"),
    [
        ("[[article]]\n", "has no 'at'"),
        (copy_with("{copy 9}"), "past the 4 blocks"),
        (copy_with("{copy x}"), "stands for nothing"),
        (copy_with("{before}"), "stands for nothing"),
        (copy_with("{copy}", copy_of="herald/none"), "copies herald/none"),
        (copy_with("{copy}", at=0), "not published before it"),
        (copy_with("{copy}").replace('"second"', '"first"'), "second piece of that name"),
        (copy_with("{copy}").replace('outlet = "herald"', 'outlet = "nobody"'), "unknown outlet"),
        ("[[article.revision]]\nat = 1\n", "order of time"),
        ('[[article.comment]]\nwho = "x"\n', "unexpected keyword"),
        ("= nothing", "one.toml"),
    ],
)
def test_a_script_that_does_not_hold_together_is_refused(more: str, complaint: str) -> None:
    with pytest.raises(ScriptError, match=complaint):
        story(more)
