"""Puts a story in the order in which its page tells it: copies under their original, publishers by their country."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from stayahead.model import Block, Story, StoryArticle, StoryLink, SummarySentence, Witness
from stayahead.serve import names
from stayahead.serve.cursors import place_text
from stayahead.serve.formatting import speaker
from stayahead.stories.first_report import FirstReport, first_report
from stayahead.stories.first_report import sentence as first_sentence
from stayahead.stories.spread import precedence, repeated, spread
from stayahead.stories.summary import reports, summarize

ARTICLES_ASKED = 200
"""A story's newest articles of which its page says who had it from whom."""
_HEADINGS = {"follows": "What came before", "followed_by": "What came after", "related": "Related"}


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineEntry:
    """An article of the timeline with its copies, oldest first."""

    article: StoryArticle
    copies: tuple[StoryArticle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PublisherView:
    """One publisher of a country, with what it wrote and who copied it."""

    name: str
    kind: str
    articles: int
    is_origin: bool
    copied_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CountryView:
    """The publishers of one country; the name is empty when it is unknown."""

    name: str
    publishers: tuple[PublisherView, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as its page tells it."""

    story: Story
    lead: StoryArticle | None
    first: StoryArticle | None
    timeline: tuple[TimelineEntry, ...]
    """Newest first."""
    summary: tuple[SummarySentence, ...]
    countries: tuple[CountryView, ...]
    copies: int
    is_whole: bool
    """All of its articles are here."""
    is_newest: bool
    """The newest of its articles are here; else it is a page of older ones."""
    older: str
    """The place from which the next page goes on; empty when there is none."""
    arrivals: tuple[datetime, ...]
    """When each origin was placed, oldest first: the pace line."""
    links: tuple[tuple[str, tuple[StoryLink, ...]], ...]
    """The stories that it stands beside, under a heading each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of a block's text; with a url it is a link."""

    text: str
    url: str = ""


def story_view(story: Story, *, is_newest: bool = True) -> StoryView:
    """The story with copies folded under their original and origins gathered by country.

    On its first page (`is_newest`) stand its newest articles and its newest reports, which a flood of copies would
    otherwise hide; on the next ones the articles of that page, with the originals of the copies among them.
    """
    shown = {article.id: article for article in (*story.articles, *story.originals)}
    if is_newest:
        shown |= {article.id: article for article in story.reports}
    articles = sorted(shown.values(), key=precedence)
    originals = _originals(articles)
    copies: dict[str, list[StoryArticle]] = {}
    for article in articles:
        if originals[article.id] != article.id:
            copies.setdefault(originals[article.id], []).append(article)
    timeline = tuple(
        TimelineEntry(article=article, copies=tuple(copies.get(article.id, ())))
        for article in reversed(articles)
        if originals[article.id] == article.id
    )
    return StoryView(
        story=story,
        lead=story.lead or story.first,
        first=story.first,
        timeline=timeline,
        summary=summarize(story.head, reports(story.reports)),
        countries=_countries(timeline),
        copies=len(articles) - len(timeline),
        is_whole=is_newest and story.older is None,
        is_newest=is_newest,
        older=place_text(story.older) if story.older is not None else "",
        arrivals=tuple(article.placed_at for article in articles if article.is_origin),
        links=tuple(
            (heading, links)
            for kind, heading in _HEADINGS.items()
            if (links := tuple(link for link in story.links if link.kind == kind))
        ),
    )


def _originals(articles: Sequence[StoryArticle]) -> dict[str, str]:
    """For each article the one at the end of its chain of copies; broken or circular chains end where they break."""
    copy_of = {article.id: article.copy_of for article in articles}
    ends: dict[str, str] = {}
    for article in articles:
        at, chain = article.id, {article.id}
        while copy_of[at] in copy_of and copy_of[at] not in chain:
            at = copy_of[at]
            chain.add(at)
        ends[article.id] = article.id if copy_of[at] in chain else at
    return ends


def _countries(timeline: Iterable[TimelineEntry]) -> tuple[CountryView, ...]:
    by_country: dict[str, dict[str, list[TimelineEntry]]] = {}
    for entry in timeline:
        publisher = entry.article.publisher
        by_country.setdefault(publisher.country, {}).setdefault(publisher.domain, []).append(entry)
    countries = [
        CountryView(name=names.country(code), publishers=tuple(_publisher(each) for each in publishers.values()))
        for code, publishers in by_country.items()
    ]
    return tuple(sorted(countries, key=lambda country: (not country.name, -len(country.publishers), country.name)))


def _publisher(entries: Sequence[TimelineEntry]) -> PublisherView:
    # Who speaks for itself, if it does so anywhere: a feed may have articles of its own beside what it passes on.
    publisher = min((each.article.publisher for each in entries), key=lambda each: each.passes_on)
    copied_by = dict.fromkeys(speaker(copy.publisher) for each in entries for copy in each.copies)
    return PublisherView(
        name=speaker(publisher),
        kind=publisher.kind.value,
        articles=len(entries),
        is_origin=any(each.article.is_origin for each in entries),
        copied_by=tuple(copied_by),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginsView:
    """Both folds of a story's articles, for its page."""

    repeated: str
    """Which texts stand in many articles; empty when none does."""
    first: FirstReport | None
    first_sentence: str
    origin_of: Mapping[str, str]
    """Which articles are of one origin: a number for each article, by its id."""


def origins_view(witnesses: Sequence[Witness], *, origins: int) -> OriginsView:
    """What the page of a story that counts so many origins says of them."""
    told = spread(witnesses)
    first = first_report(witnesses, told)
    return OriginsView(
        repeated=repeated(told),
        first=first,
        first_sentence=first_sentence(first, origins=origins) if first else "",
        origin_of={
            article_id: f"{number}" for number, each in enumerate(told.origins) for article_id in each.article_ids
        },
    )


def spans(block: Block) -> tuple[Span, ...]:
    """A block's text cut at its links; links that overlap or lie outside are left as text."""
    pieces: list[Span] = []
    at = 0
    for link in sorted(block.links, key=lambda link: (link.start, link.end)):
        if at <= link.start < link.end <= len(block.text):
            pieces += [
                Span(text=block.text[at : link.start]),
                Span(text=block.text[link.start : link.end], url=link.url),
            ]
            at = link.end
    pieces.append(Span(text=block.text[at:]))
    return tuple(span for span in pieces if span.text)
