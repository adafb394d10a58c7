"""A story's figures: for each slot the range now, the latest, who says which, how it changed, and what disagrees.

A fold over the claims of the articles that the story has, like `ledger`: nothing of it is kept. An article speaks for a
slot by its leading figure, the first total of its headline or, failing that, of its text; what stands further down is
background as often as news, and is listed and not counted. A count that rises with time is an update; a conflict are
two origins of which neither has said what the other says since (docs/decisions/0166). Money and shares are of many
things in one story, so their lines are listed, and no range or conflict is told of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from stayahead.model import ArticleClaims, Claim, Figure, FigureSlot, StoryArticle
from stayahead.text import tokens

OriginOf = Callable[[StoryArticle], str]
"""The name of the origin of an article: two articles of one origin are one voice."""

WINDOW = timedelta(hours=6)
"""Figures told no further apart are of one time."""
REVISIONS_MOST = 50
CONFLICTS_MOST = 20
LEADING_BLOCKS = 3
"""Blocks of a text whose figures are its news; a report says what is new in its first paragraphs."""
RISING: frozenset[FigureSlot] = frozenset({"dead", "injured", "arrested", "displaced", "rescued"})
"""A later and higher count of these is newer, and no other view."""
OF_ONE_THING: frozenset[FigureSlot] = RISING | {"missing", "magnitude", "votes"}
"""Slots of which a story has one number at a time and place."""
CONFLICTING_BLOCKS = 1
"""Blocks of a text whose figures may disagree with others': the headline's and the first paragraph's."""
RATIO_MOST = 2.0
"""Further apart are a part and its whole, or two things: one of the 12 right ones among the first 50 that were read."""
_NUMBER_HEDGES = frozenset({"", "at least", "about", "more than", "less than", "up to"})
"""What stands before a number; any other hedge is a word for many, which stands instead of one."""
_DOER_UNTIL = 20
"""Counts of the dead up to here that differ by one differ by whether the doer is counted."""
_MAGNITUDES_APART = 0.5
"""Further apart are a quake and its aftershock."""
_BODIES_APART = 0.1
"""Votes whose sums differ by a larger share are of two bodies."""
_ABOUT = 0.1
"""How far a number that is told as "about" may be from the truth, as a share of it."""
_YEAR_DIGITS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureLine:
    """One figure, by whom it was told, and the claim that leads to its sentence."""

    figure: Figure
    article: StoryArticle
    claim: Claim
    origin: str
    is_leading: bool
    """It is what the article says of the slot, and no background."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRevision:
    """A leading figure that is another than the one told before it at that place: 30, then 41."""

    before: FigureLine
    line: FigureLine
    is_increase: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureConflict:
    """Two origins that tell different numbers of one slot and place in one window, and neither has followed since."""

    one: FigureLine
    other: FigureLine
    """The later one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotFigures:
    """Everything that a story's articles say of one slot."""

    slot: FigureSlot
    low: int | float | None
    """The range of what origins say now; None: the slot is of many things, or no figure leads."""
    high: int | float | None
    latest: FigureLine | None
    lines: tuple[FigureLine, ...]
    """The newest article's first, within an article as they stand."""
    revisions: tuple[FigureRevision, ...] = ()
    """Oldest first."""
    conflicts: tuple[FigureConflict, ...] = ()
    """Newest first."""
    now: tuple[FigureLine, ...] = ()
    """The lines that the range is of: what each origin says last, newest first."""


FigureLedger = dict[FigureSlot, SlotFigures]


def origins_today(articles: Iterable[StoryArticle]) -> OriginOf:
    """Origins as far as rows know them: publishers of one owner are one, and a copy is of what it copies."""
    by_id = {article.id: article for article in articles}

    def origin(article: StoryArticle) -> str:
        seen = {article.id}
        while (copied := by_id.get(article.copy_of)) is not None and copied.id not in seen:
            seen.add(copied.id)
            article = copied
        return article.publisher.owner or article.publisher.domain or article.copy_of or article.id

    return origin


def figure_ledger(articles: Sequence[ArticleClaims], *, origin_of: OriginOf | None = None) -> FigureLedger:
    """What the articles say in figures; in whatever order they come, the ledger is the same.

    Args:
        articles: the story's, with their claims.
        origin_of: the origin of an article; None: as `origins_today` knows it.
    """
    origin = origin_of or origins_today(each.article for each in articles)
    lines: dict[FigureSlot, list[FigureLine]] = {}
    for each in sorted(articles, key=lambda one: (one.article.placed_at, one.article.id), reverse=True):
        for line in _lines(each, origin(each.article)):
            lines.setdefault(line.figure.slot, []).append(line)
    return {slot: _slot(slot, tuple(own)) for slot, own in lines.items()}


