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
from stayahead.analyze.fingerprint import LONG_SHARE, MIN_COMMON, shares
from stayahead.model import StoryArticle, Witness
from stayahead.stories.aspects.origins import Origins, is_credited, keys_of, origin_key

_COMPARED_MOST = 20
"""Articles of one agency, the earliest, that are compared with a text that credits it."""
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

    @property
    def is_of_text(self) -> bool:
        """Whether so much of one stands in the other that they tell one text."""
        return self.source_id != "" and (self.kind != "credit" or max(self.share, self.share_of_source) >= LONG_SHARE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """One independent voice, with all that repeats it."""

    name: str
    article_ids: tuple[str, ...]
    """Whose report it is, in order of time, reprints among them."""
    publishers: int
    carried_by: tuple[str, ...]
    """Articles that hold its text beside a report of their own: each is an origin too."""
    of_one_text: int = 1
    """Most articles, among all of these, that are tied to each other by their texts; the rest only name whom they rest
    on, or hold another report of it."""


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


def precedence(article: StoryArticle) -> tuple[datetime, datetime, bool, str]:
    """By what articles stand in their order wherever one is told; of one second whoever was seen first, and no copy."""
    return article.placed_at, article.seen_at, article.copy_of != "", article.id


def spread(witnesses: Iterable[Witness]) -> Spread:
    """The spread of a story; in whatever order its articles come, it is the same."""
    ordered = sorted(witnesses, key=lambda each: precedence(each.article))
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
    listed = [_origin(key, members, carried[key], ties) for key, members in groups.items()]
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
    own = len(origin.carried_by)
    every = len(origin.article_ids) + own
    if origin.publishers == 1 and not own:
        return f"{every} are by {origin.name}"
    beside = f" ({own} of them beside {'a report' if own == 1 else 'reports'} of {'its' if own == 1 else 'their'} own)"
    beside = beside if own else ""
    if origin.of_one_text == every:
        return f"{every} carry one text of {origin.name}{beside}"
    text = f", {origin.of_one_text} of them on one text" if origin.of_one_text > 1 else ""
    return f"{every} rest on {origin.name}{beside}{text}"


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


def _origin(key: str, members: Sequence[Witness], carried_by: tuple[str, ...], ties: Iterable[Tie]) -> Origin:
    return Origin(
        name=_name(key, members),
        article_ids=tuple(each.article.id for each in members),
        publishers=len({_voice(each) for each in members}),
        carried_by=carried_by,
        of_one_text=_most_of_one_text({*(each.article.id for each in members), *carried_by}, ties),
    )


def _most_of_one_text(ids: set[str], ties: Iterable[Tie]) -> int:
    """How many of those articles hold the text that most of them hold: they are tied to each other by what they say."""
    text_of = {article_id: article_id for article_id in ids}
    held: dict[str, set[str]] = {article_id: {article_id} for article_id in ids}
    for tie in ties:
        if tie.article_id in ids and tie.source_id in ids and tie.is_of_text:
            one, other = sorted((text_of[tie.article_id], text_of[tie.source_id]), key=lambda text: len(held[text]))
            if one != other:
                text_of |= dict.fromkeys(held[one], other)
                held[other] |= held.pop(one)
    return max(map(len, held.values()), default=0)


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
    own_of = _own_of_agencies(ordered, counted)
    holders: dict[int, list[Witness]] = defaultdict(list)
    ties: list[Tie] = []
    for each in ordered:
        keys = counted[each.article.id].origin_keys
        source = by_id.get(each.article.copy_of) or _likest(each, holders)
        if source is not None and is_credited(counted[source.article.id].origin_keys, keys):
            source = None  # its customer was read first: the tie is the customer's
        credit = keys[-1][2:] if keys[-1].startswith("c:") else ""
        if each.article.copy_of and source is not None:
            ties.append(_text_tie("copy", each, source))
        elif credit:
            source = source or _credited(each, own_of.get(credit, ()))
            ties.append(_text_tie("credit", each, source) if source else _named_tie("credit", each, credit))
        elif source is not None:
            ties.append(_text_tie("carries", each, source))
        else:
            ties.extend(_named_tie("carries", each, name) for name in each.carried)
        for value in each.fingerprint:
            holders[value].append(each)
    return ties


def _own_of_agencies(ordered: Iterable[Witness], counted: Mapping[str, _Counted]) -> Mapping[str, list[Witness]]:
    """The articles of each agency's own site, in order."""
    own_of: dict[str, list[Witness]] = defaultdict(list)
    for each in ordered:
        for key in counted[each.article.id].origin_keys:
            if key.startswith("a:"):
                own_of[key[2:]].append(each)
    return own_of


def _credited(each: Witness, own: Sequence[Witness]) -> Witness | None:
    """The agency's article that one of its customers rests on: the likest, and where none is alike the only one."""
    most = max(own[:_COMPARED_MOST], key=lambda other: max(_shares(each, other)), default=None)
    return most if most is not None and (len(own) == 1 or max(_shares(each, most)) >= LONG_SHARE) else None


def _shares(each: Witness, other: Witness) -> tuple[float, float]:
    return shares(each.fingerprint, each.shingles, other.fingerprint, other.shingles)


def _named_tie(kind: TieKind, each: Witness, name: str) -> Tie:
    """A tie to somebody of whom only the name is known."""
    source = _credit(name)
    return Tie(kind=kind, article_id=each.article.id, source_id="", source=source, share=0.0, share_of_source=0.0)


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
    share, of_source = _shares(each, source)
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
