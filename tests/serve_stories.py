"""A small fictional world for the pages' tests and screenshots, in a real store, and what may happen in it."""

from __future__ import annotations

import base64
import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from stayahead.analyze import card_of, find_statements
from stayahead.model import (
    Article,
    Batch,
    Block,
    BlockKind,
    Change,
    Entry,
    Evidence,
    Feed,
    FeedState,
    Findings,
    Joined,
    Linked,
    LinkSpan,
    LoggedInput,
    Merged,
    Opened,
    Page,
    Publisher,
    PublisherKind,
    Removed,
    Retention,
    Revised,
    Revision,
    ScoreParts,
    Signals,
    Snapshot,
    Split,
    Story,
    StoryArticle,
    StoryHead,
    Update,
    WatchedFeed,
)
from stayahead.store import SqliteStore
from tests.stores import Kind, fresh_folder

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
    articles = [story_article(headline, lead_publisher, NOW - timedelta(minutes=int(first)), lede=lede)]
    if is_first:
        articles[0] = replace(articles[0], author="Mara Quill")
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
        at, text = NOW - timedelta(minutes=age), own if is_first else lede
        articles.append(story_article(title, publisher, at, lede=text, language=spoken))
    for index in range(int(copies)):
        original = articles[0] if index % 3 else articles[min(1, int(origins) - 1)]
        publisher = others[(index * 5 + 3) % len(others)]
        at = min(original.placed_at + timedelta(minutes=4 + 6 * index), NOW - timedelta(minutes=int(last) + 1))
        at -= timedelta(seconds=index)
        copied = {"lede": original.lede, "copy_of": original.id, "language": original.language}
        articles.append(story_article(original.title, publisher, at, **copied))
    return tuple(sorted(articles, key=lambda article: (article.placed_at, article.id)))


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
            latest_at=max(article.placed_at for article in origins or articles),
        ),
    )


_LINKED = "harbour office"
WHOLE_TEXT = (
    Block(
        kind=BlockKind.PARAGRAPH,
        text=f"The {_LINKED} said the warning had stood since six in the morning. Every boat had been told.",
        links=(LinkSpan(start=4, end=4 + len(_LINKED), url="https://harbour.example/notices"),),
    ),
    Block(kind=BlockKind.HEADING, text="What is known"),
    Block(kind=BlockKind.LIST_ITEM, text="The ferry left at 08:10, an hour late."),
    Block(kind=BlockKind.LIST_ITEM, text="The fog came in at half past eight."),
    Block(kind=BlockKind.QUOTATION, text="“We heard the rock before we saw it.”"),
    Block(kind=BlockKind.IMAGE, text="The ferry on the rocks", url="https://img.example/1.jpg"),
    Block(kind=BlockKind.CAPTION, text="The ferry at low water on Sunday."),
)
"""What follows the lede where a text is told in full: a block of every kind."""


def article_of(shown: StoryArticle, more: Sequence[Block] = ()) -> Article:
    """The article that a story lists so: its text is its lede, and what is told after it."""
    lede = [Block(kind=BlockKind.PARAGRAPH, text=shown.lede)] if shown.lede else []
    return Article(
        id=shown.id,
        url=shown.url,
        publisher=shown.publisher,
        feed_url=f"https://{shown.publisher.domain}/feed.xml",
        entry=Entry(url=shown.url, title=shown.title, author=shown.author),
        page=Page(title=shown.title, blocks=(*lede, *more), language=shown.language, image=shown.image),
        seen_at=shown.seen_at,
        placed_at=shown.placed_at,
    )