def _lines(of: ArticleClaims, origin: str) -> Iterable[FigureLine]:
    figures = [(claim, claim.statement.value) for claim in of.claims]
    told = [(claim, figure) for claim, figure in figures if isinstance(figure, Figure)]
    leads: dict[FigureSlot, Claim] = {}
    # A headline's word for many gives way to the number in the report's first paragraphs.
    for claim, figure in sorted(told, key=lambda each: not is_number(each[1])):
        if claim.statement.block < LEADING_BLOCKS and _is_news(figure, of.article):
            leads.setdefault(figure.slot, claim)
    for claim, figure in told:
        is_leading = leads.get(figure.slot) is claim
        yield FigureLine(figure=figure, article=of.article, claim=claim, origin=origin, is_leading=is_leading)


def _is_news(figure: Figure, article: StoryArticle) -> bool:
    """A total, of no other year than the article's."""
    year = figure.as_of[-_YEAR_DIGITS:]
    is_other_year = len(year) == _YEAR_DIGITS and year.isdecimal() and int(year) != article.placed_at.year
    return not (figure.is_increment or is_other_year)


def _slot(slot: FigureSlot, lines: tuple[FigureLine, ...]) -> SlotFigures:
    leading = _saying([line for line in lines if line.is_leading])
    if slot not in OF_ONE_THING or not leading:
        latest = leading[0] if leading else None
        return SlotFigures(slot=slot, low=None, high=None, latest=latest, lines=lines)
    now = _now(slot, leading)
    return SlotFigures(
        slot=slot,
        low=min(line.figure.low for line in now),
        high=max(line.figure.low if line.figure.high is None else line.figure.high for line in now),
        latest=leading[0],
        lines=lines,
        revisions=tuple(_revisions(leading))[-REVISIONS_MOST:],
        conflicts=tuple(_conflicts(slot, leading))[:CONFLICTS_MOST],
        now=tuple(now),
    )


def _saying(leading: Sequence[FigureLine]) -> list[FigureLine]:
    """Those that say something of their own, the newest first.

    A copy tells what its original told when it was copied, and a word for many that some report has a number for tells
    nothing.
    """
    told = {line.article.id for line in leading}
    most = max((line.figure.high or line.figure.low for line in leading if is_number(line.figure)), default=0)
    own = [line for line in leading if line.article.copy_of not in told]
    return [line for line in own if is_number(line.figure) or line.figure.low > most]


def is_number(figure: Figure) -> bool:
    """Whether the report has a number, and not a word for many: "dozens", "scores"."""
    return figure.hedge in _NUMBER_HEDGES


def _now(slot: FigureSlot, leading: Sequence[FigureLine]) -> list[FigureLine]:
    """What each origin says last, in the window of the latest figure and where it holds, unless it was outgrown."""
    newest = leading[0]
    said = [line for line in _last_of_each(leading) if _is_near(line, newest) and is_same_place(line, newest)]
    return [line for line in said if not any(is_update(slot, line, later) for later in said)] or [newest]


def _last_of_each(leading: Sequence[FigureLine]) -> list[FigureLine]:
    """Each origin's newest figure for each place, newest first."""
    last: dict[str, list[FigureLine]] = {}
    for line in leading:
        own = last.setdefault(line.origin, [])
        if not any(is_same_place(line, other) for other in own):
            own.append(line)
    return [line for line in leading if any(line is each for each in last[line.origin])]


def _revisions(leading: Sequence[FigureLine]) -> Iterable[FigureRevision]:
    """The steps of what is told, oldest first; a lower count is one only where its own origin told a higher one.

    A report that was revised says now what it did not say at its place in time: nobody else's count follows it.
    """
    told: list[FigureLine] = []
    for line in reversed(leading):
        before = next((each for each in reversed(told) if is_same_place(each, line)), None)
        if before is None:
            told.append(line)
            continue
        is_increase = line.figure.low > before.figure.low
        is_own = before.origin == line.origin
        if not disjoint(before.figure, line.figure) or not (is_increase or is_own):
            continue
        told.append(line)
        if is_own or not before.article.revision:
            yield FigureRevision(before=before, line=line, is_increase=is_increase)


