"""The owner's word in the store: what was ruled is found again, and what was removed is known and has no words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stayahead.analyze import card_of
from stayahead.errors import StoreError
from stayahead.model import (
    Arrival,
    Batch,
    EntryState,
    Evidence,
    Findings,
    GoneArticle,
    GoneStory,
    LoggedInput,
    Merged,
    Opened,
    PageState,
    Removal,
    Removed,
    Restoration,
    Ruled,
    Ruling,
    Signals,
    Split,
    UrlAlias,
    Visibility,
)
from tests.contract.store_parts import T0, Teller, article, head, minutes, record
from tests.stores import Store


def test_rulings_of_a_story_and_of_what_it_took_in_newest_first(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b", "c"):
        teller.open(id_)
    teller.commit([teller.update("b", Ruled(verb="hide"), hidden=True)])
    teller.commit([teller.update("c", Ruled(verb="pin"), pinned=True)])
    teller.commit([teller.update("a", Ruled(verb="join", other_id="b")), teller.update("a", Merged(other_id="b"))])
    teller.commit([teller.update("a", Ruled(verb="pin"), pinned=True)])
    told = store.rulings("a", limit=9)
    assert [(update.number, update.story.id) for update in told] == [(8, "a"), (6, "a"), (4, "b")]
    assert told[1].change == Ruled(verb="join", other_id="b")
    assert [update.number for update in store.rulings("a", limit=2)] == [8, 6]
    assert [update.number for update in store.rulings("c", limit=9)] == [5]
    assert store.rulings("nosuch", limit=9) == []


def test_how_a_story_was_shown_is_known_after_it_merged(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b"):
        teller.open(id_)
    teller.commit([teller.update("b", Ruled(verb="hide"), hidden=True)])
    teller.commit([teller.update("b", Ruled(verb="pin"), hidden=True, pinned=True)])
    teller.commit([teller.update("a", Merged(other_id="b"))])
    assert store.visibility_of("b") == Visibility(pinned=True, hidden=True)
    assert store.visibility_of("a") == Visibility()


def test_which_story_an_article_is_in(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b"):
        teller.open(id_)
    teller.commit([teller.update("a", Merged(other_id="b"))])
    assert store.story_of("b") == "a"
    teller.commit([teller.update("a", Removed(article_id="b", reason="legal"))])
    assert store.story_of("b") is None
    assert store.story_of("nosuch") is None


def _removed(store: Store) -> Teller:
    """An article with two revisions, an alias and a page state, once the lead of two stories, is removed."""
    teller = Teller(store)
    teller.open("a", article("a", "Secret title", "A secret text."))
    teller.open("b")
    teller.revise("a", article("a", "Secret title again", "Another secret text.", revision=1))
    state = PageState(article_id="a", url="https://gazette.example/a", read_at=T0, next_at=T0 + minutes(15))
    aliases = (UrlAlias(url="https://gazette.example/amp/a", article_id="a"),)
    store.commit(Batch(findings=Findings(page_states=(state,), aliases=aliases)))
    teller.join("b", article("c"))
    secret = {"headline": "Secret title", "lead_id": "a"}
    teller.commit([teller.update("b", Ruled(verb="pin"), **secret)])
    new = replace(head("c"), headline="Secret title", lead_id="a")
    teller.commit([teller.update("b", Split(new_head=new, article_ids=("c",)), headline="B", lead_id="b")])
    teller.commit([teller.update("c", Ruled(verb="pin"), headline="C", lead_id="c")])
    ruling = Ruling(verb="pin", story_id="a", stored=replace(head("a"), headline="Secret title"))
    store.commit(Batch(inputs=(LoggedInput(number=teller.input + 1, at=T0, input=ruling),)))
    last = teller.update("a", Removed(article_id="a", reason="legal"), state="empty", headline="")
    removal = Removal(article_id="a", reason="legal", rest=last.story)
    line = LoggedInput(number=teller.input + 2, at=T0, input=removal)
    store.commit(Batch(updates=(last,), inputs=(line,)))
    return teller


def test_a_removed_article_is_gone_from_every_reading(store: Store) -> None:
    _removed(store)
    assert store.article("a") is None
    assert store.gone_article("a") == GoneArticle(id="a", reason="legal")
    assert store.gone_article("b") is None
    assert store.versions("a", limit=9) == []
    assert store.search("secret", limit=9).hits == ()
    assert store.story("a") == GoneStory(id="a", headline="")
    assert store.wanted(limit=9) == []
    told = store.updates(after=0, limit=99) or ()
    assert len(told) == 8
    readings = (told, list(store.export()), list(store.inputs(after=0, limit=99)), list(store.tail(after=7)))
    assert "secret" not in str(readings).lower()
    assert [update.story.headline for update in told if update.story.id == "b"] == ["Story b", "Story b", "", "B"]
    assert store.check() == []


def test_a_removed_article_is_known_and_takes_nothing_in(store: Store) -> None:
    teller = _removed(store)
    known = store.known_entries(["a", "b"])
    assert {id_: entry.is_removed for id_, entry in known.items()} == {"a": True, "b": False}
    # Whatever was on its way about its entry and its page changes nothing.
    state = PageState(article_id="a", url="https://gazette.example/a", read_at=T0, next_at=T0)
    late = replace(record("a", EntryState.PAGE_WANTED, digest="d9"), reason="secret")
    teller.commit(records=[late])
    store.commit(Batch(findings=Findings(page_states=(state,))))
    assert store.wanted(limit=9) == []
    assert store.known_entries(["a"])["a"].digest == "d0"
    assert store.check() == []


# ── what is withheld ─────────────────────────────────────────────────────────────────────────────────────────────


def _restoration(store: Store, article_id: str = "a") -> Restoration:
    withheld = store.withheld(article_id)
    assert withheld is not None
    assert withheld.signals is not None
    given = withheld.article
    made = Evidence(article=given, signals=withheld.signals, card=card_of(given.page, given.entry))
    return Restoration(evidence=made, words=withheld.words)


def test_what_was_removed_is_withheld_and_put_back_as_it_was(store: Store) -> None:
    teller = _removed(store)
    withheld = store.withheld("a")
    assert withheld is not None
    assert (withheld.article.title, withheld.article.revision) == ("Secret title again", 1)
    assert "Another secret text." in withheld.article.page.text
    assert withheld.until > T0 + minutes(60 * 24 * 29)
    assert store.withheld("b") is None
    assert store.withheld("nosuch") is None
    opened = teller.update("a-2", Opened(article_id="a"), headline="Secret title again", lead_id="a")
    arrival = LoggedInput(
        number=teller.input + 3, at=T0, input=Arrival(article=withheld.article, signals=Signals(language="en"))
    )
    store.commit(Batch(restorations=(_restoration(store),), updates=(opened,), inputs=(arrival,)))
    assert store.article("a") == withheld.article
    assert [version.article.revision for version in store.versions("a", limit=9)] == [1, 0]
    assert [hit.article.id for hit in store.search("secret", limit=9).hits] == ["a"]
    assert store.story_of("a") == "a-2"
    assert store.named_after("a") == 2
    assert store.gone_article("a") is None
    assert store.withheld("a") is None
    assert not store.known_entries(["a"])["a"].is_removed
    (logged,) = store.tail(after=opened.number - 1)
    assert logged.evidence is not None
    assert logged.evidence.article == withheld.article
    assert store.check() == []


def test_a_batch_that_fails_puts_nothing_back(store: Store) -> None:
    teller = _removed(store)
    restoration = _restoration(store)
    opened = replace(teller.update("a-2", Opened(article_id="a")), number=999)
    with pytest.raises(StoreError):
        store.commit(Batch(restorations=(restoration,), updates=(opened,)))
    assert store.article("a") is None
    assert store.withheld("a") is not None
    assert store.check() == []


def test_what_is_there_is_not_overwritten_by_a_late_restoration(store: Store) -> None:
    teller = _removed(store)
    restoration = _restoration(store)
    opened = teller.update("a-2", Opened(article_id="a"), headline="Secret title again", lead_id="a")
    store.commit(Batch(restorations=(restoration,), updates=(opened,)))
    teller.input += 2
    teller.revise("a-2", article("a", "A third title", "A third text.", revision=2))
    store.commit(Batch(restorations=(restoration,)))
    now = store.article("a")
    assert now is not None
    assert now.title == "A third title"
    assert store.check() == []


def test_what_is_erased_is_not_withheld_any_more(store: Store) -> None:
    _removed(store)
    store.commit(Batch(erased=("a", "nosuch")))
    assert store.withheld("a") is None
    assert store.gone_article("a") == GoneArticle(id="a", reason="legal")
    assert store.known_entries(["a"])["a"].is_removed
    assert store.check() == []