def tell(
    store: SqliteStore, *changes: tuple[StoryHead, Change], seen: Sequence[Article] = (), at: datetime = NOW
) -> list[Update]:
    """Commit what changed, with the articles that it speaks of, as the desk would."""
    position = store.position()
    updates = [
        Update(number=number, at=at, story=head, change=change)
        for number, (head, change) in enumerate(changes, start=position.update + 1)
    ]
    inputs = [
        LoggedInput(number=number, at=at, input=Revision(article=article, signals=Signals()))
        for number, article in enumerate(seen, start=position.input + 1)
    ]
    evidence = [
        Evidence(
            article=each,
            signals=Signals(),
            card=card_of(each.page, each.entry),
            statements=find_statements(each.title, each.page),
        )
        for each in seen
    ]
    store.commit(Batch(updates=tuple(updates), inputs=tuple(inputs), evidence=tuple(evidence)))
    return updates


def add_story(
    store: SqliteStore,
    articles: Sequence[StoryArticle],
    lead: StoryArticle,
    *,
    key: float,
    story_id: str = "",
    more: Sequence[Block] = (),
) -> str:
    """A story with one update for each article; `more`: what its lead tells after its lede. Its id."""
    head = head_of(articles, lead, key=key, story_id=story_id)
    changes: list[tuple[StoryHead, Change]] = [(head, Opened(article_id=articles[0].id))]
    changes += [(head, _joined(article)) for article in articles[1:]]
    tell(store, *changes, seen=[article_of(each, more if each is lead else ()) for each in articles])
    return head.id


def _joined(article: StoryArticle) -> Joined:
    return Joined(article_id=article.id, copy_of=article.copy_of, is_origin=article.is_origin)


def add_gone(store: SqliteStore, article: StoryArticle, *, story_id: str) -> None:
    """A story whose only article was taken down."""
    add_story(store, [article], article, key=1.0, story_id=story_id)
    head = replace(story_of(store, story_id).head, state="empty")
    tell(store, (head, Removed(article_id=article.id, reason="taken_down")))


def story_of(store: SqliteStore, story_id: str) -> Story:
    """The story as it stands."""
    answer = store.story(story_id)
    assert isinstance(answer, Story)
    return answer


def join(store: SqliteStore, *story_ids: str) -> list[Update]:
    """One more article for each of the stories, in one commit."""
    number = store.position().update
    articles = []
    for place in range(len(story_ids)):
        publisher = PUBLISHERS[(number + place) % len(PUBLISHERS)]
        articles.append(story_article(f"What came {number + place} reports later", publisher, NOW))
    return add_articles(store, zip(story_ids, articles, strict=True))


def add_articles(store: SqliteStore, joining: Iterable[tuple[str, StoryArticle]]) -> list[Update]:
    """Each article joins its story as an origin, all in one commit."""
    heads: dict[str, StoryHead] = {}
    changes: list[tuple[StoryHead, Change]] = []
    seen: list[Article] = []
    for story_id, article in joining:
        head = heads.get(story_id) or story_of(store, story_id).head
        parts = replace(head.parts, articles=head.parts.articles + 1, origins=head.parts.origins + 1)
        heads[story_id] = replace(head, parts=replace(parts, latest_at=max(parts.latest_at, article.placed_at)))
        changes.append((heads[story_id], _joined(article)))
        seen.append(article_of(article))
    return tell(store, *changes, seen=seen)


def add_copies(store: SqliteStore, story_id: str, copies: Sequence[StoryArticle]) -> list[Update]:
    """Articles that copy one of the story's join it, all in one commit."""
    head = story_of(store, story_id).head
    head = replace(head, parts=replace(head.parts, articles=head.parts.articles + len(copies)))
    return tell(store, *((head, _joined(copy)) for copy in copies), seen=[article_of(copy) for copy in copies])


