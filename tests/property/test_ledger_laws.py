"""A story's ledger is a fold of what its articles claim, whatever merges and splits it went through."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stayahead.analyze import find_statements
from stayahead.model import Article, ArticleClaims, CasualtySlot, Claim, Figure, Merged, Publisher, Split, StoryArticle
from stayahead.stories.figures import FigureLedger, figure_ledger
from stayahead.stories.ledger import CasualtyLedger, casualty_ledger
from stayahead.stories.quote_ledger import QuoteLedger, quote_ledger
from tests.contract.store_parts import T0, Teller, article, head, minutes
from tests.examples import examples
from tests.stores import ADAPTERS, Store

TEXTS = (
    "At least 12 people were killed.",
    "The death toll rose to 31, and 140 were injured. Nine are missing.",
    "Nobody was counted.",
    "Two are dead. A minister spoke of three dead.",
    "“Nobody will be left behind in the tower,” said Ann Lee. Two people died.",
    "Ann Lee said: “Nobody will be left behind in that tower.” “We go on,” Tom Roe said.",
)


def claimed(name: str, text: str, *, at: int = 0, title: str = "Tower falls") -> ArticleClaims:
    given = article(name, title, text, publisher=Publisher(domain=f"{name}.example", name=name.upper()))
    moment = T0 + minutes(at)
    row = StoryArticle(id=name, url=given.url, title=title, publisher=given.publisher, placed_at=moment, seen_at=moment)
    found = find_statements(title, given.page).text
    return ArticleClaims(
        article=row, claims=tuple(Claim(article_id=name, revision=0, statement=each) for each in found)
    )


def shown(ledger: CasualtyLedger) -> dict[CasualtySlot, list[tuple[int, str, int, int]]]:
    """By slot, each line's count, publisher and place."""
    return {
        slot: [
            (line.count, line.article.publisher.name, line.claim.statement.block, line.claim.statement.start)
            for line in lines
        ]
        for slot, lines in ledger.items()
    }


def test_for_each_slot_the_newest_article_s_counts_come_first_and_in_an_article_as_they_stand() -> None:
    ledger = casualty_ledger(
        [claimed("a", TEXTS[0]), claimed("b", TEXTS[3], at=5, title="2 dead"), claimed("c", TEXTS[2])]
    )
    assert shown(ledger) == {"dead": [(2, "B", -1, 0), (2, "B", 0, 0), (3, "B", 0, 14), (12, "A", 0, 0)]}
    assert shown(casualty_ledger([claimed("a", TEXTS[1])])) == {
        "dead": [(31, "A", 0, 0)],
        "hurt": [(140, "A", 0, 0)],
        "missing": [(9, "A", 0, 49)],
    }


def test_who_counts_nobody_or_was_not_analysed_has_no_line() -> None:
    silent = replace(claimed("a", TEXTS[2]), is_analysed=False)
    assert casualty_ledger([silent]) == casualty_ledger([]) == {}


@given(st.lists(st.tuples(st.sampled_from(TEXTS), st.integers(0, 3)), max_size=6), st.integers(0, 9))
def test_the_order_in_which_articles_are_read_does_not_matter(told: list[tuple[str, int]], seed: int) -> None:
    articles = [claimed(f"a{n}", text, at=at) for n, (text, at) in enumerate(told)]
    mixed = random.Random(seed).sample(articles, len(articles))
    assert casualty_ledger(mixed) == casualty_ledger(articles)


# ── the law ──────────────────────────────────────────────────────────────────────────────────────────────────────

STEPS = st.lists(
    st.tuples(st.sampled_from(("open", "open", "join", "join", "revise", "merge", "split")), st.integers(0, 9)),
    min_size=5,
    max_size=25,
)


class Told:
    """A store, and beside it the text that each article had last."""

    def __init__(self, store: Store) -> None:
        self.teller = Teller(store)
        self.texts: dict[str, str] = {}
        self.revisions: dict[str, int] = {}

    def step(self, number: int, verb: str, pick: int) -> None:
        members = self.teller.members
        stories = sorted(members)
        text = TEXTS[pick % len(TEXTS)]
        name = f"a{number}"
        if verb == "open" or not stories:
            self.texts[name] = text
            self.teller.open(name, self._article(name, number))
            return
        story = stories[pick % len(stories)]
        one = sorted(members[story])[pick % len(members[story])]
        others = [other for other in stories if other != story]
        if verb == "join":
            self.texts[name] = text
            self.teller.join(story, self._article(name, number))
        elif verb == "revise":
            self.texts[one] = text
            self.revisions[one] = self.revisions.get(one, 0) + 1
            self.teller.revise(story, self._article(one, int(one[1:])))
        elif verb == "merge" and others:
            self.teller.commit([self.teller.update(story, Merged(other_id=others[0]))])
        elif verb == "split" and len(members[story]) > 1:
            part = head(f"s{number}", lead_id=one)
            self.teller.commit([self.teller.update(story, Split(new_head=part, article_ids=(one,)))])

    def _article(self, name: str, number: int) -> Article:
        made = article(name, "Tower falls", self.texts[name], at=T0 + minutes(number % 4))
        return replace(made, revision=self.revisions.get(name, 0))


@pytest.mark.parametrize("adapter", sorted(ADAPTERS))
@given(steps=STEPS)
@examples(25)
def test_a_ledger_is_the_fold_over_the_articles_that_a_story_has(adapter: str, steps: list[tuple[str, int]]) -> None:
    with ADAPTERS[adapter]() as opened:
        told = Told(opened())
        for number, (verb, pick) in enumerate(steps):
            told.step(number, verb, pick)
        for story, members in told.teller.members.items():
            claims = told.teller.store.claims(story, limit=99)
            texts = [claimed(id_, told.texts[id_], at=int(id_[1:]) % 4) for id_ in members]
            assert places(casualty_ledger(claims)) == places(casualty_ledger(texts))
            assert lines(quote_ledger(claims)) == lines(quote_ledger(texts))
            assert figures(figure_ledger(claims)) == figures(figure_ledger(texts))
        told.teller.store.close()


def lines(ledger: QuoteLedger) -> list[tuple[str, str, tuple[str, ...], list[tuple[str, int, int]]]]:
    return [
        (
            line.words,
            line.speaker,
            line.other_words,
            [(each.article.id, each.claim.statement.block, each.claim.statement.start) for each in line.tellings],
        )
        for line in ledger
    ]


def figures(ledger: FigureLedger) -> dict[str, list[tuple[Figure, str, int, int]]]:
    return {
        slot: [
            (line.figure, line.claim.article_id, line.claim.statement.start, line.claim.statement.end)
            for line in own.lines
        ]
        for slot, own in ledger.items()
    }


def places(ledger: CasualtyLedger) -> dict[CasualtySlot, list[tuple[int, str, int, int]]]:
    return {
        slot: [
            (line.count, line.claim.article_id, line.claim.statement.start, line.claim.statement.end) for line in lines
        ]
        for slot, lines in ledger.items()
    }
