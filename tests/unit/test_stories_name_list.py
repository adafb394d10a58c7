"""A story's names laid together: typed once for all reports, short ones with the full one that they stand for."""

from __future__ import annotations

import random
import time

from stayahead.model import ArticleClaims, Claim, Name, NameType, Publisher, Statement, StoryArticle
from stayahead.stories.name_list import NAMES_MOST, key_of, line_of, name_list
from tests.contract.store_parts import T0


def told(article: str, *names: tuple[str, NameType]) -> ArticleClaims:
    """An article that names them."""
    row = StoryArticle(
        id=article,
        url=f"https://{article}.example/",
        title="Bridge",
        publisher=Publisher(domain=f"{article}.example", name=article),
        placed_at=T0,
        seen_at=T0,
    )
    statements = (
        Statement(kind="names", block=0, start=n, end=n + 1, value=Name(text=text, what=what))
        for n, (text, what) in enumerate(names)
    )
    return ArticleClaims(
        article=row, claims=tuple(Claim(article_id=article, revision=0, statement=each) for each in statements)
    )


def test_typed_once_is_typed_everywhere() -> None:
    lines = name_list(
        [told("a", ("Peskov", "")), told("b", ("Dmitry Peskov", "person")), told("c", ("Dmitry Peskov", ""))]
    )
    assert [(each.text, each.what, each.articles, each.forms) for each in lines] == [
        ("Dmitry Peskov", "person", 3, ("Peskov",))
    ]


def test_most_reports_say_what_it_is() -> None:
    lines = name_list([told("a", ("Jordan", "person")), told("b", ("Jordan", "place")), told("c", ("jordan", "place"))])
    assert [(each.text, each.what) for each in lines] == [("Jordan", "place")]


def test_a_surname_of_two_is_nobody_s() -> None:
    lines = name_list([told("a", ("Ann Lee", "person"), ("Bob Lee", "person")), told("b", ("Lee", "person"))])
    assert {each.text for each in lines} == {"Ann Lee", "Bob Lee", "Lee"}
    assert line_of(lines, "lee") is not None
    assert line_of(lines, "Cleo Lee") is None


def test_a_city_is_not_short_for_what_is_called_after_it() -> None:
    lines = name_list([told("a", ("University of Paris", "organisation")), told("b", ("Paris", "place"))])
    assert {each.text for each in lines} == {"University of Paris", "Paris"}


def test_what_is_short_for_a_short_name_leads_to_the_fullest() -> None:
    names = (("Mark A. Milley", "person"), ("Mark Milley", "person"), ("Milley", ""))
    lines = name_list([told(str(n), name) for n, name in enumerate(names)])  # type: ignore[arg-type]
    assert [(each.text, each.articles, each.forms) for each in lines] == [
        ("Mark A. Milley", 3, ("Mark Milley", "Milley"))
    ]
    assert line_of(lines, "Mark Milley") == lines[0]


def test_the_order_of_articles_does_not_matter() -> None:
    chance = random.Random("names 1")
    words = ["Ann Lee", "Lee", "Bob Lee", "Dmitry Peskov", "Peskov", "Paris", "Bank of Paris", "Bank", "Dmitry"]
    types: tuple[NameType, ...] = ("person", "organisation", "place", "")
    for _ in range(40):
        articles = [told(str(n), *((word, chance.choice(types)) for word in chance.sample(words, 4))) for n in range(6)]
        lines = name_list(articles)
        chance.shuffle(articles)
        assert name_list(articles) == lines
        keys = [key for line in lines for key in line.keys]
        assert all(line_of(lines, line.text) == line for line in lines)
        assert len(keys) == len(set(keys))


def test_names_are_compared_without_points_accents_and_case() -> None:
    assert key_of("José M.  Pérez") == key_of("JOSE M PEREZ")


def test_many_names_cost_their_number() -> None:
    def seconds(count: int) -> float:
        articles = [
            told(str(n), *((f"Name{n} Word{each} Lee", "person") for each in range(24)), ("Lee", ""))
            for n in range(count)
        ]
        started = time.process_time()
        assert len(name_list(articles)) <= NAMES_MOST
        return time.process_time() - started

    least = min(seconds(50) for _ in range(3))
    assert min(seconds(200) for _ in range(3)) < 8 * least + 0.025
