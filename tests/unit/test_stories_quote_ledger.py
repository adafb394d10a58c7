"""A story's quotes laid together: which are one, who says them, where reports differ, what may be the same."""

from __future__ import annotations

import random
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze import find_statements
from stayahead.model import (
    ArticleClaims,
    Block,
    BlockKind,
    Claim,
    Page,
    Publisher,
    Quote,
    Statement,
    StoryArticle,
)
from stayahead.stories.quote_ledger import QuoteLedger, quote_ledger
from tests.contract.store_parts import T0, minutes

TALKS = "We will not accept any talks about the bridge without us"


def told(name: str, *texts: str, at: int = 0, language: str = "en", copy_of: str = "") -> ArticleClaims:
    page = Page(language=language, blocks=tuple(Block(kind=BlockKind.PARAGRAPH, text=text) for text in texts))
    row = StoryArticle(
        id=name,
        url=f"https://{name}.example/",
        title="Bridge",
        publisher=Publisher(domain=f"{name}.example", name=name.upper()),
        placed_at=T0 + minutes(at),
        seen_at=T0 + minutes(at),
        language=language,
        copy_of=copy_of,
    )
    found = find_statements("", page).text
    return ArticleClaims(
        article=row, claims=tuple(Claim(article_id=name, revision=0, statement=each) for each in found)
    )


def shown(ledger: QuoteLedger) -> list[tuple[str, str, list[str]]]:
    """The words, speaker and articles of each quote, the newest first."""
    return [(line.words, line.speaker, [each.article.id for each in line.tellings]) for line in ledger]


def test_the_same_words_are_one_quote_with_all_who_carry_it() -> None:
    first = told("a", f"“{TALKS},” said Ann Lee.")
    copy = told("b", f"“{TALKS},” said Ann Lee.", at=5, copy_of="a")
    assert shown(quote_ledger([copy, first])) == [(f"{TALKS},", "Ann Lee", ["a", "b"])]


def test_a_speaker_bears_the_fullest_name_of_the_story() -> None:
    one = told("a", f"“{TALKS},” said Mr. Lee.")
    other = told("b", "“That is all,” said Ann Marie Lee.", at=5)
    another = told("c", "“So it is today,” said Ann Lee.", at=9)
    assert {line.speaker for line in quote_ledger([one, other, another])} == {"Ann Marie Lee"}


def test_a_name_that_two_people_bear_stays_as_it_is() -> None:
    one = told("a", f"“{TALKS},” said Mr. Lee.")
    other = told("b", "“That is all of it,” said Ann Lee.", "“It never was so,” said Tom Lee.", at=5)
    assert {line.speaker for line in quote_ledger([one, other])} == {"Lee", "Ann Lee", "Tom Lee"}


def test_what_is_cut_out_of_a_quote_is_the_same_quote_in_no_other_words() -> None:
    whole = told("a", f"“{TALKS},” said Ann Lee.")
    part = told("b", "Ann Lee said she would “not accept any talks about the bridge” now.", at=5)
    (line,) = quote_ledger([whole, part])
    assert (line.words, line.other_words, line.speakers) == (f"{TALKS},", (), ())


def test_the_same_quote_in_different_words_says_so() -> None:
    one = told("a", f"“{TALKS},” said Ann Lee.")
    other = told("b", "“We will not accept any talks on the bridge without us,” said Ann Lee.", at=5)
    (line,) = quote_ledger([one, other])
    assert line.other_words == ("We will not accept any talks on the bridge without us,",)
    assert line.speaker == "Ann Lee"


def test_the_same_words_of_different_speakers_say_so_and_nobody_is_chosen() -> None:
    one = told("a", f"“{TALKS},” said Ann Lee.")
    other = told("b", f"“{TALKS},” said Tom Roe.", at=5)
    part = told("c", "Eve Ray said the city would “not accept any talks about the bridge without us”.", at=9)
    (line,) = quote_ledger([one, other, part])
    assert (line.speaker, line.speakers) == ("", ("Ann Lee", "Tom Roe", "Eve Ray"))


def test_a_description_is_no_different_speaker() -> None:
    one = told("a", f"“{TALKS},” a spokesman said.")
    other = told("b", f"“{TALKS},” said Tom Roe.", at=5)
    (line,) = quote_ledger([one, other])
    assert (line.speaker, line.speakers) == ("Tom Roe", ())


