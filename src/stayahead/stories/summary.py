"""A summary tells a story in two or three sentences of its reports, each of another publisher and with its source.

Drawn from the first sentences that rows keep of each report (`StoryArticle.lede`): there a report says what is new,
they are all that readers without full texts may see, and they outlive the bodies. A sentence is worth how many others
speak of what it says, more for being early in its report and new. Passed over are sentences that cannot stand alone
(`sentences`), and those with a casualty figure that later reports have overtaken: figures were read when the reports
were, and rows carry those of title and lede (`StoryArticle.statements`). After the first, each must say something else
(maximal marginal relevance: Carbonell & Goldstein 1998). A pure function of the rows: the front page, the story's page
and the API tell the same (docs/decisions/0105).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import islice
from math import sqrt

from stayahead.analyze.dateline import without_dateline
from stayahead.analyze.terms import find_terms
from stayahead.model import (
    LEDE,
    TITLE,
    CasualtyFigure,
    CasualtySlot,
    PublisherKind,
    Statement,
    StoryArticle,
    StoryHead,
    SummarySentence,
)
from stayahead.stories.headline import headline_terms, worth_of_form
from stayahead.stories.sentences import is_in_language, stands
from stayahead.text import first_sentences, sentence_spans, tokens

REPORTS_ASKED = 60
"""Newest reports that are looked through; copies are not counted."""
VOICES_ASKED = 24
"""Publishers among them whose reports are read."""
REPORTS_EACH = 3
"""Reports that are read of each publisher: bounds the cost of a story, however large."""
SENTENCES = 3
CHARS = 520
"""Longest summary with a third sentence: a paragraph, not an article."""
_SECOND_LEAST = 2
"""With fewer sentences the story has one voice, which may say a second one."""

# Chosen by reading the summaries of the press and of stories/fulltext_dev; docs/decisions/0105.
_WORDS = 14
"""Sentences with fewer words that say something are not worth more for being short."""
_PLACES = (1.0, 0.75, 0.55)
"""What a sentence is worth by its place in its report."""
_NEWER = 0.5
"""How much more the newest sentence is worth than one as old as `_AGE`."""
_AGE = timedelta(hours=4)
"""From this age on a sentence has no more of the newest one's worth."""
_AGENCY = 1.25
_LEAD = 1.75
"""For the first sentence, the report whose headline the story bears: what is under it should belong to it."""
_DEPENDENT = 0.7
"""A publisher none of whose reports is independent."""
_RELEVANCE = 0.65
"""Share of relevance in marginal relevance; the rest is newness of words."""
_RELEVANT_LEAST = 0.4
"""Share of the first sentence's worth that a further one must have."""
_SAME = 0.5
"""Share of its words that another has said, from which a sentence says the same."""
_SUBJECT = 0.5
"""How much of a word counts in that which stands in the story's headline: every sentence has to name those."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    place: int
    """Among the sentences of its report, from 0."""
    terms: frozenset[str]
    casualties: tuple[tuple[CasualtySlot, int], ...]


@dataclass(frozen=True, slots=True)
class _Said:
    """A sentence where it stands."""

    sentence: _Sentence
    article: StoryArticle


def reports(articles: Iterable[StoryArticle]) -> list[StoryArticle]:
    """Those of a story's articles that `summarize` asks: the newest that are no copies, newest first."""
    own = [article for article in articles if not article.copy_of]
    own.sort(key=lambda article: (article.placed_at, article.id), reverse=True)
    return own[:REPORTS_ASKED]


def summarize(head: StoryHead, newest_first: Sequence[StoryArticle]) -> tuple[SummarySentence, ...]:
    """The story in its reports' words; nothing when none of them has any.

    Args:
        head: the story: its language is the summary's, its headline's report speaks with more weight.
        newest_first: as `reports` gives them.
    """
    asked = _asked(head, newest_first)
    said = [_Said(sentence, article) for article in asked for sentence in _read(article)[1]]
    independent = {article.publisher.domain for article in newest_first if article.is_origin}
    stated = [(each.article, slot, value) for each in said for slot, value in each.sentence.casualties]
    # Its own headline overtakes too, but no other title: a figure that no sentence tells would leave none at all.
    lead = [article for article in asked if article.id == head.lead_id]
    stated += [(article, slot, value) for article in lead for slot, value in _casualties(article.statements, TITLE)]
    current = [each for each in said if not _is_overtaken(each, stated)]
    chosen = _chosen(_worth(head, asked, current, independent=independent), head=head)
    if len(chosen) >= _SECOND_LEAST:
        return tuple([SummarySentence(text=each.sentence.text, article=each.article) for each in chosen])
    return _one_voice(head, chosen[0].article if chosen else None, newest_first)


def _asked(head: StoryHead, newest_first: Iterable[StoryArticle]) -> list[StoryArticle]:
    """The newest reports in the story's language, a few of each publisher."""
    voices: dict[str, list[StoryArticle]] = {}
    for article in newest_first:
        if is_in_language(article.language, head.language) and (
            _voice(article) in voices or len(voices) < VOICES_ASKED
        ):
            voices.setdefault(_voice(article), []).append(article)
    return [article for articles in voices.values() for article in articles[:REPORTS_EACH]]


def _voice(article: StoryArticle) -> str:
    return article.publisher.owner or article.publisher.domain or article.id


def _read(article: StoryArticle) -> tuple[frozenset[str], tuple[_Sentence, ...]]:
    """All terms of a report's first sentences; those of them that can stand alone."""
    return _read_lede(article.lede, article.language, article.statements)


