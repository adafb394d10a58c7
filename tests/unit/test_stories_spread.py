"""The spread of a story and its first report: what is listed is what the engine counted, and times are doubted."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from eval.origins import stories
from stayahead.analyze import analyze
from stayahead.model import (
    Arrival,
    Article,
    Claim,
    Document,
    Publisher,
    Ruling,
    Statement,
    StoryArticle,
    Witness,
)
from stayahead.stories import StoryEngine
from stayahead.stories.first_report import first_report, published_at
from stayahead.stories.first_report import sentence as first_sentence
from stayahead.stories.spread import precedence, sentence, spread
from tests.story_inputs import START
from tests.story_inputs import article as story_article

GOLD = {name: [each.article for each in told] for name, told in stories()}


def row_of(article: Article, **more: object) -> StoryArticle:
    """An article as its story lists it."""
    fields: dict[str, object] = {"copy_of": "", "backfill": False, **more}
    return StoryArticle(
        id=article.id,
        url=article.url,
        title=article.title,
        publisher=article.publisher,
        placed_at=article.placed_at,
        seen_at=article.seen_at,
        **fields,  # type: ignore[arg-type]  # names and types are those of StoryArticle
    )


def told_by_engine(articles: Sequence[Article]) -> tuple[int, list[Witness]]:
    """How many origins the engine counts when all of them are one story, and the witnesses as the store would."""
    engine = StoryEngine()
    copies: dict[str, str] = {}
    witnesses: list[Witness] = []
    signals = {article.id: analyze(article.page, article.entry) for article in articles}
    for article in articles:
        for update in engine.add(Arrival(article=article, signals=signals[article.id]), article.seen_at):
            copies[getattr(update.change, "article_id", "")] = getattr(update.change, "copy_of", "")
    first = engine.story_of(articles[0].id) or ""
    for article in articles:
        other = engine.story_of(article.id) or ""
        if other != first:
            engine.add(Ruling(verb="join", story_id=first, other_id=other), articles[-1].seen_at)
            first = engine.story_of(articles[0].id) or ""
    for article in articles:
        own = signals[article.id]
        witnesses.append(
            Witness(
                article=row_of(article, copy_of=copies.get(article.id, "")),
                credits=own.credits,
                carried=own.carried,
                fingerprint=own.fingerprint,
                shingles=own.shingles,
            )
        )
    head = engine.head(first)
    assert head is not None
    return head.parts.origins, witnesses


@pytest.mark.parametrize("name", list(GOLD))
def test_what_is_listed_is_what_the_engine_counts_in_whatever_order_it_is_read(name: str) -> None:
    origins, witnesses = told_by_engine(GOLD[name])
    told = spread(witnesses)
    assert len(told.origins) == origins
    assert sorted(each for origin in told.origins for each in origin.article_ids) == sorted(
        article.id for article in GOLD[name]
    )
    mixed = list(witnesses)
    random.Random(name).shuffle(mixed)
    assert spread(mixed) == told


def test_one_text_of_an_agency_is_one_origin_and_says_how_often_it_stands_there() -> None:
    told = spread(told_by_engine(GOLD["en01"])[1])
    assert (told.articles, told.publishers, told.owners, len(told.origins)) == (5, 5, 5, 3)
    assert sentence(told) == "5 articles, 3 origins: 3 carry one text of Reuters."
    copy = next(tie for tie in told.ties if tie.article_id == "en01c")
    assert (copy.kind, copy.source_id, copy.share) == ("copy", "en01a", 1.0)
    assert 0.5 < copy.share_of_source < 1.0


def test_a_report_that_carries_an_agencys_text_is_an_origin_and_a_carrier() -> None:
    told = spread(told_by_engine(GOLD["en07"])[1])
    agency = told.origins[0]
    assert agency.article_ids == ("en07a", "en07c", "en07d")
    assert agency.carried_by == ("en07b",)
    assert ("en07b",) in [origin.article_ids for origin in told.origins]
    assert (
        sentence(told)
        == "4 articles, 2 origins: 4 rest on AP (1 of them beside a report of its own), 3 of them on one text."
    )


def at(name: str, minutes: int, text: str, *, publisher: str = "") -> Article:
    """An article, so many minutes after noon, of a site of its own or of the publisher's."""
    title = "A crane falls in the harbour of Port Wenn"
    made, _ = story_article(name, title, text, minutes=minutes, domain=f"{publisher.lower()}.com" if publisher else "")
    return replace(made, publisher=replace(made.publisher, name=publisher or name.title()))


