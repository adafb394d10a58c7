"""Summary: a story's reports go in, newest first; two or three sentences of theirs, one a publisher, come out.

Drawn from the first sentences that rows keep of each report (`StoryArticle.lede`): there a report says what is new,
they are all that readers without full texts may see, and they outlive the bodies. A sentence is worth how many others
speak of what it says, more for being early in its report and new. Passed over are sentences that cannot stand alone
(`sentences`), and those with a toll that later reports have overtaken (`tolls`). After the first, each must say
something else (maximal marginal relevance: Carbonell & Goldstein 1998). A pure function of the rows: the front page,
the story's page and the API tell the same (docs/decisions/0105).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from math import sqrt

from stayahead.analyze.terms import find_terms
from stayahead.model import PublisherKind, StoryArticle, StoryHead, SummarySentence
from stayahead.stories.headline import headline_terms, worth_of_form
from stayahead.stories.sentences import standing, without_dateline
from stayahead.stories.tolls import Slot, tolls
from stayahead.text import first_sentences, tokens

REPORTS_ASKED = 60
"""Newest reports that are no copies; of each publisher the newest …"""
VOICES_ASKED = 24
"""… and no more publishers than this: bounds the cost of a story, however large."""
SENTENCES = 3
CHARS = 520
"""Of a third sentence and those before it: a paragraph, not an article."""
_SECOND_LEAST = 2
"""With fewer sentences the story has one voice, which may say a second one."""

# Chosen by reading the summaries of the press and of stories/fulltext_dev; docs/decisions/0105.
_WORDS = 8
"""Sentences with fewer words that say something are not worth more for being short."""
_PLACES = (1.0, 0.75, 0.55)
"""What a sentence is worth by its place in its report."""
_NEWER = 0.5
"""How much more the newest sentence is worth than one of …"""
_AGE = timedelta(hours=4)
"""… that age or older."""
_AGENCY = 1.25
_LEAD = 1.25
"""The report whose headline the story bears: what is under it should belong to it."""
_DEPENDENT = 0.7
"""A publisher none of whose reports is independent."""
_RELEVANCE = 0.65
"""Share of relevance in marginal relevance; the rest is newness of words."""
_RELEVANT_LEAST = 0.4
"""Share of the first sentence's worth that a further one must have."""
_SAME = 0.5
"""Share of its words that another has said, from which a sentence says the same."""


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    place: int
    """Among the sentences of its report, from 0."""
    terms: frozenset[str]
    tolls: tuple[tuple[Slot, int], ...]


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
    said = [_Said(sentence, article) for article in asked for sentence in _sentences(article.lede, article.language)]
    independent = {article.publisher.domain for article in newest_first if article.is_origin}
    current = [each for each in said if not _is_overtaken(each, said)]
    chosen = _chosen(_worth(head, asked, current, independent=independent))
    if len(chosen) >= _SECOND_LEAST:
        return tuple([SummarySentence(text=each.sentence.text, article=each.article) for each in chosen])
    return _one_voice(head, chosen[0].article if chosen else None, newest_first)


def _asked(head: StoryHead, newest_first: Iterable[StoryArticle]) -> list[StoryArticle]:
    """Of each publisher the newest report in the story's language, rather one that says more than a title."""
    found: dict[str, StoryArticle] = {}
    for article in newest_first:
        if _is_in(article.language, head.language):
            voice = article.publisher.domain or article.id
            known = found.get(voice)
            if (known is None and len(found) < VOICES_ASKED) or (known and article.lede and not known.lede):
                found[voice] = article
    return list(found.values())


def _is_in(language: str, wanted: str) -> bool:
    return not language or not wanted or language.partition("-")[0] == wanted.partition("-")[0]


@lru_cache(maxsize=4096)
def _sentences(lede: str, language: str) -> tuple[_Sentence, ...]:
    return tuple(
        [
            _Sentence(text, place, frozenset(_terms(text, language)), tuple(tolls(text).items()))
            for place, text in standing(lede, language=language)
            if place < len(_PLACES)
        ]
    )


@lru_cache(maxsize=4096)
def _terms(text: str, language: str) -> tuple[str, ...]:
    return tuple([term.text for term in find_terms(tokens(text), (), language=language)])


