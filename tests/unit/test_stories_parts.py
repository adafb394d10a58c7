"""The parts of the engine by themselves: vectors, indexes, tallies, snapshots."""

from __future__ import annotations

from dataclasses import replace

import pytest

from stayahead.errors import SnapshotFormat
from stayahead.model import Removal, Ruling, Signals, Snapshot, SnapshotRow, Term, Tick
from stayahead.stories import StoryEngine
from stayahead.stories.aspects import Aspects, Origins
from stayahead.stories.copies import CopyIndex
from stayahead.stories.index import TermIndex
from stayahead.stories.members import Member
from stayahead.stories.snapshot import BASE_EVERY
from stayahead.stories.snapshot_rows import FORMAT
from stayahead.stories.vectors import Packed, Rarity, cosine, dot, norm2
from stayahead.stories.weights import COPY_POSTINGS, FORGET_ARTICLES, POSTINGS_READ, UNIT, VECTOR_TERMS
from tests.story_inputs import QUAKE, START, arrival, article, at


def _signals(*words: str) -> Signals:
    return Signals(language="en", terms=tuple(Term(text=word, weight=1.0) for word in words))


def test_vector_has_unit_length_and_favours_rare_terms() -> None:
    rarity = Rarity()
    for _ in range(500):
        rarity.count("en", ["common"], is_new=True)
    vector = rarity.vector(_signals("common", "rare"))
    assert vector["rare"] > vector["common"] > 0
    assert abs(norm2(vector) ** 0.5 - UNIT) < 2
    assert rarity.vector(_signals()) == {}
    assert len(rarity.vector(_signals(*(f"w{n}" for n in range(99))))) == VECTOR_TERMS


def test_rarity_is_by_language_and_forgets_slowly() -> None:
    rarity = Rarity()
    rarity.count("en", ["a", "a", "b"], is_new=True)
    assert rarity.counts.get("de") is None
    rarity.articles["en"] = FORGET_ARTICLES - 1
    rarity.count("en", ["a"], is_new=True)
    assert rarity.articles["en"] == FORGET_ARTICLES // 2
    assert rarity.counts["en"] == {"a": 1}


def test_cosine_of_nothing_is_zero() -> None:
    assert cosine(0, 0, 5) == 0.0
    assert cosine(dot({"a": 3, "b": 4}, {"b": 5}), 25, 25) == 0.8


def test_index_reads_the_newest_of_a_common_term() -> None:
    index = TermIndex()
    kept = {n: Packed({"term": 2}) for n in range(1, POSTINGS_READ + 51)}
    for n, vector in kept.items():
        index.put(n, vector)
    newest = POSTINGS_READ + 50
    found = index.near({"term": 3})
    assert len(found) == POSTINGS_READ
    assert found[newest] == 6
    assert 50 not in found
    index.drop(newest, kept[newest])
    assert newest not in index.near({"term": 3})
    assert 50 in index.near({"term": 3})


def test_index_does_not_remember_in_which_order_it_was_filled() -> None:
    one, other = TermIndex(), TermIndex()
    for n in (1, 2, 3, 4):
        one.put(n, Packed({"term": n}))
    for n in (3, 9, 1, 4, 2):
        other.put(n, Packed({"term": n}))
    other.drop(9, Packed({"term": 9}))
    assert list(one.near({"term": 1}).items()) == list(other.near({"term": 1}).items())
    for n in (1, 2, 3, 4):
        other.drop(n, Packed({"term": n}))
    assert other.near({"term": 1}) == {}


def test_index_spends_its_budget_on_the_heaviest_terms() -> None:
    index = TermIndex()
    vector = {f"t{n:02d}": 100 - n for n in range(30)}
    for place, term in enumerate(vector):
        for n in range(POSTINGS_READ):
            index.put(1000 * place + n, Packed({term: 1}))
    found = index.near(vector)
    assert 0 in found
    assert 29_000 not in found


def test_packed_vector_is_the_vector() -> None:
    vector = {"a": 3, "b": 4}
    packed = Packed(vector)
    assert packed.unpacked() == vector
    assert dot({"b": 5, "c": 1}, packed) == dot({"b": 5}, packed) == dot({"b": 5, "c": 1, "d": 1}, packed) == 20
    assert norm2(packed) == 25


def test_boilerplate_is_no_evidence_of_a_copy() -> None:
    index = CopyIndex()
    hashes = tuple(range(1, 41))
    for n in range(1, COPY_POSTINGS + 2):
        index.put(n, hashes)
    assert index.find(hashes, 40, look_up=lambda _: (hashes, 40)) == 0
    index.drop(1, hashes)
    assert index.find(hashes, 40, look_up=lambda _: (hashes, 40)) == 2


def test_oldest_of_equal_originals_is_found() -> None:
    index = CopyIndex()
    hashes = tuple(n << 33 | n for n in range(1, 41))
    for seq in (9, 2, 1):
        index.put(seq, hashes)
    found = index.find(hashes, 40, look_up=lambda other: None if other == 1 else (hashes, 40))
    assert found == 2
    for seq in (9, 2, 1):
        index.drop(seq, hashes)
    assert index.find(hashes, 40, look_up=lambda _: (hashes, 40)) == 0


def _member(article_id: str, **more: object) -> Member:
    made, signals = article(article_id, "Title", **more)  # type: ignore[arg-type]  # passed on as given
    return Member(made, signals, {}, {})


