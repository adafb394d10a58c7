"""Snapshot: the engine's state goes in; keyed rows of bytes, only the changed ones, come out, and back again.

    g                   number, time and counters
    s/<story>           a live story                 a/<article>    a live article
    z/<story>           a story asleep
    x/<alias>           the story that it leads to   n/<article>    how many names were made of a removed article's id
    d/<language>        articles, and terms counted, up to a point
    e/<language>/<n>    terms counted since, as absolute counts; later rows win

What can be computed from these exactly (indexes, centroids, touches) is not stored. Counts of terms are a log with a
base, since every article changes a hundred of them (docs/decisions/0032).
"""

from __future__ import annotations

from array import array
from datetime import datetime
from sys import byteorder, intern
from typing import Any, Literal

import msgspec

from stayahead.errors import SnapshotFormat
from stayahead.model import Snapshot, SnapshotRow
from stayahead.stories.dense import NO_VECTORS, added
from stayahead.stories.members import NO_HASHES, LiveStory, Member, shared_keys
from stayahead.stories.origins import Tally
from stayahead.stories.sleepers import Sleeper
from stayahead.stories.state import State
from stayahead.stories.vectors import Packed, Vector

FORMAT = 6
BASE_EVERY = 200
"""Rows of counts after which a language's base is written anew."""


class _Global(msgspec.Struct, array_like=True):
    number: int
    at: datetime
    next_seq: int


class _Article(msgspec.Struct, array_like=True):
    seq: int
    story_id: str
    arrived_at: datetime
    placed_at: datetime
    backfill: bool
    revision: int
    title: str
    language: str
    domain: str
    country: str
    keys: tuple[str, ...]
    fingerprint: bytes
    shingles: int
    terms: tuple[str, ...]
    weights: bytes
    marks: tuple[str, ...]
    mark_weights: bytes
    copy_of: str
    is_origin: bool
    indexed: bool
    founded: int
    is_agency: bool
    dense: bytes
    vector_model: str


_PACKED = {"fingerprint", "terms", "weights", "marks", "mark_weights"}
_KEPT_AS_IS = tuple(name for name in _Article.__struct_fields__ if name not in _PACKED)
_SHARED = {"language", "domain", "country", "vector_model"}


class _Tally(msgspec.Struct, array_like=True):
    articles: int
    origins: int
    links: dict[str, str]
    domains: list[str]
    countries: tuple[str, ...]
    pace: float
    pace_at: datetime | None
    first_at: datetime | None
    latest_at: datetime | None
    slept_origins: int


class _Story(msgspec.Struct, array_like=True):
    opened_at: datetime
    opened_number: int
    headline: str
    lead_id: str
    language: str
    pinned: bool
    hidden: bool
    apart: tuple[str, ...]
    touched_at: datetime
    touched_number: int
    tally: _Tally | None
    before: _Tally | None
    follows: str
    related: tuple[str, ...]


class _Sleeper(msgspec.Struct, array_like=True):
    slept_at: datetime
    opened_at: datetime
    opened_number: int
    hidden: bool
    language: str
    tally: _Tally
    alias_ids: tuple[str, ...]
    terms: tuple[str, ...]
    weights: bytes


class _Counts(msgspec.Struct, array_like=True):
    articles: int
    counts: dict[str, int]


_encode = msgspec.msgpack.encode
_decode = msgspec.msgpack.decode


def changed_rows(state: State) -> Snapshot:
    """What changed since the last call, as rows; a row without value deletes its key."""
    rows = [SnapshotRow(key=key, value=_row(state, key)) for key in sorted(state.changed)]
    state.changed.clear()
    rows += _count_rows(state)
    counters = _Global(state.number, state.at, state.next_seq)
    rows.append(SnapshotRow(key="g", value=_encode(counters)))
    return Snapshot(format=FORMAT, number=state.number, rows=tuple(rows))


