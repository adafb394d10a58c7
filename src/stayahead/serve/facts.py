"""Lays out on a story's page what its reports state: figures, quotes, and what each report was the first to say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stayahead.model import ArticleClaims, Claim, StoryArticle
from stayahead.serve.figure_views import SLOTS, SlotView, figure_words, figures_view
from stayahead.serve.quote_views import QuotesView, quotes_view
from stayahead.serve.withheld import for_everybody
from stayahead.stories.figures import FigureLedger, figure_ledger, origins_today, value_of
from stayahead.stories.quote_ledger import QuoteLedger

ADDED_MOST = 3
"""Things that one report was the first to say which its line in the timeline names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Added:
    """Something that nobody in the story said before, and the claim that leads to it."""

    words: str
    """As it goes on behind the verb: "44 dead", a name."""
    verb: str
    claim: Claim


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the reports of a story state, as its page shows it."""

    figures: tuple[SlotView, ...] = ()
    quotes: QuotesView = field(default_factory=QuotesView)
    added: Mapping[str, tuple[Added, ...]] = field(default_factory=dict)
    """By article."""


def story_facts(
    articles: Sequence[ArticleClaims],
    *,
    quotes: QuoteLedger,
    origins: Mapping[str, str],
    may_read: bool,
    is_whole: bool,
) -> Facts:
    """What the articles state.

    Args:
        articles: the story's newest, with their claims.
        quotes: those of the story, laid together.
        origins: the origin of each article as the story's spread has it, by the article's id.
        may_read: whether this reader may read full texts here.
        is_whole: the story has no other articles; else nobody knows who said a thing first.
    """
    counted = articles if may_read else [for_everybody(each) for each in articles]
    today = origins_today(each.article for each in articles)

    def origin_of(article: StoryArticle) -> str:
        return origins.get(article.id) or today(article)

    figures = figure_ledger(counted, origin_of=origin_of)
    return Facts(
        figures=figures_view(figures),
        quotes=quotes_view(quotes, may_read=may_read),
        added=_added(articles, figures, quotes) if is_whole else {},
    )


def _added(
    articles: Sequence[ArticleClaims], figures: FigureLedger, quotes: QuoteLedger
) -> Mapping[str, tuple[Added, ...]]:
    """What each article was the first to say; nothing of those that came after one that nobody has analysed."""
    unread = [each.article.placed_at for each in articles if not each.is_analysed]
    added: dict[str, list[Added]] = {}
    for article, each in (*_first_figures(figures), *_first_quotes(quotes)):
        if not unread or article.placed_at < min(unread):
            added.setdefault(article.id, []).append(each)
    return {article_id: tuple(each[:ADDED_MOST]) for article_id, each in added.items()}


def _first_figures(ledger: FigureLedger) -> Iterator[tuple[StoryArticle, Added]]:
    for slot in SLOTS:
        known: set[tuple[int | float, int | float | None]] = set()
        for line in reversed(ledger[slot].lines if slot in ledger else ()):
            if line.is_leading and value_of(line.figure) not in known:
                known.add(value_of(line.figure))
                yield line.article, Added(verb="say", words=figure_words(line.figure), claim=line.claim)


def _first_quotes(ledger: QuoteLedger) -> Iterator[tuple[StoryArticle, Added]]:
    known: set[str] = set()
    for line in reversed(ledger):
        if line.speaker and line.speaker not in known:
            known.add(line.speaker)
            first = line.tellings[0]
            yield first.article, Added(verb="quote", words=line.speaker, claim=first.claim)
