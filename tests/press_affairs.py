"""How the affairs of the press come out today: each as one story, but for one known tear."""

from __future__ import annotations

from stayahead.demo import Press

TORN: dict[str, tuple[frozenset[str], ...]] = {
    "dam": (
        frozenset({"brackwaterpost/council-puts-off-spillway-repair"}),
        frozenset(
            {
                "northwire/alert-dam-above-brackwater-breached",
                "courier/dam-above-brackwater-breached",
                "radio/sirens-in-brackwater",
                "northwire/northwire-withdraws-report-of-dam-breach",
                "brackwaterpost/dam-stands-false-alarm",
            }
        ),
    )
}
"""Affairs that end as several stories, with the articles of each (`docs/decisions/0039`, `0155`).

An affair that has become whole is taken out here. One that tears is a fault of the change that tears it.
"""


def expected_stories(press: Press) -> set[frozenset[str]]:
    """The articles of every story at the end of the afternoon, each by its key in the script."""
    whole: dict[str, set[str]] = {}
    for piece in press.script.pieces:
        if piece.story not in TORN:
            whole.setdefault(piece.story, set()).add(piece.key)
    return {frozenset(keys) for keys in whole.values()} | {part for parts in TORN.values() for part in parts}


def stories_by_any_clock(press: Press) -> tuple[set[frozenset[str]], ...]:
    """What the demo may end with: there the machine decides which report is read first.

    The denial joins its dam by little once two reports of it are there, and stays apart where it was read before them.
    """
    denial = frozenset({"brackwaterpost/dam-stands-false-alarm"})
    whole = expected_stories(press)
    torn = {each - denial for each in whole} | {denial}
    return whole, torn