def read_rows(snapshot: Snapshot) -> State:
    """The state that those rows describe.

    Raises:
        SnapshotFormat: unknown format, or rows that are not what the format says.
    """
    if snapshot.format != FORMAT:
        raise SnapshotFormat(
            f"snapshot of format {snapshot.format}, this version reads {FORMAT}: rebuild from the updates"
        )
    try:
        return _read(snapshot)
    except (msgspec.MsgspecError, KeyError, ValueError) as error:
        raise SnapshotFormat(f"damaged snapshot ({error}): rebuild from the updates") from error


def _row(state: State, key: str) -> bytes | None:
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


def _article_row(member: Member) -> _Article:
    values: dict[str, Any] = {name: getattr(member, name) for name in _KEPT_AS_IS}
    return _Article(
        fingerprint=_bytes_of(member.fingerprint),
        terms=member.vector.terms,
        weights=_bytes_of(member.vector.weights),
        marks=member.marks.terms,
        mark_weights=_bytes_of(member.marks.weights),
        **values,
    )


def _story_row(story: LiveStory) -> _Story:
    return _Story(
        opened_at=story.opened_at,
        opened_number=story.opened_number,
        headline=story.headline,
        lead_id=story.lead_id,
        language=story.language,
        pinned=story.pinned,
        hidden=story.hidden,
        apart=story.apart,
        touched_at=story.touched_at,
        touched_number=story.touched_number,
        tally=_tally_row(story.tally) if story.tally else None,
        before=_tally_row(story.before) if story.before else None,
        follows=story.follows,
        related=story.related,
    )


def _sleeper_row(sleeper: Sleeper) -> _Sleeper:
    return _Sleeper(
        slept_at=sleeper.slept_at,
        opened_at=sleeper.opened_at,
        opened_number=sleeper.opened_number,
        hidden=sleeper.hidden,
        language=sleeper.language,
        tally=_tally_row(sleeper.tally),
        alias_ids=sleeper.alias_ids,
        terms=sleeper.vector.terms,
        weights=_bytes_of(sleeper.vector.weights),
    )


def _tally_row(tally: Tally) -> _Tally:
    values: dict[str, Any] = {name: getattr(tally, name) for name in _Tally.__struct_fields__}
    values["domains"] = list(tally.domains)
    return _Tally(**values)


def _count_rows(state: State) -> list[SnapshotRow]:
    rarity = state.rarity
    rows: list[SnapshotRow] = []
    for language in sorted(rarity.changed):
        changed = rarity.changed[language]
        logged = rarity.logged.get(language, 0)
        counts = rarity.counts[language]
        articles = rarity.articles[language]
        if language in rarity.halved or logged >= BASE_EVERY or logged == 0:
            rows.append(SnapshotRow(key=f"d/{language}", value=_encode(_Counts(articles, counts))))
            rows += [SnapshotRow(key=_log_key(language, n), value=None) for n in range(1, logged)]
            logged = 0
        else:
            delta = {term: counts[term] for term in changed}
            rows.append(SnapshotRow(key=_log_key(language, logged), value=_encode(_Counts(articles, delta))))
        rarity.logged[language] = logged + 1
    rarity.changed.clear()
    rarity.halved.clear()
    return rows


def _log_key(language: str, n: int) -> str:
    return f"e/{language}/{n:06d}"


def _read(snapshot: Snapshot) -> State:
    state = State()
    asleep: list[Sleeper] = []
    for row in sorted(snapshot.rows, key=lambda row: row.key):
        if row.value is None:
            continue
        kind, _, name = row.key.partition("/")
        if kind == "g":
            counters = _decode(row.value, type=_Global)
            state.number, state.at = counters.number, counters.at
            state.next_seq = counters.next_seq
        elif kind == "a":
            state.members[name] = _read_article(name, _decode(row.value, type=_Article))
        elif kind == "s":
            state.stories[name] = _read_story(name, _decode(row.value, type=_Story))
        elif kind == "z":
            asleep.append(_read_sleeper(name, _decode(row.value, type=_Sleeper)))
        elif kind == "x":
            state.aliases[name] = _decode(row.value, type=str)
        elif kind == "n":
            state.names[name] = _decode(row.value, type=int)
        else:
            _read_counts(state, kind, name, _decode(row.value, type=_Counts))
    _rebuild(state)
    for sleeper in sorted(asleep, key=lambda sleeper: (sleeper.slept_at, sleeper.opened_number)):
        state.sleepers.put(sleeper)
    return state


