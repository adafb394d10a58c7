"""A story's ledger: who claims what, folded from the claims of its articles whenever somebody reads it.

Nothing of it is kept with the story, so merges, splits, sleep and removals cost nothing: a ledger is of the articles
that a story has, and two stories' ledgers laid together are the ledger of the story that they become.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stayahead.model import ArticleClaims, CasualtyFigure, CasualtySlot, Claim, StoryArticle


@dataclass(frozen=True, slots=True, kw_only=True)
class CasualtyLine:
    """One count, by whom it was told, and the claim that leads to its sentence."""

    count: int
    article: StoryArticle
    claim: Claim


CasualtyLedger = dict[CasualtySlot, tuple[CasualtyLine, ...]]
"""For each slot that anybody counts its lines, those of the newest article first, within an article as they stand."""


def casualty_ledger(articles: Iterable[ArticleClaims]) -> CasualtyLedger:
    """What the articles say of casualties; in whatever order they come, the ledger is the same."""
    lines: dict[CasualtySlot, list[CasualtyLine]] = {"dead": [], "hurt": [], "missing": []}
    for each in sorted(articles, key=_newness, reverse=True):
        for claim in each.claims:
            value = claim.statement.value
            if isinstance(value, CasualtyFigure):
                lines[value.slot].append(CasualtyLine(count=value.count, article=each.article, claim=claim))
    return {slot: tuple(own) for slot, own in lines.items() if own}


def _newness(each: ArticleClaims) -> tuple[object, str]:
    return each.article.placed_at, each.article.id