def test_aspects_taken_together_count_as_one() -> None:
    one = [_member("a", domain="x.example", country="DE"), _member("b", domain="y.example", minutes=9)]
    two = [_member("c", domain="x.example", country="FR"), _member("d", domain="z.example")]
    aspects, other = Aspects.of((m, "") for m in one), Aspects.of((m, "") for m in two)
    both = aspects.copy()
    both.take(other)
    parts = both.origins.parts()
    assert (parts.articles, parts.origins, parts.publishers) == (4, 3, 3)
    assert (parts.countries, parts.first_at, parts.latest_at) == (("DE", "FR"), START, at(9))
    assert aspects.origins.parts().origins == 2, "a copy was changed, not what it is a copy of"


def test_pace_fades() -> None:
    aspects = Aspects.of([(_member("a"), ""), (_member("b", minutes=180), "")])
    assert aspects.origins.parts().pace == pytest.approx(1.5)
    early = Aspects.of([(_member("b", minutes=180), ""), (_member("a"), "")])
    assert early.origins.parts().pace == aspects.origins.parts().pace


def test_origins_of_nothing_have_no_parts() -> None:
    with pytest.raises(ValueError, match="without articles"):
        Origins().parts()


def test_snapshot_of_another_format_is_refused() -> None:
    engine = StoryEngine()
    engine.add(arrival("a", "Title of an article"), START)
    snapshot = engine.snapshot()
    with pytest.raises(SnapshotFormat, match="format 99"):
        StoryEngine.restore(replace(snapshot, format=99))
    with pytest.raises(SnapshotFormat, match="damaged"):
        StoryEngine.restore(replace(snapshot, rows=(SnapshotRow(key="s/a", value=b"\x01"),)))


def _lively() -> StoryEngine:
    """Live stories of one article and of two, one asleep, an alias, and a name of a removed article."""
    engine = StoryEngine()
    for n in range(3):
        engine.add(arrival(f"old{n}", "Glacier of Velm measured anew by surveyors"), at(n))
    engine.add(Tick(), at(60 * 50))
    for n in range(6):
        engine.add(arrival(f"a{n}", f"title{n // 2} word{n // 2} thing{n // 2}"), at(60 * 50 + n))
    engine.add(Ruling(verb="join", story_id="a0", other_id="a4"), at(60 * 50 + 7))
    engine.add(arrival("gone", "Ferry timetable misprinted"), at(60 * 50 + 8))
    engine.add(Removal(article_id="gone", reason="taken_down"), at(60 * 50 + 9))
    return engine


@pytest.mark.parametrize("kind", ["a", "s", "z", "x", "n", "d", "g"])
def test_a_snapshot_that_lost_a_row_is_refused(kind: str) -> None:
    snapshot = _lively().snapshot()
    StoryEngine.restore(snapshot)
    lost = next(row for row in snapshot.rows if row.key.partition("/")[0] == kind)
    with pytest.raises(SnapshotFormat, match="damaged"):
        StoryEngine.restore(replace(snapshot, rows=tuple(row for row in snapshot.rows if row is not lost)))


def test_a_snapshot_of_another_update_than_it_says_is_refused() -> None:
    snapshot = _lively().snapshot()
    with pytest.raises(SnapshotFormat, match="of update"):
        StoryEngine.restore(replace(snapshot, number=snapshot.number + 1))


def test_second_snapshot_holds_only_what_changed() -> None:
    engine = StoryEngine()
    for n in range(20):
        engine.add(arrival(f"a{n}", f"title{n} word{n} thing{n}"), at(n))
    assert len(engine.snapshot().rows) > 40
    assert [row.key for row in engine.snapshot().rows] == ["g"]
    engine.add(Removal(article_id="a3", reason="taken_down"), at(30))
    rows = {row.key: row.value for row in engine.snapshot().rows}
    assert rows.keys() == {"a/a3", "n/a3", "s/a3", "g"}
    assert rows["a/a3"] is None


def test_log_of_counts_is_folded_into_its_base() -> None:
    engine = StoryEngine()
    kept: dict[str, bytes] = {}
    for n in range(2 * BASE_EVERY):
        engine.add(arrival(f"a{n}", f"word{n % 7} other{n}"), at(n))
        for row in engine.snapshot().rows:
            if row.value is None:
                kept.pop(row.key, None)
            else:
                kept[row.key] = row.value
    assert sum(key.startswith("e/en/") for key in kept) <= BASE_EVERY
    rows = tuple(SnapshotRow(key=key, value=value) for key, value in kept.items())
    restored = StoryEngine.restore(Snapshot(format=FORMAT, number=engine.number, rows=rows))
    late = arrival("late", "word1 word2 other5 other6")
    assert restored.add(late, at(999)) == engine.add(late, at(999))


def test_a_copy_holds_the_very_strings_of_its_original_also_after_a_restart() -> None:
    engine = StoryEngine()
    for n in range(3):
        engine.add(arrival(f"a{n}", "Earthquake shakes Ardania", QUAKE, minutes=n), at(n))
    for each in (engine, StoryEngine.restore(engine.snapshot())):
        original, *copies = each._state.members.values()
        assert [copy.copy_of for copy in copies] == ["a0", "a0"]
        of_original = {term: id(term) for term in original.vector.terms}
        for copy in copies:
            shared = [id(term) == of_original[term] for term in copy.vector.terms if term in of_original]
            assert len(shared) > 10
            assert all(shared)
