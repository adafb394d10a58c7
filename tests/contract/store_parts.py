"""Parts for the store's suites: small articles, heads and updates, and one who numbers and commits them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from stayahead.analyze import card_of, find_statements
from stayahead.model import (
    Arrival,
    Article,
    Batch,
    Block,
    BlockKind,
    Change,
    CreditedSource,
    Entry,
    EntryRecord,
    EntryState,
    Evidence,
    Findings,
    Joined,
    LoggedInput,
    Merged,
    Opened,
    Page,
    Publisher,
    PublisherKind,
    Removed,
    Revised,
    ScoreParts,
    Signals,
    Snapshot,
    Split,
    StoryHead,
    Term,
    Update,
    UrlAlias,
)
from tests.stores import Store

T0 = datetime(2026, 3, 10, 12, 0, 0, 123_456, tzinfo=UTC)
GAZETTE = Publisher(domain="gazette.example", name="The Gazette", country="GB", kind=PublisherKind.NEWSPAPER)
WIRE = Publisher(domain="wire.example", name="Wire", owner="Wire Group", country="US", kind=PublisherKind.AGENCY)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def article(
    id_: str,
    title: str = "",
    text: str = "",
    *,
    at: datetime = T0,
    seen_at: datetime | None = None,
    revision: int = 0,
    publisher: Publisher = GAZETTE,
    backfill: bool = False,
    language: str = "en",
    feed_url: str = "https://gazette.example/feed",
) -> Article:
    title = title or f"Title of {id_}"
    return Article(
        id=id_,
        url=f"https://{publisher.domain}/{id_}",
        publisher=publisher,
        feed_url=feed_url,
        entry=Entry(
            id=f"tag:{id_}",
            url=f"https://{publisher.domain}/{id_}",
            title=title,
            published=at,
            author="A. Writer",
            html="<p>what the feed said</p>",
            categories=("world", "floods"),
            source=CreditedSource(title="Wire", url="https://wire.example/"),
        ),
        page=Page(
            title=title,
            blocks=(Block(kind=BlockKind.PARAGRAPH, text=text or f"Text of {id_}. It has two sentences."),),
            language=language,
            image=f"https://{publisher.domain}/{id_}.jpg",
            comments=("a reader's comment",),
            confidence=0.75,
        ),
        revision=revision,
        seen_at=seen_at or at,
        placed_at=at,
        backfill=backfill,
    )


def signals(*words: str) -> Signals:
    terms = tuple(Term(text=word, weight=1.5) for word in words)
    return Signals(
        language="en",
        terms=terms,
        fingerprint=(3, 2**62),
        shingles=40,
        shared_keys=(Term(text="c:FR", weight=2.0), Term(text="w:mkrn", weight=1.0)),
        credits=("wire",),
        vector=bytes(range(256)),
        vector_model="0011aabb",
    )


def evidence(given: Article, *words: str) -> Evidence:
    said = signals(*(words or ("word",)))
    statements = find_statements(given.title, given.page)
    return Evidence(article=given, signals=said, card=card_of(given.page, given.entry), statements=statements)


def record(
    id_: str, state: EntryState = EntryState.READ, *, at: datetime = T0, digest: str = "d0", reason: str = ""
) -> EntryRecord:
    return EntryRecord(
        id=id_,
        feed_url="https://gazette.example/feed",
        digest=digest,
        state=state,
        reason=reason,
        seen_at=at,
        entry=Entry(id=f"tag:{id_}", url=f"https://gazette.example/{id_}", title=f"Title of {id_}", html="<p>x</p>"),
    )


def head(id_: str, *, articles: int = 1, key: float = 1.0, at: datetime = T0, **changes: object) -> StoryHead:
    parts = ScoreParts(articles=articles, origins=articles, publishers=1, first_at=T0, latest_at=at, countries=("GB",))
    made = StoryHead(
        id=id_, headline=f"Story {id_}", lead_id=id_, opened_at=T0, parts=parts, importance_key=key, language="en"
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # fields by name


@dataclass
class Teller:
    """Numbers what it is told and commits it: the part of the loop that these suites need."""

    store: Store
    at: datetime = T0
    number: int = 0
    input: int = 0
    heads: dict[str, StoryHead] = field(default_factory=dict)
    members: dict[str, set[str]] = field(default_factory=dict)

    def update(self, story_id: str, change: Change, **changes: object) -> Update:
        """The next update; membership and counts follow from the change."""
        self.number += 1
        match change:
            case Opened() | Joined():
                self.members.setdefault(story_id, set()).add(change.article_id)
            case Removed():
                self.members[story_id].discard(change.article_id)
            case Merged():
                self.members[story_id] |= self.members.pop(change.other_id)
            case Split():
                self.members[story_id] -= set(change.article_ids)
                self.members[change.new_id] = set(change.article_ids)
                self.heads[change.new_id] = change.new_head
            case _:
                pass
        before = self.heads.get(story_id) or head(story_id, at=self.at)
        parts = replace(before.parts, articles=len(self.members[story_id]), latest_at=self.at)
        self.heads[story_id] = replace(before, parts=parts, **changes)  # type: ignore[arg-type]  # fields by name
        return Update(number=self.number, at=self.at, story=self.heads[story_id], change=change)

    def commit(
        self,
        updates: Sequence[Update] = (),
        *,
        seen: Sequence[Article] = (),
        records: Sequence[EntryRecord] = (),
        aliases: Sequence[UrlAlias] = (),
        snapshot: Snapshot | None = None,
    ) -> int:
        """Commit it with an input for each article."""
        items = tuple(evidence(one) for one in seen)
        inputs = []
        for item in items:
            self.input += 1
            given = Arrival(article=item.article, signals=item.signals)
            inputs.append(LoggedInput(number=self.input, at=self.at, input=given))
        return self.store.commit(
            Batch(
                updates=tuple(updates),
                evidence=items,
                inputs=tuple(inputs),
                findings=Findings(entries=tuple(records), aliases=tuple(aliases)),
                snapshot=snapshot,
            )
        )

    def open(self, id_: str, given: Article | None = None, **changes: object) -> int:
        """A story of that id opens with an article of the same id."""
        given = given or article(id_, at=self.at)
        number = self.update(given.id, Opened(article_id=given.id), **changes)
        return self.commit([number], seen=[given], records=[record(given.id, at=given.seen_at)])

    def join(self, story_id: str, given: Article, **how: object) -> int:
        """An article joins."""
        change = Joined(article_id=given.id, **how)  # type: ignore[arg-type]  # fields by name
        return self.commit([self.update(story_id, change)], seen=[given], records=[record(given.id, at=given.seen_at)])

    def revise(self, story_id: str, given: Article) -> int:
        """A known article has a new text."""
        change = Revised(article_id=given.id, revision=given.revision)
        return self.commit([self.update(story_id, change)], seen=[given])
