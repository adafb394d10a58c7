"""Inputs for the story engine, made of a few words: what the tests about stories share."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from stayahead.analyze import analyze
from stayahead.model import Arrival, Article, Block, BlockKind, Entry, Page, Publisher, PublisherKind, Revision, Signals

START = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

QUAKE = (
    "A strong earthquake shook the coast of Ardania on Monday morning, bringing down houses in the harbour town of "
    "Velm and cutting the road to the capital. Rescue teams from three provinces were on their way, the interior "
    "ministry said, and hospitals had been told to expect several hundred injured people before the evening. The "
    "tremor was felt as far away as the northern islands, where schools were closed and trains stood still."
)
BUDGET = (
    "Parliament in Borland passed the budget for next year after a debate of nineteen hours, with a majority of four "
    "votes for the coalition of the prime minister. The opposition had offered more than a thousand amendments, most "
    "of them about pensions and the price of electricity, and announced that it would take it to the constitutional "
    "court. The finance minister called the vote a victory of reason over noise and thanked the clerks of the house."
)


def at(minutes: float) -> datetime:
    """A time after `START`."""
    return START + timedelta(minutes=minutes)


def article(
    article_id: str,
    title: str,
    text: str = "",
    *,
    minutes: float = 0,
    domain: str = "",
    owner: str = "",
    country: str = "",
    author: str = "",
    revision: int = 0,
    backfill: bool = False,
    placed_at: datetime | None = None,
    kind: PublisherKind = PublisherKind.UNKNOWN,
    language: str = "en",
) -> tuple[Article, Signals]:
    """An article of a publisher of its own, unless a domain is given, with its signals."""
    domain = domain or f"{article_id}.example"
    blocks = (Block(kind=BlockKind.PARAGRAPH, text=text),) if text else ()
    page = Page(title=title, blocks=blocks, language=language)
    entry = Entry(id=article_id, title=title, author=author)
    made = Article(
        id=article_id,
        url=f"https://{domain}/{article_id}",
        publisher=Publisher(domain=domain, name=domain, owner=owner, country=country, kind=kind),
        feed_url="",
        entry=entry,
        page=page,
        revision=revision,
        seen_at=at(minutes),
        placed_at=placed_at or at(minutes),
        backfill=backfill,
    )
    return made, analyze(page, entry)


def arrival(article_id: str, title: str, text: str = "", **more: object) -> Arrival:
    """The same as an input; see `article`."""
    made, signals = article(article_id, title, text, **more)  # type: ignore[arg-type]  # passed on as given
    return Arrival(article=made, signals=signals)


def revision(article_id: str, title: str, text: str = "", *, number: int = 1, **more: object) -> Revision:
    """A later text of an article; see `article`."""
    made, signals = article(article_id, title, text, revision=number, **more)  # type: ignore[arg-type]  # as above
    return Revision(article=made, signals=signals)
