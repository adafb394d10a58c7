"""What articles state is kept by revision, told by story, and found anew when other analyzers come."""

from __future__ import annotations

from dataclasses import replace

from stayahead.analyze import find_statements, versions
from stayahead.model import (
    Article,
    Batch,
    CasualtyFigure,
    Claim,
    Expired,
    Figure,
    Findings,
    Merged,
    Opened,
    Reanalysis,
    Removed,
    Retention,
    Revised,
    Split,
    Statements,
    StoryArticle,
)
from tests.contract.store_parts import T0, Teller, article, evidence, head, minutes
from tests.stores import Store

DEAD = "At least 12 people were killed. Rescuers were on their way."
MORE = "The death toll rose to 31, and 140 were injured."
NOW = versions()


def counts(store: Store, story_id: str, kind: str = "casualties") -> list[tuple[str, list[object]]]:
    """By article, newest first: what it counts."""
    return [
        (each.article.id, [claim.statement.value for claim in each.claims])
        for each in store.claims(story_id, kind=kind, limit=9)
    ]


def dead(count: int) -> CasualtyFigure:
    return CasualtyFigure(slot="dead", count=count)


def commit_unread(teller: Teller, given: Article) -> None:
    """A story of one article whose statements nobody has found: as a version before this one stored it."""
    update = teller.update(given.id, Opened(article_id=given.id))
    teller.store.commit(Batch(evidence=(replace(evidence(given), statements=None),), updates=(update,)))


def again(given: Article, versions: str = NOW, *, is_read: bool = True) -> Reanalysis:
    found = replace(find_statements(given.title, given.page), versions=versions) if is_read else None
    return Reanalysis(article_id=given.id, revision=given.revision, versions=versions, statements=found)


def analyse(store: Store, *found: Reanalysis) -> None:
    store.commit(Batch(findings=Findings(reanalyses=found)))


def row_of(store: Store, story_id: str) -> StoryArticle:
    (row,) = store.reports(story_id, limit=9)
    return row


def test_claims_are_told_by_story_newest_article_first_with_their_places(store: Store) -> None:
    teller = Teller(store)
    teller.open("a", article("a", "Tower falls", DEAD))
    teller.join("a", article("b", "31 dead", MORE, at=T0 + minutes(5)))
    teller.join("a", article("c", "Prayers", "Nobody was counted.", at=T0 + minutes(2)))
    assert counts(store, "a") == [
        ("b", [dead(31), dead(31), CasualtyFigure(slot="hurt", count=140)]),
        ("c", []),
        ("a", [dead(12)]),
    ]
    newest, _, oldest = store.claims("a", limit=9)
    assert newest.claims[0].statement.block == -1
    claim = oldest.claims[0]
    assert {each.statement.kind for each in oldest.claims} == {"casualties", "figures"}
    assert claim == Claim(article_id="a", revision=0, statement=claim.statement)
    assert DEAD[claim.statement.start : claim.statement.end] == "At least 12 people were killed."
    assert [each.article.id for each in store.claims("a", limit=1)] == ["b"]
    assert store.claims("a", limit=0) == store.claims("b", limit=9) == store.claims("unheard", limit=9) == []


def test_a_kind_is_told_alone(store: Store) -> None:
    Teller(store).open("a", article("a", "Tower falls", DEAD))
    assert counts(store, "a", "casualties") == [("a", [dead(12)])]
    assert counts(store, "a", "figures") == [("a", [Figure(slot="dead", low=12, hedge="at least")])]
    assert counts(store, "a", "quotes") == [("a", [])]


def test_claims_are_those_of_the_last_revision_and_rows_have_those_of_title_and_lede(store: Store) -> None:
    teller = Teller(store)
    teller.open("a", article("a", "Tower falls", DEAD))
    assert [each.value for each in row_of(store, "a").statements] == [dead(12)]
    teller.revise("a", article("a", "31 dead", MORE, revision=1))
    assert counts(store, "a") == [("a", [dead(31), dead(31), CasualtyFigure(slot="hurt", count=140)])]
    row = row_of(store, "a")
    assert row.statements == find_statements("31 dead", article("a", "31 dead", MORE).page).row
    assert [row.lede[each.start : each.end] for each in row.statements[1:]] == [MORE, MORE]
    teller.revise("a", article("a", "Tower falls", "Nobody was counted.", revision=2))
    assert counts(store, "a") == [("a", [])]
    assert row_of(store, "a").statements == ()


def test_claims_go_where_their_articles_go(store: Store) -> None:
    teller = Teller(store)
    teller.open("a", article("a", "Tower falls", DEAD))
    teller.open("b", article("b", "31 dead", MORE))
    teller.commit([teller.update("a", Merged(other_id="b"))])
    assert [id_ for id_, _ in counts(store, "a")] == ["b", "a"]
    assert counts(store, "b") == []
    teller.commit([teller.update("a", Split(new_head=head("a-2", lead_id="a"), article_ids=("a",)))])
    assert [counts(store, id_) for id_ in ("a", "a-2")] == [
        [("b", [dead(31), dead(31), CasualtyFigure(slot="hurt", count=140)])],
        [("a", [dead(12)])],
    ]


