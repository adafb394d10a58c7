"""Tells who of a story speaks for itself and who repeats whom: its origins by name, and how a text went round.

A pure fold over the story's articles whenever somebody asks; it counts by the very aspect that the engine keeps
(`aspects/origins`), so that what is listed is what was counted. How much of whom somebody copied is read from the
samples of the two texts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from stayahead.analyze import agency_of, is_agency, near_copies
from stayahead.analyze.fingerprint import MIN_COMMON, shares
from stayahead.model import Witness
from stayahead.stories.aspects.origins import Origins, keys_of, origin_key

TieKind = Literal["copy", "credit", "carries"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tie:
    """That one article's text, or news, is another's."""

    kind: TieKind
    """`carries`: beside a report of its own."""
    article_id: str
    source_id: str
    """The article that it is taken from; empty when only a name is known."""
    source: str
    """By name."""
    share: float
    """Share of the article that stands in its source; 0 where there is no text to compare."""
    share_of_source: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One independent voice, with all that repeats it."""

    name: str
    article_ids: tuple[str, ...]
    """Whose report it is, in order of time, reprints among them."""
    publishers: int
    carried_by: tuple[str, ...]
    """Articles that hold its text beside a report of their own: each is an origin too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Who says so, how many of them independently, and who has it from whom."""

    articles: int
    publishers: int
    owners: int
    """Publishers of one owner count once."""
    origins: tuple[Origin, ...]
    """The most repeated first."""
    ties: tuple[Tie, ...]


@dataclass(slots=True)
class _Counted:
    """A witness as aspects count it."""

    origin_keys: tuple[str, ...]
    domain: str
    country: str
    language: str
    placed_at: datetime
    backfill: bool


def spread(witnesses: Iterable[Witness]) -> Spread:
    """The spread of a story; in whatever order its articles come, it is the same."""
    ordered = sorted(witnesses, key=lambda each: (each.article.placed_at, each.article.id))
    counted = {each.article.id: _counted(each) for each in ordered}
    origins = Origins()
    for each in sorted(ordered, key=lambda each: bool(each.article.copy_of)):
        origins.add(counted[each.article.id], _copied_key(each, counted))
    groups: dict[str, list[Witness]] = defaultdict(list)
    for each in ordered:
        own = counted[each.article.id].origin_keys
        groups[origins.origin_of(own, _copied_key(each, counted))].append(each)
    ties = _ties(ordered, counted)
    carried = _carried(ties, ordered, groups)
    listed = [_origin(key, members, carried[key]) for key, members in groups.items()]
    return Spread(
        articles=len(ordered),
        publishers=len({_voice(each) for each in ordered}),
        owners=len({each.article.publisher.owner or _voice(each) for each in ordered}),
        origins=tuple(sorted(listed, key=lambda origin: (-len(origin.article_ids), origin.article_ids[0]))),
        ties=tuple(ties),
    )


def sentence(told: Spread) -> str:
    """The spread in one plain sentence.

    >>> sentence(Spread(articles=1, publishers=1, owners=1, origins=(), ties=()))
    '1 article.'
    """
    text = _count(told.articles, "article")
    if told.articles < 2 or not told.origins:
        return f"{text}."
    text += f", {_count(len(told.origins), 'origin')}"
    parts = repeated(told)
    return f"{text}: {parts}." if parts else f"{text}."


def repeated(told: Spread) -> str:
    """How many articles carry the texts that are repeated most, for who has read the counts; empty when none is."""
    most = [origin for origin in told.origins[:2] if len(origin.article_ids) + len(origin.carried_by) > 1]
    return ", ".join(map(_repeated, most)) if told.articles > 1 else ""