@pytest.mark.parametrize(
    ("whole", "other"),
    [
        ("It came without any warning", "It came without warning"),
        ("without any warning", "without warning"),
        ("We lost nearly everything in a single night", "We lost everything in a single night"),
    ],
)
def test_a_short_quote_with_a_word_more_is_the_same_of_one_person(whole: str, other: str) -> None:
    one = told("a", f"“{whole},” said Rosa Quispe Mamani.")
    shorter = told("b", f"“{other},” Rosa Quispe said.", at=5)
    for articles in ([one, shorter], [told("b", f"“{other},” said Quispe.", at=5), one, shorter]):
        (line,) = quote_ledger(articles)
        assert (line.words, line.other_words, line.speaker) == (f"{whole},", (f"{other},",), "Rosa Quispe Mamani")
    assert len(quote_ledger([one, told("b", f"“{other},” said Tom Roe.", at=5)])) == 2


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("It was so good", "It was so bad"),
        ("We will", "We will go"),
        ("No", "Now it is no"),
        ("We saw", "We never ever saw"),
    ],
)
def test_short_quotes_that_differ_in_more_are_two(one: str, other: str) -> None:
    said = [told("a", f"“{one},” said Ann Lee."), told("b", f"“{other},” said Ann Lee.", at=5)]
    assert len(quote_ledger(said)) == 2


def test_many_namesakes_are_compared_with_nobody() -> None:
    names = [f"{chr(65 + n % 26)}{chr(97 + n // 26)}nn Lee" for n in range(200)]
    said = [told(f"a{n}", f"“We go {n} times home,” said {name}.") for n, name in enumerate([*names, "Lee"])]
    assert "Lee" in {line.speaker for line in quote_ledger(said)}


def test_few_words_that_two_people_say_are_two_quotes() -> None:
    one = told("a", "“We go,” said Ann Lee.")
    other = told("b", "“We go,” said Tom Roe.", at=5)
    assert len(quote_ledger([one, other])) == 2


def test_across_languages_quotes_are_linked_and_never_one() -> None:
    english = told("a", "“We need 84 million for it,” said Ann Lee.")
    german = told("b", "„Wir brauchen 84 Millionen“, sagte Ann Lee.", at=5, language="de")
    other_figure = told("c", "„Wir brauchen 90 Millionen“, sagte Ann Lee.", at=5, language="de")
    no_figure = told("d", "„Wir brauchen sehr viel Geld“, sagte Ann Lee.", at=5, language="de")
    next_day = told("e", "„Wir haben 84 Millionen“, sagte Ann Lee.", at=60 * 30, language="de")
    lines = {
        line.tellings[0].article.id: line for line in quote_ledger([english, german, other_figure, no_figure, next_day])
    }
    assert len(lines) == 5
    assert lines["a"].possibly == (lines["b"].id,)
    assert lines["b"].possibly == (lines["a"].id,)
    assert not any(lines[name].possibly for name in "cde")


TEXTS = (
    f"“{TALKS},” said Ann Lee.",
    f"“{TALKS},” said Tom Roe. “And that is all of it.”",
    "“We will not accept any talks on the bridge without us,” said Lee.",
    "Lee said the city would “not accept any talks about the bridge without us”.",
    "Nothing was said.",
)


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 3)), max_size=7), st.integers(0, 9))
def test_the_order_in_which_articles_are_read_does_not_matter(said: list[tuple[str, int]], seed: int) -> None:
    articles = [told(f"a{n}", text, at=at) for n, (text, at) in enumerate(said)]
    mixed = random.Random(seed).sample(articles, len(articles))
    ledger = quote_ledger(articles)
    assert quote_ledger(mixed) == ledger
    # Every quote that was told stands in exactly one line.
    tellings = [each.claim for line in ledger for each in line.tellings]
    quotes = [claim for each in articles for claim in each.claims if claim.statement.kind == "quotes"]
    assert sorted(map(repr, tellings)) == sorted(map(repr, quotes))


def claimed(number: int) -> list[ArticleClaims]:
    """So many articles, each with a quote of one person that begins as all of them do."""
    articles = []
    for n in range(number):
        quote = Quote(words=f"It was a very long and hard day for us all {n} {n + 1} {n + 2}", speaker="Ann Lee")
        stands = Statement(kind="quotes", block=0, start=0, end=9, value=quote)
        made = told(f"a{n}", "Nothing was said.")
        articles.append(replace(made, claims=(Claim(article_id=f"a{n}", revision=0, statement=stands),)))
    return articles


def seconds(articles: list[ArticleClaims]) -> float:
    best = 1e9
    for _ in range(3):
        started = time.process_time()
        quote_ledger(articles)
        best = min(best, time.process_time() - started)
    return best


def test_time_grows_with_the_number_of_quotes_and_not_with_its_square() -> None:
    assert seconds(claimed(1600)) < max(0.025, 8 * seconds(claimed(400)))