def test_an_article_that_was_not_analysed_is_told_as_such_until_it_is(store: Store) -> None:
    teller, unread = Teller(store), article("a", "Tower falls", DEAD)
    commit_unread(teller, unread)
    (told,) = store.claims("a", limit=9)
    assert (told.is_analysed, told.claims, told.article.statements) == (False, (), ())
    assert store.stale_analyses(NOW, limit=9) == ["a"]
    analyse(store, again(unread), again(article("unheard")))
    (told,) = store.claims("a", limit=9)
    assert (told.is_analysed, len(told.claims), len(told.article.statements)) == (True, 2, 1)
    assert store.stale_analyses(NOW, limit=9) == []
    assert store.check() == []


def test_what_other_analyzers_read_is_stale_newest_first_and_what_these_cannot_read_is_not(store: Store) -> None:
    teller = Teller(store)
    texts = [article(id_, text=DEAD, at=T0 + minutes(place)) for place, id_ in enumerate("abc")]
    for each in texts:
        teller.open(each.id, each)
    assert store.stale_analyses("casualties=3", limit=9) == ["c", "b", "a"]
    assert store.stale_analyses("casualties=3", limit=1) == ["c"]
    analyse(store, again(texts[2], "casualties=3"), again(texts[1], "casualties=3", is_read=False))
    assert store.stale_analyses("casualties=3", limit=9) == ["a"]
    assert [each.is_analysed for id_ in "abc" for each in store.claims(id_, limit=9)] == [True, False, True]
    assert row_of(store, "b").statements == ()
    assert store.stale_analyses("casualties=4", limit=9) == ["c", "b", "a"]


def test_only_live_stories_whose_text_is_kept_are_stale(store: Store) -> None:
    teller = Teller(store)
    for id_ in ("a", "b"):
        commit_unread(teller, article(id_, text=DEAD))
    teller.commit([teller.update("b", Expired(), state="asleep")])
    assert store.stale_analyses(NOW, limit=9) == ["a"]
    while store.forget(T0 + minutes(60 * 24 * 40), Retention(bodies_days=30)).bodies:
        pass
    assert store.stale_analyses(NOW, limit=9) == []


def test_an_analysis_that_comes_after_the_next_revision_leaves_the_row_as_it_is(store: Store) -> None:
    teller, first = Teller(store), article("a", "Tower falls", DEAD)
    commit_unread(teller, first)
    second = replace(article("a", "Tower falls", MORE), revision=1)
    update = teller.update("a", Revised(article_id="a", revision=1))
    store.commit(Batch(evidence=(replace(evidence(second), statements=None),), updates=(update,)))
    analyse(store, again(first))
    assert store.stale_analyses(NOW, limit=9) == ["a"]
    assert row_of(store, "a").statements == ()
    analyse(
        store, again(second), Reanalysis(article_id="a", revision=7, versions=NOW, statements=Statements(versions=NOW))
    )
    assert counts(store, "a") == [("a", [dead(31), CasualtyFigure(slot="hurt", count=140)])]
    assert len(row_of(store, "a").statements) == 2


def test_what_is_found_in_a_text_that_was_forgotten_meanwhile_is_dropped(store: Store) -> None:
    teller, unread = Teller(store), article("a", "12 dead", DEAD)
    commit_unread(teller, unread)
    while store.forget(T0 + minutes(60 * 24 * 40), Retention(bodies_days=30)).bodies:
        pass
    text = store.article("a")
    assert text is not None
    analyse(store, again(text))
    assert [each.is_analysed for each in store.claims("a", limit=9)] == [False]


def test_a_claim_behind_what_cannot_be_written_still_leads_to_its_sentence(store: Store) -> None:
    Teller(store).open("a", article("a", "Tower \ud800 falls", "Odd \udfff\ud800 signs. " + DEAD))
    text = store.article("a")
    assert text is not None
    ((told,),) = [each.claims for each in store.claims("a", kind="casualties", limit=9)]
    place = told.statement
    assert text.page.blocks[place.block].text[place.start : place.end] == "At least 12 people were killed."
    (shown,) = row_of(store, "a").statements
    assert row_of(store, "a").lede[shown.start : shown.end] == "At least 12 people were killed."


def test_claims_of_a_removed_article_go_with_its_words(store: Store) -> None:
    teller = Teller(store)
    teller.open("a", article("a", "Tower falls", DEAD))
    teller.join("a", article("b", "31 dead", MORE))
    teller.commit([teller.update("a", Removed(article_id="b", reason="legal"))])
    assert counts(store, "a") == [("a", [dead(12)])]
    analyse(store, again(article("b", "31 dead", MORE)))
    assert store.stale_analyses("casualties=3", limit=9) == ["a"]
    teller.commit([teller.update("a", Removed(article_id="a", reason="legal"), state="empty")])
    assert counts(store, "a") == []


def test_claims_outlive_the_text(store: Store) -> None:
    teller = Teller(store)
    teller.open("a", article("a", "Tower falls", DEAD))
    while store.forget(T0 + minutes(60 * 24 * 40), Retention(bodies_days=30)).bodies:
        pass
    text = store.article("a")
    assert text is not None
    assert text.page.blocks == ()
    assert counts(store, "a") == [("a", [dead(12)])]
    assert len(row_of(store, "a").statements) == 1