def _conflicts(slot: FigureSlot, leading: Sequence[FigureLine]) -> Iterable[FigureConflict]:
    """Each two values that disagree, by their newest lines, newest first."""
    seen: set[tuple[object, ...]] = set()
    last = _last_of_each(leading)
    for at, other in enumerate(last):
        for one in last[at + 1 :]:
            if not _is_near(one, other):
                break
            if one.origin == other.origin or not _disagree(one, other):
                continue
            values = tuple(sorted(((one.figure.low, one.figure.high or 0), (other.figure.low, other.figure.high or 0))))
            if values in seen or is_update(slot, one, other) or _is_outgrown(slot, one, other, last):
                continue
            seen.add(values)
            yield FigureConflict(one=one, other=other)


def _disagree(one: FigureLine, other: FigureLine) -> bool:
    """Whether two lines surely speak of the same thing, and say what cannot both be true."""
    if max(one.claim.statement.block, other.claim.statement.block) >= CONFLICTING_BLOCKS:
        return False
    is_one_time = one.figure.as_of == other.figure.as_of
    return is_one_time and _are_of_one(one.figure, other.figure) and is_same_place(one, other)


def _are_of_one(one: Figure, other: Figure) -> bool:
    """Whether two figures differ as two counts of one thing do."""
    low, high = sorted((one.low, other.low))
    if not disjoint(one, other) or high > RATIO_MOST * max(low, 1):
        return False
    match one.slot:
        case "dead":
            return high - low > 1 or high > _DOER_UNTIL
        case "magnitude":
            return high - low <= _MAGNITUDES_APART
        case "votes":
            sums = sorted(each.low + (each.high or 0) for each in (one, other))
            return sums[1] - sums[0] <= _BODIES_APART * sums[1]
        case _:
            return True


def _is_outgrown(slot: FigureSlot, one: FigureLine, other: FigureLine, last: Sequence[FigureLine]) -> bool:
    """Whether a later and higher count of anybody stands above both: they are of a time that is over."""
    newest = max(one.article.placed_at, other.article.placed_at)
    return slot in RISING and any(
        is_update(slot, one, line) and is_update(slot, other, line) and line.article.placed_at > newest for line in last
    )


def is_update(slot: FigureSlot, one: FigureLine, later: FigureLine) -> bool:
    """Whether the second is a newer count, and no other view."""
    if later.article.placed_at <= one.article.placed_at or slot not in RISING:
        return False
    return later.figure.low > one.figure.low or (later.figure.high or 0) > (one.figure.high or later.figure.low)


def _is_near(one: FigureLine, other: FigureLine) -> bool:
    return abs(one.article.placed_at - other.article.placed_at) <= WINDOW


def is_same_place(one: FigureLine, other: FigureLine) -> bool:
    """Whether two figures may be of one place: one names none, or their names share a word."""
    if not one.figure.place or not other.figure.place or one.figure.place == other.figure.place:
        return True
    return not set(tokens(one.figure.place)).isdisjoint(tokens(other.figure.place))


def value_of(figure: Figure) -> tuple[int | float, int | float | None]:
    """The number, or both ends of the range: what two reports share that tell the same."""
    return figure.low, figure.high


def disjoint(one: Figure, other: Figure) -> bool:
    """Whether two figures cannot both be true, as surely as they are told: "at least 30" and 34 can."""
    if one.slot in {"votes", "score"}:
        return {one.low, one.high} != {other.low, other.high}
    (low, high), (other_low, other_high) = _bounds(one), _bounds(other)
    return high < other_low or other_high < low


def _bounds(figure: Figure) -> tuple[float, float]:
    low, high = float(figure.low), float(figure.low if figure.high is None else figure.high)
    match figure.hedge:
        case "":
            return low, high
        case "about":
            return low * (1 - _ABOUT), high * (1 + _ABOUT)
        case "up to" | "less than":
            return 0.0, high
        case _:
            return low, float("inf")


def moved(before: datetime, ledger: FigureLedger) -> tuple[FigureRevision, ...]:
    """The revisions of all slots since then, oldest first."""
    steps = [step for each in ledger.values() for step in each.revisions if step.line.article.placed_at > before]
    return tuple(sorted(steps, key=lambda step: (step.line.article.placed_at, step.line.article.id)))
