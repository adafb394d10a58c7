"""Snapshots write the engine's state as keyed rows of bytes, only those that changed, and read it back after a restart.

    g                   number, time and counters
    s/<story>           a live story                 a/<article>    a live article
    z/<story>           a story asleep
    x/<alias>           the story that it leads to   n/<article>    how many names were made of a removed article's id
    d/<language>        articles, and terms counted, up to a point
    e/<language>/<n>    terms counted since, as absolute counts; later rows win

What can be computed from these exactly (indexes, centroids, silences) is not stored. Counts of terms are a log with a
base, since every article changes a hundred of them (docs/decisions/0032).

A snapshot outlives an upgrade (docs/decisions/0124). A new field of a row stands last and has a default: older rows are
read with it, and older programs pass over it. Only a row that changes its meaning makes a new format; then `FORMATS`
keeps a reader for the one before, and what is older still is rebuilt from the store (`rebuild`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from sys import intern
from typing import Any, NamedTuple

import msgspec

from stayahead.errors import SnapshotFormat
from stayahead.model import Snapshot, SnapshotRow
from stayahead.stories import snapshot_before
from stayahead.stories.dense import NO_VECTORS, add_sums
from stayahead.stories.members import NO_HASHES, LiveStory, Member, interned
from stayahead.stories.sleepers import Sleeper
from stayahead.stories.snapshot_rows import FORMAT, ArticleRow, Counts, Global, SleeperRow, StoryRow
from stayahead.stories.state import State
from stayahead.stories.vectors import Packed, Vector, array_of, bytes_of

BASE_EVERY = 200
"""Rows of a language's log of counts after which its base is written anew."""

_PACKED = {"fingerprint", "terms", "weights", "shared_keys", "shared_key_weights"}
_KEPT_AS_IS = tuple(name for name in ArticleRow.__struct_fields__ if name not in _PACKED)
_SHARED = {"language", "domain", "country", "vector_model"}


class Reader(NamedTuple):
    """How the rows of one format are read, where they differ from format to format."""

    story: Callable[[str, bytes], LiveStory]
    sleeper: Callable[[str, bytes], Sleeper]
    finish: Callable[[State], None]
    """Called once everything else is in place."""


_encode = msgspec.msgpack.encode
_decode = msgspec.msgpack.decode


def changed_rows(state: State) -> Snapshot:
    """What changed since the last call, as rows; a row without value deletes its key."""
    # Sorted, so that equal states give equal snapshots, whatever happened on the way to them.
    rows = [SnapshotRow(key=key, value=_row(state, key)) for key in sorted(state.changed)]
    state.changed.clear()
    # The counts keep their own account of what changed: a row for each term would be a hundred rows an article.
    rows += _count_rows(state)
    counters = Global(state.number, state.at, state.next_seq, _rows_by_kind(state))
    rows.append(SnapshotRow(key="g", value=_encode(counters)))
    is_whole, state.is_saved = not state.is_saved, True
    return Snapshot(format=FORMAT, number=state.number, rows=tuple(rows), is_whole=is_whole)


def read_rows(snapshot: Snapshot) -> State:
    """The state that those rows describe.

    Raises:
        SnapshotFormat: unknown format, or rows that are not what the format says.
    """
    reader = FORMATS.get(snapshot.format)
    if reader is None:
        raise SnapshotFormat(f"snapshot of format {snapshot.format}; this version reads {sorted(FORMATS)}")
    try:
        state = _read(snapshot, reader)
    except (msgspec.MsgspecError, LookupError, ValueError, TypeError, OverflowError) as error:
        raise SnapshotFormat(f"damaged snapshot ({error})") from error
    _require_whole(snapshot, state)
    if snapshot.format == FORMAT:
        state.is_saved = True
    else:
        # Rows of two formats must never lie side by side: the next snapshot replaces them all.
        state.change_all()
    return state


def _rows_by_kind(state: State) -> dict[str, int]:
    """How many rows a whole snapshot of the state has of each kind, its counters left out."""
    rarity = state.rarity
    return {
        "a": len(state.members),
        "s": len(state.stories),
        "z": len(state.sleepers.by_id),
        "x": len(state.aliases),
        "n": len(state.names),
        "d": len(rarity.logged),
        "e": sum(following - 1 for following in rarity.logged.values()),
    }