PORTS = ("Wenn", "Halla", "Orn", "Sallow", "Brack", "Tolm")
FIRST = " ".join(
    f"The harbour of Port {port} was closed on Monday after a crane fell, its master said." for port in PORTS
)
SECOND = " ".join(
    f"Divers in {port} found the keel of the wreck, and its owners will pay for the loss." for port in PORTS
)
MARKED = "LONDON (Reuters) - "


def test_only_articles_of_one_text_are_said_to_carry_it() -> None:
    articles = [
        at("reuters", 0, MARKED + FIRST, publisher="Reuters"),
        at("first", 1, MARKED + FIRST),
        at("reuters2", 2, MARKED + SECOND, publisher="Reuters"),
        at("second", 3, MARKED + SECOND),
        at("line", 4, "The port stays closed for a week, Reuters reports."),
    ]
    told = spread(told_by_engine(articles)[1])
    assert sentence(told) == "5 articles, 1 origin: 5 rest on Reuters, 2 of them on one text."
    line = next(tie for tie in told.ties if tie.article_id == "line")
    assert (line.kind, line.source_id, line.share) == ("credit", "", 0.0)


@pytest.mark.parametrize("is_stored", [False, True])
def test_an_agency_is_not_said_to_have_copied_its_customer(*, is_stored: bool) -> None:
    customer = at("sun", 0, MARKED + FIRST)
    own = at("own", 2, MARKED + FIRST, publisher="Reuters")
    origins, witnesses = told_by_engine([customer, own])
    if is_stored:  # what was noted by an earlier release
        witnesses[1] = replace(witnesses[1], article=replace(witnesses[1].article, copy_of="sun"))
    else:
        assert [each.article.copy_of for each in witnesses] == ["", ""]
    told = spread(witnesses)
    assert len(told.origins) == origins == 1
    assert [(tie.article_id, tie.source_id, tie.share) for tie in told.ties] == [("sun", "own", 1.0)]
    assert sentence(told) == "2 articles, 1 origin: 2 carry one text of Reuters."


def test_owners_are_counted_once_and_one_house_is_one_origin() -> None:
    told = spread(told_by_engine(GOLD["en06"])[1])
    assert (told.publishers, told.owners, len(told.origins)) == (3, 2, 2)


def test_nothing_and_one_article_have_a_sentence() -> None:
    assert sentence(spread(())) == "0 articles."
    assert sentence(spread(told_by_engine(GOLD["en01"][:1])[1])) == "1 article."
    assert first_report((), spread(())) is None


# ── the first report ─────────────────────────────────────────────────────────────────────────────────────────────────


