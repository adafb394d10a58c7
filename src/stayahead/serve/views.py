"""Views: a story's articles in, the order in which its page tells them out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from stayahead.model import Block, Story, StoryArticle, StoryLink, SummarySentence
from stayahead.serve import names
from stayahead.stories.summary import reports, summarize

_HEADINGS = {"follows": "What came before", "followed_by": "What came after", "related": "Related"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article of the timeline with its copies, oldest first."""

    article: StoryArticle
    copies: tuple[StoryArticle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """One publisher of a country, with what it wrote and who copied it."""

    name: str
    kind: str
    articles: int
    is_origin: bool
    copied_by: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Country:
    """The publishers of one country; the name is empty when it is unknown."""

    name: str
    voices: tuple[Voice, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryView:
    """A story as its page tells it."""

    story: Story
    lead: StoryArticle | None
    first: StoryArticle | None
    timeline: tuple[Told, ...]
    """Newest first."""
    summary: tuple[SummarySentence, ...]
    countries: tuple[Country, ...]
    copies: int
    arrivals: tuple[datetime, ...]
    """Of its origins, oldest first: the pace line."""
    links: tuple[tuple[str, tuple[StoryLink, ...]], ...]
    """What it stands beside, under a heading each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A run of a block's text; with a url it is a link."""

    text: str
    url: str = ""


def story_view(story: Story) -> StoryView:
    """Copies folded under their original, origins gathered by country."""
    originals = _originals(story.articles)
    copies: dict[str, list[StoryArticle]] = {}
    for article in story.articles:
        if originals[article.id] != article.id:
            copies.setdefault(originals[article.id], []).append(article)
    told = tuple(
        Told(article=article, copies=tuple(copies.get(article.id, ())))
        for article in reversed(story.articles)
        if originals[article.id] == article.id
    )
    lead = next((article for article in story.articles if article.id == story.head.lead_id), None)
    return StoryView(
        story=story,
        lead=lead or (story.articles[0] if story.articles else None),
        first=story.articles[0] if story.articles else None,
        timeline=told,
        summary=summarize(story.head, reports(story.articles)),
        countries=_countries(told),
        copies=len(story.articles) - len(told),
        arrivals=tuple(article.placed_at for article in story.articles if article.is_origin),
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
        at, seen = article.id, {article.id}
        while copy_of[at] in copy_of and copy_of[at] not in seen:
            at = copy_of[at]
            seen.add(at)
        ends[article.id] = article.id if copy_of[at] in seen else at
    return ends


def _countries(timeline: Iterable[Told]) -> tuple[Country, ...]:
    by_country: dict[str, dict[str, list[Told]]] = {}
    for told in timeline:
        publisher = told.article.publisher
        by_country.setdefault(publisher.country, {}).setdefault(publisher.domain, []).append(told)
    found = [
        Country(name=names.country(code), voices=tuple(_voice(each) for each in voices.values()))
        for code, voices in by_country.items()
    ]
    return tuple(sorted(found, key=lambda country: (not country.name, -len(country.voices), country.name)))


def _voice(told: Sequence[Told]) -> Voice:
    publisher = told[0].article.publisher
    copied_by = dict.fromkeys(copy.publisher.name for each in told for copy in each.copies)
    return Voice(
        name=publisher.name,
        kind=publisher.kind.value,
        articles=len(told),
        is_origin=any(each.article.is_origin for each in told),
        copied_by=tuple(copied_by),
    )


def spans(block: Block) -> tuple[Span, ...]:
    """A block's text cut at its links; links that overlap or lie outside are left as text."""
    cut: list[Span] = []
    at = 0
    for link in sorted(block.links, key=lambda link: (link.start, link.end)):
        if at <= link.start < link.end <= len(block.text):
            cut += [Span(text=block.text[at : link.start]), Span(text=block.text[link.start : link.end], url=link.url)]
            at = link.end
    cut.append(Span(text=block.text[at:]))
    return tuple(span for span in cut if span.text)