@lru_cache(maxsize=4096)
def _read_lede(
    lede: str, language: str, statements: tuple[Statement, ...]
) -> tuple[frozenset[str], tuple[_Sentence, ...]]:
    said: set[str] = set()
    standing: list[_Sentence] = []
    rest = without_dateline(lede)
    begin = len(lede) - len(rest)
    for place, (start, end) in enumerate(islice(sentence_spans(rest), len(_PLACES))):
        text = rest[start:end]
        terms = frozenset([term.text for term in find_terms(tokens(text), (), language=language)])
        said |= terms
        if stands(text, language=language, is_first=not place):
            inside = [each for each in statements if begin + start <= each.start and each.end <= begin + end]
            standing.append(_Sentence(text, place, terms, _casualties(inside, LEDE)))
    return frozenset(said), tuple(standing)


def _casualties(statements: Iterable[Statement], block: int) -> tuple[tuple[CasualtySlot, int], ...]:
    """The first figure for each slot in headline or lede."""
    found: dict[CasualtySlot, int] = {}
    for each in statements:
        if each.block == block and isinstance(each.value, CasualtyFigure):
            found.setdefault(each.value.slot, each.value.count)
    return tuple(found.items())


def _is_overtaken(asked: _Said, stated: Iterable[tuple[StoryArticle, CasualtySlot, int]]) -> bool:
    """Has a later report a higher figure, or have two publishers a lower one later?"""
    for slot, number in asked.sentence.casualties:
        later = [
            (_voice(article), value)
            for article, other, value in stated
            if other == slot and article.placed_at > asked.article.placed_at
        ]
        if any(value > number for _, value in later) or len({voice for voice, value in later if value < number}) > 1:
            return True
    return False


def _worth(
    head: StoryHead, asked: Sequence[StoryArticle], said: Iterable[_Said], *, independent: set[str]
) -> list[tuple[float, _Said]]:
    """Each sentence with what it is worth."""
    said_by: dict[str, set[str]] = {}
    titled_by: dict[str, set[str]] = {}
    for article in asked:
        titled = headline_terms(article.title, article.language)
        titled_by.setdefault(_voice(article), set()).update(titled)
        said_by.setdefault(_voice(article), set()).update(titled, _read(article)[0])
    speakers = Counter(term for terms in (*said_by.values(), *titled_by.values()) for term in terms)
    headline = set(headline_terms(head.headline, head.language))
    latest = max((article.placed_at for article in asked), default=None)

    def worth(each: _Said) -> float:
        article = each.article
        # A publisher is no witness to its own words; a title counts beside what stands under it.
        own, titled = said_by[_voice(article)], titled_by[_voice(article)]
        support = sum(
            [speakers[term] - (term in own) - (term in titled) + (term in headline) for term in each.sentence.terms]
        )
        worth = support / max(len(said_by), 2) / sqrt(max(len(each.sentence.terms), _WORDS))
        worth *= _PLACES[each.sentence.place]
        if latest is not None:
            worth *= 1.0 + _NEWER * (1.0 - min((latest - article.placed_at) / _AGE, 1.0))
        if article.publisher.kind is PublisherKind.AGENCY:
            worth *= _AGENCY
        if article.publisher.domain not in independent:
            worth *= _DEPENDENT
        return worth * worth_of_form(article.title, article.language)

    return [(round(worth(each), 6), each) for each in said]


def _chosen(worths: Sequence[tuple[float, _Said]], *, head: StoryHead) -> list[_Said]:
    """The worthiest, then those that are worth much and say something else; of each publisher one."""
    left = [(worth, each) for worth, each in worths if worth > 0]
    best = max((worth for worth, _ in left), default=0.0)
    subject = frozenset(headline_terms(head.headline, head.language))
    chosen: list[_Said] = []

    def marginal(one: tuple[float, _Said]) -> tuple[float, datetime, str, int]:
        worth, each = one
        article = each.article
        if not chosen:
            value = worth * (_LEAD if article.id == head.lead_id else 1.0)
        else:
            value = _RELEVANCE * worth / best - (1 - _RELEVANCE) * _likeness(each, chosen, subject)
        return round(value, 6), article.placed_at, article.id, -each.sentence.place

    while left and len(chosen) < SENTENCES:
        chosen.append(max(left, key=marginal)[1])
        left = [
            (worth, each)
            for worth, each in left
            if worth >= _RELEVANT_LEAST * best
            and (len(chosen) < _SECOND_LEAST or _length([*chosen, each]) <= CHARS)
            and _voice(each.article) not in {_voice(other.article) for other in chosen}
            and _likeness(each, chosen, subject) < _SAME
        ]
    return chosen


def _length(said: Iterable[_Said]) -> int:
    return sum(len(each.sentence.text) for each in said)


def _likeness(said: _Said, chosen: Iterable[_Said], subject: frozenset[str]) -> float:
    """The largest share of words in common with one of the chosen, of the shorter sentence's; `subject` counts less."""
    terms = said.sentence.terms
    return max([_share(terms, each.sentence.terms, subject) for each in chosen], default=0.0)


def _share(terms: frozenset[str], others: frozenset[str], subject: frozenset[str]) -> float:
    def weight(some: frozenset[str]) -> float:
        return len(some) - (1 - _SUBJECT) * len(some & subject)

    return weight(terms & others) / max(min(weight(terms), weight(others)), 1.0)


def _one_voice(
    head: StoryHead, article: StoryArticle | None, newest_first: Sequence[StoryArticle]
) -> tuple[SummarySentence, ...]:
    """The first sentences of one report: of the one named, else of the headline's, else of the newest with a text."""
    leading = [each for each in newest_first if each.id == head.lead_id]
    for each in [article] if article else [*leading, *newest_first]:
        if each.lede:
            return (SummarySentence(text=first_sentences(without_dateline(each.lede)), article=each),)
    return ()