def _repeated(origin: Origin) -> str:
    part = f"{len(origin.article_ids) + len(origin.carried_by)} carry one text of {origin.name}"
    if origin.publishers == 1 and not origin.carried_by:
        return f"{len(origin.article_ids)} are by {origin.name}"
    own = len(origin.carried_by)
    return (
        f"{part} ({own} of them beside {'a report' if own == 1 else 'reports'} of {'its' if own == 1 else 'their'} own)"
        if own
        else part
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _counted(each: Witness) -> _Counted:
    row = each.article
    keys = keys_of(row.publisher, row.id, each.credits)
    return _Counted(keys, row.publisher.domain, row.publisher.country, row.language, row.placed_at, row.backfill)


def _copied_key(each: Witness, counted: Mapping[str, _Counted]) -> str:
    copied = each.article.copy_of
    if not copied:
        return ""
    original = counted.get(copied)
    return origin_key(original.origin_keys) if original is not None else f"x:{copied}"


def _voice(each: Witness) -> str:
    return each.article.publisher.domain or each.article.id


def _origin(key: str, members: Sequence[Witness], carried_by: tuple[str, ...]) -> Origin:
    return Origin(
        name=_name(key, members),
        article_ids=tuple(each.article.id for each in members),
        publishers=len({_voice(each) for each in members}),
        carried_by=carried_by,
    )


def _name(key: str, members: Sequence[Witness]) -> str:
    """Whose report it is: of the agency or outlet that is credited, else of who had it first."""
    credited = [credit for each in members for credit in each.credits[:1]]
    for each in members:
        if (own := agency_of(each.article.publisher.name)) and own in credited:
            return each.article.publisher.name
    for credit in credited:
        if is_agency(credit):
            return _agency(credit)
    own_report = next((each for each in members if not each.article.copy_of and not each.credits), None)
    if own_report is None and credited:
        return credited[0]
    return (own_report or members[0]).article.publisher.name


def _agency(name: str) -> str:
    return name.upper() if len(name) <= 4 else name.title()


def _ties(ordered: Sequence[Witness], counted: Mapping[str, _Counted]) -> list[Tie]:
    by_id = {each.article.id: each for each in ordered}
    holders: dict[int, list[Witness]] = defaultdict(list)
    ties: list[Tie] = []
    for each in ordered:
        source = by_id.get(each.article.copy_of) or _likest(each, holders)
        rests = counted[each.article.id].origin_keys[-1]
        credit = rests[2:] if rests.startswith("c:") else ""
        if each.article.copy_of and source is not None:
            ties.append(_text_tie("copy", each, source))
        elif credit:
            text = _text_tie("credit", each, source) if source is not None else None
            ties.append(
                text
                or Tie(
                    kind="credit",
                    article_id=each.article.id,
                    source_id="",
                    source=_credit(credit),
                    share=0.0,
                    share_of_source=0.0,
                )
            )
        elif source is not None:
            ties.append(_text_tie("carries", each, source))
        else:
            ties.extend(
                Tie(
                    kind="carries",
                    article_id=each.article.id,
                    source_id="",
                    source=_credit(name),
                    share=0.0,
                    share_of_source=0.0,
                )
                for name in each.carried
            )
        for value in each.fingerprint:
            holders[value].append(each)
    return ties


def _credit(name: str) -> str:
    return _agency(name) if is_agency(name) else name


def _likest(each: Witness, holders: Mapping[int, Sequence[Witness]]) -> Witness | None:
    """The earlier article with most of the same text; None when none has enough of it."""
    common: dict[str, int] = defaultdict(int)
    earlier: dict[str, Witness] = {}
    for value in each.fingerprint:
        for other in holders.get(value, ()):
            common[other.article.id] += 1
            earlier[other.article.id] = other
    likely = sorted((-count, name) for name, count in common.items() if count >= MIN_COMMON)[:8]
    for _, name in likely:
        other = earlier[name]
        if other.article.publisher.domain != each.article.publisher.domain and near_copies(
            each.fingerprint, each.shingles, other.fingerprint, other.shingles
        ):
            return other
    return None


def _text_tie(kind: TieKind, each: Witness, source: Witness) -> Tie:
    share, of_source = shares(each.fingerprint, each.shingles, source.fingerprint, source.shingles)
    return Tie(
        kind=kind,
        article_id=each.article.id,
        source_id=source.article.id,
        source=source.article.publisher.name,
        share=round(share, 2),
        share_of_source=round(of_source, 2),
    )


def _carried(
    ties: Iterable[Tie], ordered: Iterable[Witness], groups: Mapping[str, Sequence[Witness]]
) -> Mapping[str, tuple[str, ...]]:
    """For each origin the articles that carry its text beside a report of their own."""
    group_of = {each.article.id: key for key, members in groups.items() for each in members}
    of_agency = {credit: group_of[each.article.id] for each in ordered for credit in each.credits[:1]}
    carried: dict[str, list[str]] = defaultdict(list)
    named = {each.article.id: each.carried for each in ordered}
    for tie in ties:
        if tie.kind == "carries":
            source = group_of.get(tie.source_id) or next(
                (of_agency[name] for name in named[tie.article_id] if name in of_agency), ""
            )
            if source and source != group_of[tie.article_id] and tie.article_id not in carried[source]:
                carried[source].append(tie.article_id)
    return defaultdict(tuple, {key: tuple(ids) for key, ids in carried.items()})