def _require_whole(snapshot: Snapshot, state: State) -> None:
    """Raise when rows are missing: each that is there can be read, and the engine would go on without the others.

    Raises:
        SnapshotFormat: which kind of row is missing.
    """
    if state.number != snapshot.number:
        raise SnapshotFormat(f"damaged snapshot (its counters are of update {state.number}, not {snapshot.number})")
    empty = next((story.id for story in state.stories.values() if not story.members), None)
    if empty is not None:
        raise SnapshotFormat(f"damaged snapshot (no article of story {empty})")
    counters = next((row.value for row in snapshot.rows if row.key == "g"), None)
    if counters is None:
        raise SnapshotFormat("damaged snapshot (no counters)")
    rows = Counter(row.key.partition("/")[0] for row in snapshot.rows if row.value is not None)
    for kind, count in _decode(counters, type=Global).rows.items():
        if rows[kind] != count:
            raise SnapshotFormat(f"damaged snapshot ({rows[kind]} rows of kind {kind}, not {count})")


def _row(state: State, key: str) -> bytes | None:
    # What is no longer there has changed too: its row is deleted.
    kind, name = key.split("/", 1)
    if kind == "a":
        member = state.members.get(name)
        return None if member is None else _encode(_article_row(member))
    if kind == "s":
        story = state.stories.get(name)
        return None if story is None else _encode(_story_row(story))
    if kind == "x":
        target = state.aliases.get(name)
        return None if target is None else _encode(target)
    if kind == "z":
        sleeper = state.sleepers.by_id.get(name)
        return None if sleeper is None else _encode(_sleeper_row(sleeper))
    count = state.names.get(name)
    return None if count is None else _encode(count)


def _article_row(member: Member) -> ArticleRow:
    # By name, so that a field that both have cannot be forgotten here.
    values: dict[str, Any] = {name: getattr(member, name) for name in _KEPT_AS_IS}
    return ArticleRow(
        fingerprint=bytes_of(member.fingerprint),
        terms=member.vector.terms,
        weights=bytes_of(member.vector.weights),
        shared_keys=member.shared_keys.terms,
        shared_key_weights=bytes_of(member.shared_keys.weights),
        **values,
    )


def _story_row(story: LiveStory) -> StoryRow:
    return StoryRow(
        opened_number=story.opened_number,
        silent_since=story.silent_since,
        updated_number=story.updated_number,
        head=story.head,
        aspects=story.aspects,
        before=story.before,
        apart=story.apart,
        follows=story.follows,
        related=story.related,
    )


def _sleeper_row(sleeper: Sleeper) -> SleeperRow:
    return SleeperRow(
        head=sleeper.head,
        slept_at=sleeper.slept_at,
        opened_number=sleeper.opened_number,
        aspects=sleeper.aspects,
        alias_ids=sleeper.alias_ids,
        terms=sleeper.vector.terms,
        weights=bytes_of(sleeper.vector.weights),
    )


def _count_rows(state: State) -> list[SnapshotRow]:
    rarity = state.rarity
    rows: list[SnapshotRow] = []
    for language in sorted(rarity.changed):
        changed = rarity.changed[language]
        logged = rarity.logged.get(language, 0)
        counts = rarity.counts[language]
        articles = rarity.articles[language]
        # A base outdates the rows of its log: they are deleted with it, or they would win when it is read.
        if language in rarity.halved or logged >= BASE_EVERY or logged == 0:
            rows.append(SnapshotRow(key=f"d/{language}", value=_encode(Counts(articles, counts))))
            rows += [SnapshotRow(key=_log_key(language, n), value=None) for n in range(1, logged)]
            logged = 0
        else:
            delta = {term: counts[term] for term in changed}
            rows.append(SnapshotRow(key=_log_key(language, logged), value=_encode(Counts(articles, delta))))
        rarity.logged[language] = logged + 1
    rarity.changed.clear()
    rarity.halved.clear()
    return rows


def _log_key(language: str, n: int) -> str:
    return f"e/{language}/{n:06d}"


def _read(snapshot: Snapshot, reader: Reader) -> State:
    state = State()
    asleep: list[Sleeper] = []
    # Sorted by key: a language's base (d/) comes before its log (e/), and the log in the order of its numbers.
    for row in sorted(snapshot.rows, key=lambda row: row.key):
        if row.value is None:
            continue
        kind, _, name = row.key.partition("/")
        if kind == "g":
            counters = _decode(row.value, type=Global)
            state.number, state.at = counters.number, counters.at
            state.next_seq = counters.next_seq
        elif kind == "a":
            state.members[name] = _read_article(name, _decode(row.value, type=ArticleRow))
        elif kind == "s":
            state.stories[name] = reader.story(name, row.value)
        elif kind == "z":  # in the order in which they fell asleep, which the keys do not say
            asleep.append(reader.sleeper(name, row.value))
        elif kind == "x":
            state.aliases[name] = _decode(row.value, type=str)
        elif kind == "n":
            state.names[name] = _decode(row.value, type=int)
        else:
            _read_counts(state, kind, name, _decode(row.value, type=Counts))
    # Stories before what sleeps: a format that kept no heads makes them of the live articles first.
    _compute(state)
    reader.finish(state)
    for sleeper in sorted(asleep, key=lambda sleeper: (sleeper.slept_at, sleeper.opened_number)):
        state.sleepers.put(sleeper)
    return state