def add_revised(store: SqliteStore, *texts: str, titles: Sequence[str] = ()) -> str:
    """A story of an article that was read with each of the texts, an hour apart, paragraphs divided by line ends.

    Returns:
        the article's id.
    """
    ats = [NOW - timedelta(hours=len(texts) - number) for number in range(len(texts))]
    article_row = story_article("Ferry aground", PUBLISHERS[1], ats[0])
    head, first = head_of([article_row], article_row), article_of(article_row)
    for number, (at, text) in enumerate(zip(ats, texts, strict=True)):
        blocks = tuple(Block(kind=BlockKind.PARAGRAPH, text=line) for line in text.splitlines())
        entry = replace(first.entry, title=titles[number] if titles else first.title)
        article = replace(first, entry=entry, page=replace(first.page, blocks=blocks), revision=number)
        change = Revised(article_id=article_row.id, revision=number) if number else Opened(article_id=article_row.id)
        tell(store, (head, change), seen=[article], at=at)
    return article_row.id


def forget_updates(store: SqliteStore) -> None:
    """All updates grow old; stories and texts stay."""
    store.commit(Batch(snapshot=Snapshot(format=1, number=store.position().update, rows=())))
    store.forget(NOW + timedelta(days=2), Retention(updates_days=1))


def source(
    publisher: Publisher, *, error: str = "", minutes: int = 3, status: int = 200, path: str = "feed.xml"
) -> WatchedFeed:
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
    return WatchedFeed(feed=Feed(url=state.url, title=state.title), state=state)


def watch(store: SqliteStore, *sources: WatchedFeed) -> None:
    """Watch these feeds, which do as they say."""
    store.add_feeds([watched.feed for watched in sources], NOW)
    store.commit(Batch(findings=Findings(feed_states=tuple(watched.state for watched in sources))))


@contextmanager
def world_of(kind: type[Kind]) -> Iterator[Kind]:
    """The world in a store of a kind that a test changed."""
    with fresh_folder() as folder:
        path = folder / "news.db"
        path.write_bytes(_world())
        with kind.open(path) as store:
            yield store


def world() -> AbstractContextManager[SqliteStore]:
    """Twenty-two stories in nine languages, from one article to forty-one, and their sources."""
    return world_of(SqliteStore)


@cache
def _world() -> bytes:
    """The file of the world's store: made once, copied for each test."""
    with fresh_folder() as folder:
        with SqliteStore.open(folder / "news.db", epoch="k7f2") as store:
            _fill(store)
        return (folder / "news.db").read_bytes()


def _fill(store: SqliteStore) -> None:
    store.put_publishers(PUBLISHERS)
    taken = story_article("A story that was taken down", PUBLISHERS[0], NOW - timedelta(hours=9))
    add_gone(store, taken, story_id="gonegonegone2345")
    chance = random.Random(22)
    rows = STORIES.read_text("utf-8").splitlines()[1:]
    for index, row in reversed(list(enumerate(rows))):
        articles = _articles(row, chance, is_first=index == 0)
        lead = next(article for article in articles if article.title == row.split("|")[0])
        add_story(store, articles, lead, key=100.0 - index, more=() if index else WHOLE_TEXT)
    _connect(store)
    busy, expired = PUBLISHERS[11], PUBLISHERS[16]
    busy_error = f"https://{busy.domain}/feed.xml: the server answered 503; it is asked less often"
    expired_error = f"https://{expired.domain}/feed.xml: its certificate has expired; tell its owner"
    watch(
        store,
        source(busy, error=busy_error, status=503),
        source(expired, error=expired_error, status=0),
        *(source(each, minutes=1 + index) for index, each in enumerate(PUBLISHERS) if index not in {11, 16}),
    )


def _connect(store: SqliteStore) -> None:
    """The first story lost an article and got it back, follows another, and stands beside two."""
    first, *others = (row.head for row in store.front(NOW, limit=6))
    article = next(each for each in story_of(store, first.id).articles if each.copy_of)
    part = head_of([article], article, story_id="mergedaway234567")
    tell(store, (first, Split(new_head=part, article_ids=(article.id,))), (first, Merged(other_id=part.id)))
    tell(store, (first, Linked(follows=others[2].id, related=(others[3].id, others[4].id))))
