"""Shows what a story's reports count: each slot as a line of words and a small drawing of every report over time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from stayahead.model import Figure, FigureSlot
from stayahead.serve.formatting import count, speaker
from stayahead.stories.figures import RISING, FigureConflict, FigureLedger, FigureLine, SlotFigures, is_number, value_of

SLOTS: tuple[FigureSlot, ...] = (
    "dead", "missing", "injured", "rescued", "displaced", "arrested", "magnitude", "votes",
)  # fmt: skip
"""Those of which a story has one number at a time, in the order of the page; sums and shares are of many things."""
CONFLICTS_MOST = 3
VALUES_MOST = 4
"""Values of now that are listed under a slot, each with its reports."""
CARRIERS_MOST = 4
"""Reports that are named beside one value."""
LINES_MOST = 20
"""Reports listed under one slot, the newest; the rest are counted."""
DOTS_MOST = 60
"""Reports in one drawing: each value's first, then the newest."""

WIDTH, HEIGHT = 320, 96
"""Units of the drawing, which is shown in as many pixels: its words are as large as the page's."""
_LEFT, _RIGHT, _TOP, _BASE = 7, 54, 20, 88
"""Edges of the field; to the right of it stands the latest value."""
_WORDS: dict[FigureSlot, str] = {"magnitude": "magnitude {}", "votes": "{} votes"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Dot:
    """One report in the drawing."""

    line: FigureLine
    words: str
    """What it says and who, for who points at it."""
    x: float
    y: float
    top: float
    """Where the other end of a range is; y: it is one number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The reports of a slot over time."""

    words: str
    """What it shows, for who cannot see it."""
    dots: tuple[Dot, ...]
    """Oldest first."""
    steps: str
    """A path in units of the drawing: the highest count so far, in slots that only rise, and the latest until now."""
    first: str
    latest: str
    """The first value and the latest, as they are written beside their dots."""
    latest_y: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value, and the reports that have it."""

    words: str
    lines: tuple[FigureLine, ...]
    """The newest first, one of each publisher."""
    more: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotView:
    """One slot as the page tells it."""

    slot: FigureSlot
    latest: FigureLine
    words: str
    """The latest value: "44 dead"."""
    reach: str
    """How it stands to what the others say: "by the latest, 41 to 47 among 5 origins"."""
    conflicts: tuple[FigureConflict, ...]
    now: tuple[Value, ...]
    """What the origins say last, where that is more than one value."""
    lines: tuple[FigureLine, ...]
    """All reports that say so, the newest first, where they are more than the lines above name."""
    more: int
    chart: Chart | None
    """None: it was told once, or always the same."""


def figures_view(ledger: FigureLedger) -> tuple[SlotView, ...]:
    """The slots of which the story has a number, the gravest first."""
    return tuple(_slot(ledger[slot], latest) for slot in SLOTS if slot in ledger and (latest := ledger[slot].latest))


def value_words(figure: Figure) -> str:
    """The number as the report has it: "at least 41", "41 to 47", "dozens"."""
    if not is_number(figure):
        return figure.hedge
    number = " to ".join(f"{each:,}" for each in value_of(figure) if each is not None)
    return f"{figure.hedge} {number}".strip()


def figure_words(figure: Figure) -> str:
    """The number with what it counts: "at least 41 dead", "magnitude 6.8"."""
    return _WORDS.get(figure.slot, f"{{}} {figure.slot}").format(value_words(figure))


def _slot(told: SlotFigures, latest: FigureLine) -> SlotView:
    leading = [line for line in told.lines if line.is_leading]
    numbers = [line for line in leading if is_number(line.figure)] or leading
    values = _values(told.now)
    chart = _chart(told.slot, numbers, latest)
    # A slot that all tell alike needs no list of the same number.
    lines = leading if chart else []
    return SlotView(
        slot=told.slot,
        latest=_source(latest, leading),
        words=figure_words(latest.figure),
        reach=_reach(told, latest, leading),
        conflicts=told.conflicts[:CONFLICTS_MOST],
        now=values[:VALUES_MOST],
        lines=tuple(lines[:LINES_MOST]),
        more=max(0, len(lines) - LINES_MOST),
        chart=chart,
    )


def _reach(told: SlotFigures, latest: FigureLine, leading: Sequence[FigureLine]) -> str:
    voices = len({line.origin for line in told.now})
    if told.low != told.high and told.slot != "votes" and voices > 1:
        return f"by the latest, {told.low:,} to {told.high:,} among {voices} origins"
    if voices > 1:
        return f"by {voices} origins"
    by = speaker(_source(latest, leading).article.publisher)
    return f"by the latest, {by}" if len({value_of(line.figure) for line in leading}) > 1 else f"by {by}"


def _source(line: FigureLine, leading: Sequence[FigureLine]) -> FigureLine:
    """The report of its origin that had its value first: a copy says nothing of its own."""
    same = (each for each in reversed(leading) if each.origin == line.origin)
    return next((each for each in same if value_of(each.figure) == value_of(line.figure)), line)


def _values(now: Iterable[FigureLine]) -> tuple[Value, ...]:
    """The values that origins have now, the highest first, each with its reports."""
    lines: dict[tuple[int | float, int | float | None], dict[str, FigureLine]] = {}
    for line in sorted(now, key=lambda line: line.figure.low, reverse=True):
        lines.setdefault(value_of(line.figure), {}).setdefault(line.article.publisher.domain, line)
    return tuple(
        Value(
            words=value_words(next(iter(own.values())).figure),
            lines=tuple(islice(own.values(), CARRIERS_MOST)),
            more=max(0, len(own) - CARRIERS_MOST),
        )
        for own in lines.values()
    )


def _chart(slot: FigureSlot, leading: Sequence[FigureLine], latest: FigureLine) -> Chart | None:
    first = leading[-1]
    span = (leading[0].article.placed_at - first.article.placed_at).total_seconds()
    most = max(_high(line) for line in leading)
    if not span or most <= 0 or slot == "votes" or len({value_of(line.figure) for line in leading}) == 1:
        return None

    def dot(line: FigureLine) -> Dot:
        passed = (line.article.placed_at - first.article.placed_at).total_seconds()
        y, top = (round(_BASE - (_BASE - _TOP) * number / most, 1) for number in (line.figure.low, _high(line)))
        x = round(_LEFT + (WIDTH - _LEFT - _RIGHT) * passed / span, 1)
        return Dot(line=line, words=_dot_words(line), x=x, y=y, top=top)

    dots = tuple(dot(line) for line in reversed(_drawn(leading)))
    ends = f"from {value_words(first.figure)} to {value_words(latest.figure)}"
    return Chart(
        words=f"{slot}: {count(len(leading), 'report')}, {ends}",
        dots=dots,
        steps=(_steps(dots) if slot in RISING else "") + _until_now(dot(latest)),
        first=value_words(first.figure),
        latest=value_words(latest.figure),
        latest_y=dot(latest).y,
    )


def _drawn(leading: Sequence[FigureLine]) -> list[FigureLine]:
    """As many as a drawing can hold, in their order; the oldest and the first of each value are what it is for."""
    if len(leading) <= DOTS_MOST:
        return list(leading)
    firsts = {value_of(line.figure): at for at, line in enumerate(leading)}
    kept = sorted(firsts.values(), reverse=True)[: DOTS_MOST // 2]
    newest = (at for at in range(len(leading)) if at not in kept)
    return [leading[at] for at in sorted({*kept, *islice(newest, DOTS_MOST - len(kept))})]


def _steps(dots: Sequence[Dot]) -> str:
    """The highest count so far, as it rose; a copy repeats what its original may have corrected since."""
    own = [dot for dot in dots if not dot.line.article.copy_of] or dots
    path, height = f"M{own[0].x} {own[0].y}", own[0].y
    for dot in own:
        if dot.y < height:
            path, height = f"{path}H{dot.x}V{dot.y}", dot.y
    return f"{path}H{WIDTH - _RIGHT}"


def _until_now(latest: Dot) -> str:
    """The latest value holds until something newer is told, whatever a copy says after it."""
    return f"M{latest.x} {latest.y}H{WIDTH - _RIGHT}" if latest.x < WIDTH - _RIGHT else ""


def _high(line: FigureLine) -> float:
    return float(line.figure.low if line.figure.high is None else line.figure.high)


def _dot_words(line: FigureLine) -> str:
    return f"{figure_words(line.figure)}, {speaker(line.article.publisher)}"