def _read_article(article_id: str, row: ArticleRow) -> Member:
    # Not by its constructor, which makes what it keeps from an article and signals; here all of that is in the row.
    member = Member.__new__(Member)
    member.id = article_id
    for name in _KEPT_AS_IS:
        value = getattr(row, name)
        # As the constructor does: half a million articles have a few thousand domains.
        setattr(member, name, intern(value) if name in _SHARED else value)
    member.origin_keys = interned(row.origin_keys)
    member.fingerprint = array_of("q", row.fingerprint) if row.fingerprint else NO_HASHES
    member.vector = Packed.of(row.terms, array_of("H", row.weights))
    member.shared_keys = Packed.of(row.shared_keys, array_of("H", row.shared_key_weights))
    member.has_reported = False
    return member


def _read_story(story_id: str, value: bytes) -> LiveStory:
    row = _decode(value, type=StoryRow)
    story = LiveStory(story_id, row.head, row.opened_number, silent_since=row.silent_since)
    story.updated_number = row.updated_number
    story.aspects, story.before = row.aspects, row.before
    story.apart, story.follows, story.related = row.apart, row.follows, row.related
    return story


def _read_sleeper(_: str, value: bytes) -> Sleeper:
    row = _decode(value, type=SleeperRow)
    return Sleeper(
        head=row.head,
        slept_at=row.slept_at,
        opened_number=row.opened_number,
        aspects=row.aspects,
        alias_ids=row.alias_ids,
        vector=Packed.of(row.terms, array_of("H", row.weights)),
    )


def _read_counts(state: State, kind: str, name: str, row: Counts) -> None:
    rarity = state.rarity
    language = name.partition("/")[0]
    rarity.articles[language] = row.articles
    if kind == "d":
        rarity.counts[language] = row.counts
        rarity.logged[language] = 1
    else:  # absolute counts, so that it does not matter what stood there before
        rarity.counts[language].update(row.counts)
        rarity.logged[language] = int(name.partition("/")[2]) + 1


def _compute(state: State) -> None:
    """Put back what is computed: members of stories, centroids, indexes, silences, aliases by story."""
    # In order of arrival, so that every posting is appended at the end of its list.
    for member in sorted(state.members.values(), key=lambda member: member.seq):
        state.by_seq[member.seq] = member
        story = state.stories[member.story_id]
        story.members.append(member.id)
        member.story_id = story.id
        if not member.copy_of:
            state.copy_index.put(member.seq, member.fingerprint)
        if member.indexed:
            state.term_index.put(member.seq, member.vector)
            state.shared_key_index.put(member.seq, member.shared_keys)
            story.indexed += 1
        else:
            state.term_index.share(member.vector)
            state.shared_key_index.share(member.shared_keys)
    # Centroids are sums of whole numbers: the same, to the last digit, as those that grew article by article.
    for story in sorted(state.stories.values(), key=lambda story: (story.silent_since, story.updated_number)):
        if len(story.members) > 1:
            _sum_centroid(state, story)
        state.silence_index.put(story)
    for alias, target in state.aliases.items():
        state.stories[target].alias_ids += (alias,)


def _sum_centroid(state: State, story: LiveStory) -> None:
    total: Vector = {}
    dense = NO_VECTORS
    for article_id in story.members:
        member = state.members[article_id]
        if not member.copy_of:
            dense = add_sums(dense, member.dense_sum)
            for term, weight in member.vector.items():
                total[term] = total.get(term, 0) + weight
    story.centroid, story.dense = total, dense
    story.norm2 = sum([weight * weight for weight in total.values()])


FORMATS = {
    FORMAT: Reader(_read_story, _read_sleeper, lambda _: None),
    snapshot_before.FORMAT: Reader(snapshot_before.read_story, snapshot_before.read_sleeper, snapshot_before.finish),
}
"""The formats that can be read: this one, and the one before."""