def _is_overtaken(asked: _Said, said: Iterable[_Said]) -> bool:
    """Has a later report a higher toll, or have two of them a lower one?"""
    for slot, number in asked.sentence.tolls:
        later = [
            (each.article.publisher.domain, value)
            for each in said
            if each.article.placed_at > asked.article.placed_at
            for other, value in each.sentence.tolls
            if other == slot
        ]
        if any(value > number for _, value in later):
            return True
        if len({domain for domain, value in later if value < number}) > 1:
            return True
    return False


def _worth(
    head: StoryHead, asked: Sequence[StoryArticle], said: Iterable[_Said], *, independent: set[str]
) -> list[tuple[float, _Said]]:
    """Each sentence with what it is worth."""
    speakers: Counter[str] = Counter()
    own: dict[str, set[str]] = {}
    for article in asked:
        titled = headline_terms(article.title, article.language)
        own[article.id] = {*titled, *_terms(article.lede, article.language)}
        speakers.update(own[article.id])
        speakers.update(titled)
    headline = set(headline_terms(head.headline, head.language))
    latest = max((article.placed_at for article in asked), default=None)

    def worth(each: _Said) -> float:
        article = each.article
        # A report is no witness to its own words.
        support = sum([speakers[term] - (term in own[article.id]) + (term in headline) for term in each.sentence.terms])
        worth = (
            support / max(len(asked), 2) / sqrt(max(len(each.sentence.terms), _WORDS)) * _PLACES[each.sentence.place]
        )
        if latest is not None:
            worth *= 1.0 + _NEWER * (1.0 - min((latest - article.placed_at) / _AGE, 1.0))
        if article.publisher.kind is PublisherKind.AGENCY:
            worth *= _AGENCY
        if article.id == head.lead_id:
            worth *= _LEAD
        if article.publisher.domain not in independent:
            worth *= _DEPENDENT
        return worth * worth_of_form(article.title, article.language)

    return [(round(worth(each), 6), each) for each in said]


def _chosen(worths: Sequence[tuple[float, _Said]]) -> list[_Said]:
    """The worthiest, then those that are worth much and say something else; of each publisher one."""
    left = [(worth, each) for worth, each in worths if worth > 0]
    chosen: list[_Said] = []
    best = max((worth for worth, _ in left), default=0.0)
    while left and len(chosen) < SENTENCES:
        marginal = [
            (_RELEVANCE * worth / best - (1 - _RELEVANCE) * _likeness(each, chosen), each.article.placed_at, each)
            for worth, each in left
        ]
        _, _, taken = max(
            marginal, key=lambda one: (round(one[0], 6), one[1], one[2].article.id, -one[2].sentence.place)
        )
        chosen.append(taken)
        left = [
            (worth, each)
            for worth, each in left
            if worth >= _RELEVANT_LEAST * best
            and (len(chosen) < _SECOND_LEAST or _length([*chosen, each]) <= CHARS)
            and _speaker(each) not in {_speaker(other) for other in chosen}
            and _likeness(each, chosen) < _SAME
        ]
    return chosen


def _length(said: Iterable[_Said]) -> int:
    return sum(len(each.sentence.text) for each in said)


def _likeness(said: _Said, chosen: Iterable[_Said]) -> float:
    """The largest share of words in common with one of the chosen, of the shorter sentence's."""
    terms = said.sentence.terms
    shares = [len(terms & each.sentence.terms) / max(min(len(terms), len(each.sentence.terms)), 1) for each in chosen]
    return max(shares, default=0.0)


def _speaker(said: _Said) -> str:
    publisher = said.article.publisher
    return publisher.owner or publisher.domain or said.article.id


def _one_voice(
    head: StoryHead, article: StoryArticle | None, newest_first: Sequence[StoryArticle]
) -> tuple[SummarySentence, ...]:
    """The first sentences of one report: of the one named, else of the headline's, else of the newest with a text."""
    leading = [each for each in newest_first if each.id == head.lead_id]
    for each in [article] if article else [*leading, *newest_first]:
        if each.lede:
            return (SummarySentence(text=first_sentences(without_dateline(each.lede)), article=each),)
    return ()
