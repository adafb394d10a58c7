"""A small fictional world for the pages' tests and screenshots: stories in, a `Pages` port over them out."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from stayahead.errors import UnknownStory
from stayahead.model import (
    Article,
    Block,
    BlockKind,
    Counts,
    Entry,
    Feed,
    FeedState,
    GoneStory,
    Joined,
    LinkKind,
    LinkSpan,
    MovedStory,
    Opened,
    Page,
    Position,
    Publisher,
    PublisherKind,
    ScoreParts,
    SearchHit,
    SearchPage,
    SourceHealth,
    Story,
    StoryAnswer,
    StoryArticle,
    StoryHead,
    StoryLink,
    StoryRow,
    Update,
    Version,
    WatchedFeed,
)
from stayahead.stories.summary import reports

STORIES = Path(__file__).parent / "data" / "serve" / "stories.txt"
NOW = datetime(2026, 11, 22, 14, 30, tzinfo=UTC)

_PUBLISHERS = """
Union Wire|unionwire.example|CH|en|agency
Harbour Courier|harbourcourier.example|GB|en|newspaper
The Northern Ledger|northernledger.example|GB|en|newspaper
Radio Estuaire|radio-estuaire.example|FR|fr|broadcaster
Le Quotidien du Soir|quotidiensoir.example|FR|fr|newspaper
Tagblatt am Fluss|tagblattfluss.example|DE|de|newspaper
Abendpost Mitte|abendpostmitte.example|DE|de|newspaper
صحيفة الميناء|almina.example|EG|ar|newspaper
قناة الشروق الجديد|shurouq.example|QA|ar|broadcaster
江城晚报|jiangcheng.example|CN|zh|newspaper
Diario de la Ribera|diarioribera.example|ES|es|newspaper
La Voz del Valle|vozdelvalle.example|AR|es|newspaper
Pacific Meridian|pacificmeridian.example|US|en|online
Capitol Dispatch|capitoldispatch.example|US|en|newspaper
Prairie Public Radio|prairieradio.example|US|en|broadcaster
Kyoto Minpo|kyotominpo.example|JP|ja|newspaper
Lagos Lantern|lagoslantern.example|NG|en|newspaper
Karoo Times|karootimes.example|ZA|en|newspaper
Southern Cross Post|southerncrosspost.example|AU|en|newspaper
Gazeta Brzegu|gazetabrzegu.example|PL|pl|newspaper
Touchline|touchline.example|GB|en|online
Ministry of Transport|transport.gov.example|GB|en|official
Deccan Morning|deccanmorning.example|IN|en|newspaper
Corriere del Colle|corrierecolle.example|IT|it|newspaper
"""


def _publishers() -> list[Publisher]:
    rows = (line.split("|") for line in _PUBLISHERS.strip().splitlines())
    return [
        Publisher(name=name, domain=domain, country=country, language=language, kind=PublisherKind(kind))
        for name, domain, country, language, kind in rows
    ]


PUBLISHERS = _publishers()
_BY_DOMAIN = {publisher.domain.split(".")[0]: publisher for publisher in PUBLISHERS}

_REPORTS = (
    "Coastguard: nine still missing, divers on the car deck",
    "What we know about the ferry and its route",
    "“We heard the rock before we saw it”: passengers speak",
    "Ferry company names the captain, 23 years in service",
    "Tide turns at 17:40; search will go on under lights",
    "Le ferry échoué était parti avec une heure de retard",
    "Fähre auf Grund: 203 Menschen an Land gebracht",
    "عبّارة تجنح قبالة رأس كاستل وإجلاء معظم الركاب",
    "客轮在雾中触礁，九人下落不明",
    "Fog warning had been raised at six, harbour office says",
    "Minister to visit Castell Point this evening",
)


_LEDES = {
    "Coastguard: nine": "PORT WENN (Union Wire) — Divers searched the flooded car deck for the nine people still "
    "missing on Sunday afternoon, the coastguard said. They will go on under lights after dark.",
    "What we know": "The ferry left harbour at ten past eight, an hour late, and struck the rocks in fog 46 minutes "
    "into a crossing of two hours. It has sailed the route since 2009.",
    "Ferry company": "The company that runs the ferry said its captain had 23 years in service and was among the last "
    "to be taken off. It has promised to pay for passengers’ lodging.",
    "Fog warning": "A fog warning for the coast had been in force since six in the morning, the harbour office said. "
    "Every boat had been told.",
}
"""First sentences of some of the reports, by how their titles begin."""


def identity(text: str) -> str:
    """An id of the shape that articles have."""
    return base64.b32encode(hashlib.blake2b(text.encode(), digest_size=10).digest()).decode().lower()


def story_article(
    headline: str, publisher: Publisher, at: datetime, *, lede: str = "", copy_of: str = "", language: str = ""
) -> StoryArticle:
    """An article as its story lists it."""
    name = identity(f"{publisher.domain} {headline} {at}")
    return StoryArticle(
        id=name,
        url=f"https://www.{publisher.domain}/2026/11/22/{name}",
        title=headline,
        publisher=publisher,
        placed_at=at,
        seen_at=at,
        language=language or publisher.language,
        lede=lede,
        copy_of=copy_of,
        is_origin=not copy_of,
    )


def _articles(row: str, chance: random.Random, *, is_first: bool) -> tuple[StoryArticle, ...]:
    headline, lede, lead, origins, copies, first, last = row.split("|")
    span = int(first) - int(last)
    times = sorted((chance.random() ** 1.6 for _ in range(int(origins) - 1)), reverse=True)
    lead_publisher = _BY_DOMAIN[lead]
    others = [each for each in PUBLISHERS if each is not lead_publisher]
    chance.shuffle(others)
    found = [story_article(headline, lead_publisher, NOW - timedelta(minutes=int(first)), lede=lede)]
    for index, share in enumerate(times):
        age = int(last) if index == len(times) - 1 else int(last) + share * span
        publisher = others[index % len(others)]
        if is_first:
            title = _REPORTS[index]
            publisher = _speaker(title, publisher)
        else:
            title = headline
        spoken = "" if is_first else lead_publisher.language
        own = next((text for start, text in _LEDES.items() if title.startswith(start)), "")
        at, told = NOW - timedelta(minutes=age), own if is_first else lede
        found.append(story_article(title, publisher, at, lede=told, language=spoken))
    for index in range(int(copies)):
        original = found[0] if index % 3 else found[min(1, int(origins) - 1)]
        publisher = others[(index * 5 + 3) % len(others)]
        at = min(original.placed_at + timedelta(minutes=4 + 6 * index), NOW - timedelta(minutes=int(last) + 1))
        at -= timedelta(seconds=index)
        copied = {"lede": original.lede, "copy_of": original.id, "language": original.language}
        found.append(story_article(original.title, publisher, at, **copied))
    return tuple(sorted(found, key=lambda article: (article.placed_at, article.id)))


def _speaker(title: str, publisher: Publisher) -> Publisher:
    for start, domain in (
        ("Le ", "radio-estuaire"),
        ("Fähre", "tagblattfluss"),
        ("عب", "almina"),
        ("客", "jiangcheng"),
    ):
        if title.startswith(start):
            return _BY_DOMAIN[domain]
    return publisher if publisher.language == "en" else _BY_DOMAIN["unionwire"]


def head_of(articles: Sequence[StoryArticle], lead: StoryArticle, *, story_id: str = "", key: float = 0.0) -> StoryHead:
    """The head of a story that has these articles."""
    origins = [article for article in articles if article.is_origin]
    return StoryHead(
        id=story_id or lead.id,
        headline=lead.title,
        lead_id=lead.id,
        language=lead.language,
        opened_at=articles[0].placed_at,
        importance_key=key,
        parts=ScoreParts(
            articles=len(articles),
            origins=len(origins),
            publishers=len({article.publisher.domain for article in articles}),
            countries=tuple(sorted({article.publisher.country for article in articles} - {""})),
            first_at=articles[0].placed_at,
            latest_at=max(article.placed_at for article in origins),
        ),
    )


class FixturePages:
    """The `Pages` port over values in memory; `append` adds an update, as a commit would."""

    def __init__(self, *, epoch: str = "k7f2") -> None:
        self.epoch = epoch
        self.stories: dict[str, Story] = {}
        self.moved: dict[str, str] = {}
        self.gone: dict[str, str] = {}
        self.log: list[Update] = []
        self.forgotten = 0
        self.sources: list[SourceHealth] = []
        self.reads = 0
        self.revised: dict[str, list[Version]] = {}
        """Newest first."""

    def add_story(self, articles: Sequence[StoryArticle], lead: StoryArticle, *, key: float) -> Story:
        """A story with one update per article."""
        head = head_of(articles, lead, key=key)
        for index, article in enumerate(articles):
            change = Joined(article_id=article.id, copy_of=article.copy_of) if index else Opened(article_id=article.id)
            self.log.append(Update(number=len(self.log) + 1, at=article.seen_at, story=head, change=change))
        story = Story(head=head, number=len(self.log), articles=tuple(articles))
        self.stories[head.id] = story
        return story

    def append(self, *updates: Update) -> None:
        """Commit updates; the stories that they name stand as their heads say."""
        for update in updates:
            self.log.append(update)
            known = self.stories.get(update.story.id)
            if known is not None:
                self.stories[update.story.id] = replace(known, head=update.story, number=update.number)

    def position(self) -> Position:
        self.reads += 1
        return Position(epoch=self.epoch, update=self.log[-1].number if self.log else 0)

    def front(self, now: datetime, *, limit: int, offset: int = 0) -> Sequence[StoryRow]:
        self.reads += 1
        shown = [story for story in self.stories.values() if not story.head.hidden]
        shown.sort(key=lambda story: (not story.head.pinned, -story.head.importance_key))
        return [_row(story) for story in shown[offset : offset + limit]]

    def latest(self, *, limit: int, before: int | None = None) -> Sequence[StoryRow]:
        shown = [story for story in self.stories.values() if before is None or story.number < before]
        shown.sort(key=lambda story: -story.number)
        return [_row(story) for story in shown[:limit]]

    def story(self, story_id: str) -> StoryAnswer:
        self.reads += 1
        if story_id in self.moved:
            return MovedStory(id=self.moved[story_id])
        if story_id in self.gone:
            return GoneStory(id=story_id, headline=self.gone[story_id])
        if story_id not in self.stories:
            raise UnknownStory(f"no story {story_id}")
        return self.stories[story_id]

    def reports(self, story_id: str, *, limit: int) -> Sequence[StoryArticle]:
        return reports(self.stories[story_id].articles)[:limit]

    def versions(self, article_id: str, *, limit: int, before: int | None = None) -> Sequence[Version]:
        found = self.revised.get(article_id, [])
        return [each for each in found if before is None or each.article.revision < before][:limit]

    def article(self, article_id: str) -> Article | None:
        if article_id in self.revised:
            return self.revised[article_id][0].article
        for story in self.stories.values():
            for article in story.articles:
                if article.id == article_id:
                    return full_article(article)
        return None

    def updates(self, *, after: int, limit: int) -> Sequence[Update] | None:
        if after < self.forgotten:
            return None
        return [update for update in self.log if update.number > after][:limit]

    def search(self, query: str, *, limit: int, before: datetime | None = None, language: str = "") -> SearchPage:
        words = query.lower().split()
        found = [
            SearchHit(article=article, story_id=story.head.id, story_headline=story.head.headline)
            for story in self.stories.values()
            for article in story.articles
            if all(word in f"{article.title} {article.lede}".lower() for word in words)
            and (before is None or article.placed_at < before)
            and language in {"", article.language}
        ]
        found.sort(key=lambda hit: hit.article.placed_at, reverse=True)
        return SearchPage(hits=tuple(found[:limit]), is_last=len(found) <= limit)

    def health(self, now: datetime) -> Sequence[SourceHealth]:
        return self.sources

    def counts(self) -> Counts:
        return Counts(
            feeds=len(self.sources),
            feeds_failing=sum(1 for each in self.sources if each.watched.state.failures),
            articles=sum(len(story.articles) for story in self.stories.values()),
            stories_live=len(self.stories),
            updates=len(self.log),
            bytes=4096,
        )


def joined(pages: FixturePages, story_id: str, *, ahead: int = 0) -> Update:
    """The update that would come next (or `ahead` after it): one more article joins the story."""
    number = pages.position().update + 1 + ahead
    head = pages.stories[story_id].head
    parts = replace(head.parts, articles=head.parts.articles + 1)
    change = Joined(article_id=identity(str(number)))
    return Update(number=number, at=NOW, story=replace(head, parts=parts), change=change)


def _row(story: Story) -> StoryRow:
    lead = next(article for article in story.articles if article.id == story.head.lead_id)
    arrivals = tuple(article.placed_at for article in story.articles if article.is_origin)
    return StoryRow(head=story.head, number=story.number, lead=lead, first=story.articles[0], arrivals=arrivals)


def full_article(article: StoryArticle) -> Article:
    """The article with a text of every kind of block."""
    link = "harbour office"
    text = f"The {link} said the warning had stood since six in the morning. Every boat had been told."
    blocks = (
        Block(kind=BlockKind.PARAGRAPH, text=article.lede or article.title),
        Block(
            kind=BlockKind.PARAGRAPH,
            text=text,
            links=(LinkSpan(start=4, end=4 + len(link), url="https://harbour.example/notices"),),
        ),
        Block(kind=BlockKind.HEADING, text="What is known"),
        Block(kind=BlockKind.LIST_ITEM, text="The ferry left at 08:10, an hour late."),
        Block(kind=BlockKind.LIST_ITEM, text="The fog came in at half past eight."),
        Block(kind=BlockKind.QUOTATION, text="“We heard the rock before we saw it.”"),
        Block(kind=BlockKind.IMAGE, text="The ferry on the rocks", url="https://img.example/1.jpg"),
        Block(kind=BlockKind.CAPTION, text="The ferry at low water on Sunday."),
    )
    return Article(
        id=article.id,
        url=article.url,
        publisher=article.publisher,
        feed_url=f"https://{article.publisher.domain}/feed.xml",
        entry=Entry(url=article.url, title=article.title, author="Mara Quill"),
        page=Page(title=article.title, blocks=blocks, language=article.language),
        seen_at=article.seen_at,
        placed_at=article.placed_at,
    )


def revise(pages: FixturePages, article_id: str, *texts: str, titles: Sequence[str] = ()) -> None:
    """Give the article those texts, one after the other, an hour apart, paragraphs divided by line ends."""
    first = pages.article(article_id)
    assert first is not None
    found: list[Version] = []
    for number, text in enumerate(texts):
        blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in text.splitlines())
        entry = replace(first.entry, title=titles[number] if titles else first.title)
        article = replace(first, entry=entry, page=replace(first.page, blocks=blocks), revision=number)
        found.insert(0, Version(article=article, read_at=NOW - timedelta(hours=len(texts) - number)))
    pages.revised[article_id] = found


def source(
    publisher: Publisher, *, error: str = "", minutes: int = 3, status: int = 200, path: str = "feed.xml"
) -> SourceHealth:
    """A watched feed, well or failing."""
    failing_since = NOW - timedelta(hours=5, minutes=12) if error else None
    state = FeedState(
        url=f"https://{publisher.domain}/{path}",
        title=f"{publisher.name}: all news",
        last_polled_at=NOW - timedelta(minutes=minutes),
        last_ok_at=failing_since or NOW - timedelta(minutes=minutes),
        next_poll_at=NOW + timedelta(minutes=40 if error else 10 - minutes % 10),
        failures=31 if error else 0,
        failing_since=failing_since,
        error=error,
        status=status,
    )
    feed = Feed(url=state.url, title=state.title)
    return SourceHealth(
        watched=WatchedFeed(feed=feed, state=state),
        publisher_name=publisher.name,
        articles_24h=0 if error else 7 * minutes % 61 + 2,
    )


def world() -> FixturePages:
    """Twenty-two stories in nine languages, from one article to forty-one, and their sources."""
    pages, chance = FixturePages(), random.Random(22)
    rows = STORIES.read_text("utf-8").splitlines()[1:]
    for index, row in reversed(list(enumerate(rows))):
        articles = _articles(row, chance, is_first=index == 0)
        lead = next(article for article in articles if article.title == row.split("|")[0])
        pages.add_story(articles, lead, key=100.0 - index)
    first = pages.front(NOW, limit=1)[0].head.id
    pages.stories[first] = replace(pages.stories[first], aliases=("mergedaway234567",))
    others = [row.head for row in pages.front(NOW, limit=5, offset=1)]
    kinds: tuple[LinkKind, ...] = ("follows", "related", "related")
    pages.stories[first] = replace(
        pages.stories[first],
        links=tuple(
            StoryLink(
                kind=kind, id=each.id, headline=each.headline, language=each.language, latest_at=each.parts.latest_at
            )
            for kind, each in zip(kinds, others[2:], strict=True)
        ),
    )
    pages.moved["mergedaway234567"] = first
    pages.gone["gonegonegone2345"] = "A story that was taken down"
    busy, expired = PUBLISHERS[11], PUBLISHERS[16]
    busy_error = f"https://{busy.domain}/feed.xml: the server answered 503; it is asked less often"
    expired_error = f"https://{expired.domain}/feed.xml: its certificate has expired; tell its owner"
    pages.sources = [
        source(busy, error=busy_error, status=503),
        source(expired, error=expired_error, status=0),
        *(source(each, minutes=1 + index) for index, each in enumerate(PUBLISHERS) if index not in {11, 16}),
    ]
    return pages
