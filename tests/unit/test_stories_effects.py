"""What updates move, and what heads bear: what a new kind, aspect or field would leave out is found here."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Any, ClassVar, get_type_hints

import pytest

from stayahead.model import CHANGES, Change, Joined, Ruled, ScoreParts, Split, StoryHead, Update
from stayahead.stories.aspects import Aspect, Aspects, Origins, check_apart
from stayahead.stories.effects import Effects, effects, without_words

AT = datetime(2026, 11, 27, tzinfo=UTC)
HEAD = StoryHead(id="s", headline="Tower falls", lead_id="a", opened_at=AT, parts=ScoreParts(first_at=AT, latest_at=AT))
NAMING = {"article_id", "article_ids", "other_id"}
MARK = "an-article"
MOVES_NOTHING = {Ruled}
"""They name articles, and another update says what becomes of them."""


def change_of(kind: type[Any]) -> Any:
    """A change of that kind whose articles are `MARK`."""
    values: dict[Any, Any] = {str: "x", int: 1, bool: True, float: 1.0, StoryHead: replace(HEAD, id="new")}
    hints = get_type_hints(kind)
    names = [each.name for each in fields(kind)]
    filled = {name: values.get(hints[name], ()) for name in names}
    return kind(**filled | {name: (MARK,) if name == "article_ids" else MARK for name in NAMING.intersection(names)})


def forgotten(kinds: Iterable[type[Any]]) -> list[str]:
    """What to do about the kinds that name an article which `effects` does not move."""
    found = []
    for kind in kinds:
        if NAMING.isdisjoint(each.name for each in fields(kind)) or kind in MOVES_NOTHING:
            continue
        moved = effects(Update(number=1, at=AT, story=HEAD, change=change_of(kind)))
        if MARK not in repr((moved.placed, moved.moved, moved.aliased)):
            remedy = "give it a case in stories/effects.py, or the store keeps nothing of it"
            found.append(f"{kind.__name__} names an article: {remedy}")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """A kind that somebody adds."""

    article_id: str


def test_every_kind_of_update_that_names_an_article_moves_it() -> None:
    assert forgotten(CHANGES.values()) == []


def test_a_new_kind_that_names_an_article_is_not_forgotten() -> None:
    (said,) = forgotten([*CHANGES.values(), Confirmed])
    assert said.startswith("Confirmed names an article: give it a case in stories/effects.py")


@pytest.mark.parametrize("kind", sorted(MOVES_NOTHING, key=str))
def test_what_names_articles_and_moves_nothing_shows_on_the_head_alone(kind: type[Change]) -> None:
    assert kind in CHANGES.values()
    update = Update(number=1, at=AT, story=HEAD, change=change_of(kind))
    assert effects(update) == Effects(heads=(HEAD,))


def test_every_text_of_a_head_is_words_of_its_lead_or_none() -> None:
    hints = get_type_hints(StoryHead)
    listed = (*StoryHead.WORDS, *StoryHead.NOT_WORDS)
    texts = {each.name for each in fields(StoryHead) if re.search("str|Literal", str(hints[each.name]))}
    assert set(listed) == texts, "list each text of StoryHead in WORDS, which a removal blanks, or in NOT_WORDS"
    assert len(listed) == len(set(listed))


def test_no_head_of_an_update_keeps_words_of_a_lead_that_was_removed() -> None:
    change = Split(new_head=replace(HEAD, id="new"), article_ids=("a",))
    told = without_words(Update(number=1, at=AT, story=HEAD, change=change), {"a"})
    assert isinstance(told.change, Split)
    for head in (told.story, told.change.new_head):
        assert [getattr(head, name) for name in StoryHead.WORDS] == [""] * len(StoryHead.WORDS)
        assert replace(head, headline=HEAD.headline, id="s") == HEAD
    update = Update(number=1, at=AT, story=HEAD, change=Joined(article_id="b"))
    assert without_words(update, {"b"}) == update


class Places(Aspect):
    """An aspect that somebody adds, with a field that another has."""

    FILLS: ClassVar[tuple[str, ...]] = ("parts",)


def test_two_aspects_never_fill_one_field_of_the_head() -> None:
    check_apart([Origins(), Aspect()])
    with pytest.raises(TypeError, match="Origins and Places both fill `parts` of the head: give one"):
        check_apart([Origins(), Places()])


def test_an_aspect_fills_what_it_says_it_fills() -> None:
    known = {each.name for each in fields(StoryHead)}
    for name in Aspects.__struct_fields__:
        aspect = getattr(Aspects(origins=Origins(first_at=AT, latest_at=AT)), name)
        assert set(aspect.head_fields()) == set(aspect.FILLS) <= known, name