def witness(name: str, *stated: timedelta, seen: float = 0, backfill: bool = False) -> Witness:
    """An article seen so many minutes after the start that was published so long before it was seen."""
    seen_at = START + timedelta(minutes=seen)
    article = StoryArticle(
        id=name,
        url=f"https://{name}.example/",
        title=name,
        publisher=Publisher(domain=f"{name}.example", name=name),
        placed_at=seen_at,
        seen_at=seen_at,
        backfill=backfill,
    )
    return Witness(article=article, stated=tuple(seen_at - before for before in stated))


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("stated", "before_seen", "trust"),
    [
        ((5 * MINUTE, 8 * MINUTE), 8 * MINUTE, "agreed"),
        ((5 * MINUTE, 90 * MINUTE), 90 * MINUTE, "stated"),
        ((5 * MINUTE,), 5 * MINUTE, "stated"),
        ((), 0 * MINUTE, "seen"),
        ((-60 * MINUTE,), 0 * MINUTE, "seen"),  # an hour after we saw it
        ((-5 * MINUTE,), 0 * MINUTE, "stated"),  # a clock that is a little ahead
        ((timedelta(days=9),), 0 * MINUTE, "seen"),
        ((timedelta(hours=12),), 0 * MINUTE, "seen"),  # START is noon: midnight is a day, and no time
        ((timedelta(days=9), 5 * MINUTE), 5 * MINUTE, "stated"),
    ],
)
def test_a_stated_time_is_believed_when_it_can_be(
    stated: tuple[timedelta, ...], before_seen: timedelta, trust: str
) -> None:
    report = published_at(witness("a", *stated))
    assert (START - report.at, report.trust) == (before_seen, trust)


def test_what_is_filled_in_from_before_may_be_old() -> None:
    assert published_at(witness("a", timedelta(days=9, minutes=3), backfill=True)).trust == "stated"


def test_first_published_is_not_first_seen_and_others_follow_in_order() -> None:
    early, late, blank = witness("early", 30 * MINUTE, seen=20), witness("late", MINUTE), witness("blank", seen=90)
    told = [late, blank, early]
    first = first_report(told, spread(told))
    assert first is not None
    assert first.published.article.id == "early"
    assert first.seen.id == "late"
    assert [(each.first.article.id, each.after) for each in first.chain] == [
        ("early", 0 * MINUTE),
        ("late", 9 * MINUTE),
        ("blank", 100 * MINUTE),
    ]
    assert first_sentence(first) == "First published by early; 2 others followed."


def test_the_sentence_beside_a_storys_count_says_the_same_number() -> None:
    told = [witness("early", 30 * MINUTE), witness("late", MINUTE), witness("later", MINUTE, seen=9)]
    first = first_report(told, spread(told))
    assert first is not None
    assert first_sentence(first, origins=2) == "First published by early; 1 other followed."
    assert first_sentence(first, origins=1) == "First published by early."


@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_of_one_second_whoever_was_seen_first_was_first_everywhere(names: tuple[str, str]) -> None:
    one, other = (witness(name, timedelta(minutes=5 + n), seen=n) for n, name in enumerate(names))
    placed = START - timedelta(minutes=5)
    told = [replace(each, article=replace(each.article, placed_at=placed)) for each in (other, one)]
    first = first_report(told, spread(told))
    assert first is not None
    assert first.published.at == placed
    articles = [each.article for each in told]
    assert first.published.article.id == min(articles, key=precedence).id == names[0]


def test_of_one_moment_a_copy_comes_behind_what_it_copies() -> None:
    original, copy = witness("b", MINUTE), witness("a", MINUTE)
    told = [replace(copy, article=replace(copy.article, copy_of="b")), original]
    first = first_report(told, spread(told))
    assert first is not None
    assert first.published.article.id == "b"


def test_nobody_is_said_to_have_published_first_by_our_clock_alone() -> None:
    told = [witness("blank")]
    first = first_report(told, spread(told))
    assert first is not None
    assert first_sentence(first) == "First seen at blank; when it was published is not known."


def test_a_document_is_told_once_with_the_first_article_that_links_to_it() -> None:
    def linking(of: Witness) -> Witness:
        value = Document(kind="court", url="https://www.courtlistener.com/docket/1/")
        claim = Claim(
            article_id=of.article.id,
            revision=0,
            statement=Statement(kind="documents", block=1, start=3, end=9, value=value),
        )
        return Witness(article=of.article, stated=of.stated, documents=(claim,))

    told = [linking(witness("late", MINUTE)), linking(witness("early", 30 * MINUTE))]
    first = first_report(told, spread(told))
    assert first is not None
    assert [(each.article.id, each.document.kind, each.block) for each in first.documents] == [("early", "court", 1)]