def _read_article(article_id: str, row: _Article) -> Member:
    member = Member.__new__(Member)
    member.id = article_id
    for name in _KEPT_AS_IS:
        value = getattr(row, name)
        setattr(member, name, intern(value) if name in _SHARED else value)
    member.keys = shared_keys(row.keys)
    member.fingerprint = _array_of("q", row.fingerprint) if row.fingerprint else NO_HASHES
    member.vector = Packed.of(row.terms, _array_of("H", row.weights))
    member.marks = Packed.of(row.marks, _array_of("H", row.mark_weights))
    return member


def _bytes_of(values: array[int]) -> bytes:
    """Little-endian on every machine."""
    if byteorder == "big":
        values = array(values.typecode, values)
        values.byteswap()
    return values.tobytes()


def _array_of(kind: Literal["q", "H"], data: bytes) -> array[int]:
    values = array(kind, data)
    if byteorder == "big":
        values.byteswap()
    return values


def _read_story(story_id: str, row: _Story) -> LiveStory:
    story = LiveStory.__new__(LiveStory)
    story.id = story_id
    for name in ("opened_at", "opened_number", "headline", "lead_id", "language", "pinned", "hidden"):
        setattr(story, name, getattr(row, name))
    story.touched_at, story.touched_number = row.touched_at, row.touched_number
    story.members, story.indexed, story.trimmed, story.alias_ids = [], 0, 0, ()
    story.apart = row.apart
    story.centroid, story.norm2, story.dense = None, 0, NO_VECTORS
    story.tally = _read_tally(row.tally) if row.tally else None
    story.before = _read_tally(row.before) if row.before else None
    story.follows, story.related = row.follows, row.related
    return story


def _read_sleeper(story_id: str, row: _Sleeper) -> Sleeper:
    return Sleeper(
        id=story_id,
        slept_at=row.slept_at,
        opened_at=row.opened_at,
        opened_number=row.opened_number,
        hidden=row.hidden,
        language=row.language,
        tally=_read_tally(row.tally),
        alias_ids=row.alias_ids,
        vector=Packed.of(row.terms, _array_of("H", row.weights)),
    )


def _read_tally(row: _Tally) -> Tally:
    tally = Tally()
    for name in _Tally.__struct_fields__:
        setattr(tally, name, getattr(row, name))
    tally.domains = dict.fromkeys(row.domains)
    return tally


def _read_counts(state: State, kind: str, name: str, row: _Counts) -> None:
    rarity = state.rarity
    language = name.partition("/")[0]
    rarity.articles[language] = row.articles
    if kind == "d":
        rarity.counts[language] = row.counts
        rarity.logged[language] = 1
    else:
        rarity.counts[language].update(row.counts)
        rarity.logged[language] = int(name.partition("/")[2]) + 1


def _rebuild(state: State) -> None:
    """Put back what is computed: members of stories, centroids, indexes, touches, aliases by story."""
    for member in sorted(state.members.values(), key=lambda member: member.seq):
        state.by_seq[member.seq] = member
        story = state.stories[member.story_id]
        story.members.append(member.id)
        member.story_id = story.id
        if not member.copy_of:
            state.copies.put(member.seq, member.fingerprint)
        if member.indexed:
            state.index.put(member.seq, member.vector)
            state.marks.put(member.seq, member.marks)
            story.indexed += 1
    for story in sorted(state.stories.values(), key=lambda story: (story.touched_at, story.touched_number)):
        if len(story.members) > 1:
            _sum_centroid(state, story)
        state.touches.note(story)
    for alias, target in state.aliases.items():
        state.stories[target].alias_ids += (alias,)


def _sum_centroid(state: State, story: LiveStory) -> None:
    total: Vector = {}
    dense = NO_VECTORS
    for article_id in story.members:
        member = state.members[article_id]
        if not member.copy_of:
            dense = added(dense, member.dense_sum)
            for term, weight in member.vector.items():
                total[term] = total.get(term, 0) + weight
    story.centroid, story.dense = total, dense
    story.norm2 = sum([weight * weight for weight in total.values()])
