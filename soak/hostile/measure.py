"""Makes the numbers of a hostile run from what was seen, and says which bars they fail; pure, so that it can be tested.

Every arithmetic errs against the service: what had not come when the run ended counts as if it came that moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

STALL_MOST_S = 0.1
MEMORY_MOST = 600_000_000
LAG_MOST_S = 10.0
ALL_MEMORY_MOST = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Beat:
    """One question to `/healthz` or to the idle process: when it was due, how long its answer took, and its status."""

    due: float
    took: float
    status: int
    """0: the connection failed, or no answer came by the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """What a run may cost at most."""

    stall_s: float = STALL_MOST_S
    memory: int = MEMORY_MOST
    lag_s: float = LAG_MOST_S


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one run showed."""

    name: str
    stall_s: float
    raw_stall_s: float
    """Without what the idle process waited meanwhile."""
    memory: int
    """Bytes, PSS of the whole tree, the largest sample."""
    lag_s: float
    articles: int
    """Honest articles that were seen in the API."""
    asked: int
    """Requests that the attackers answered or made: an attack that nobody met measures nothing."""
    ended: str = ""
    """How the service ended when it did not survive; empty: it lived, and ended when asked."""
    faults: tuple[str, ...] = ()
    """What else is wrong."""
    notes: tuple[str, ...] = ()
    """What is to be known, and no fault."""
    is_end_right: bool = False
    """It had to end: only its faults are judged."""


def not_run(name: str, why: str) -> Row:
    """A run that could not be made; it fails."""
    return Row(name=name, stall_s=0.0, raw_stall_s=0.0, memory=0, lag_s=0.0, articles=0, asked=0, ended=why)


def longest_stall_s(service: Iterable[Beat], idle: Sequence[Beat]) -> float:
    """The longest wait for the service, less the longest that the idle process took *during that very wait*.

    Not less the idle process' longest of the whole run: one pause of the machine would excuse every stall.
    """
    return max((beat.took - _idle_s(beat, idle) for beat in service), default=0.0)


def _idle_s(beat: Beat, idle: Sequence[Beat]) -> float:
    end = beat.due + beat.took
    return min(beat.took, max((other.took for other in idle if beat.due <= other.due <= end), default=0.0))


def lags_s(
    created: Mapping[str, float], seen: Mapping[str, float], polls: Sequence[float], *, every_s: float, end: float
) -> dict[str, float]:
    """For each honest article the time from when the poll that could see it was due until it was in the API.

    A poll is due `every_s` after the one before; where that one is overdue already, from the article's own time on.
    An article that was never seen waits until the end; one whose poll was not due by then says nothing.
    """
    lags = {}
    for word, time in created.items():
        before = max((poll for poll in polls if poll < time), default=time - every_s)
        due = max(time, before + every_s)
        if word in seen:
            lags[word] = max(seen[word] - due, 0.0)
        elif due < end:
            lags[word] = end - due
    return lags


def pss_bytes(smaps_rollups: Iterable[str]) -> int:
    """The sum of the `Pss:` lines of these `/proc/*/smaps_rollup`."""
    lines = (line.split() for text in smaps_rollups for line in text.splitlines())
    return sum(int(words[1]) * 1024 for words in lines if len(words) >= 2 and words[0] == "Pss:")


def descendants(parents: Mapping[int, int], root: int) -> list[int]:
    """The process and all below it, from each process' parent."""
    tree = [root]
    for pid in tree:
        tree.extend(child for child, parent in parents.items() if parent == pid and child not in tree)
    return tree


def wrong(row: Row, bars: Bars) -> list[str]:
    """The bars that the run fails, each as a line."""
    if row.is_end_right:
        return [f"{row.name}: {line}" for line in row.faults]
    lines = []
    if row.ended:
        lines.append(row.ended)
    if row.stall_s > bars.stall_s:
        lines.append(f"/healthz waited {row.stall_s * 1000:.0f} ms, at most {bars.stall_s * 1000:.0f}")
    if row.memory > bars.memory:
        lines.append(f"{row.memory / 1e6:.0f} MB, at most {bars.memory / 1e6:.0f}")
    if row.lag_s > bars.lag_s:
        lines.append(f"an honest article waited {row.lag_s:.1f} s, at most {bars.lag_s:.0f}")
    if not row.articles:
        lines.append("no honest article was seen")
    if not row.memory:
        lines.append("its memory was never seen")
    return [f"{row.name}: {line}" for line in (*lines, *row.faults)]


HEAD = """\
| attack | stall, ms (with the machine's) | PSS, MB | honest article, s (seen) | survived |
|---|---|---|---|---|"""


def table(rows: Iterable[Row], failed: Mapping[str, Sequence[str]]) -> str:
    """The rows as Markdown."""
    return "\n".join([HEAD, *(line(row, has_failed=bool(failed.get(row.name))) for row in rows)])


def line(row: Row, *, has_failed: bool) -> str:
    """One row of the table."""
    name = f"{row.name} **fails**" if has_failed else row.name
    if row.is_end_right:
        return f"| {name} | – | – | – | {row.ended} |"
    return (
        f"| {name} | {row.stall_s * 1000:.0f} ({row.raw_stall_s * 1000:.0f}) | {row.memory / 1e6:.0f} "
        f"| {row.lag_s:.1f} ({row.articles}) | {row.ended or 'yes'} |"
    )


@dataclass(slots=True)
class Samples:
    """Memory over time; the largest counts."""

    values: list[int] = field(default_factory=list)

    @property
    def most(self) -> int:
        return max(self.values, default=0)
