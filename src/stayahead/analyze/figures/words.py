"""The words by which a language counts people and amounts, as its lexicon lists them (`figures.*`)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import NamedTuple

from stayahead.analyze.counts import Part, grammar_of
from stayahead.language.lexicon import tables, words_by_language

Phrase = tuple[str, ...]
Phrases = dict[str, tuple[tuple[Phrase, str], ...]]
"""Phrases by their first word (those that stand before a number: by their last), longest first, with what they mean."""


class Words(NamedTuple):
    """What one language has for figures."""

    number_parts: dict[str, Part]
    and_within: frozenset[str]
    people: frozenset[str]
    states: Phrases
    acts: Phrases
    """By their last word: they stand right before a number."""
    nouns: Phrases
    tolls: Phrases
    reaching: frozenset[str]
    harms: frozenset[str]
    hedges: Phrases
    """By their last word: they stand right before a number."""
    many: Phrases
    scales: dict[str, int]
    currencies: Phrases
    increments: frozenset[str]
    negations: frozenset[str]
    supposed: frozenset[str]
    breaks: frozenset[str]
    links: frozenset[str]
    sufferings: frozenset[str]
    refuges: frozenset[str]
    stops: frozenset[str]
    not_after: frozenset[str]
    not_people: frozenset[str]
    contests: frozenset[str]
    ballots: frozenset[str]
    quakes: frozenset[str]
    speaking: frozenset[str]
    finding: frozenset[str]
    studies: frozenset[str]
    sources: frozenset[str]
    homonyms: frozenset[str]
    unfounded: Phrases
    hearsay: frozenset[str]
    falsities: frozenset[str]
    earlier: frozenset[str]
    formerly: frozenset[str]
    parts: frozenset[str]
    ended: Phrases


@cache
def words_of(language: str) -> Words | None:
    """The words of a language; None where nobody has listed what it calls people."""
    people, grammar = _own("figures.people", language), grammar_of(language)
    if not people or grammar is None:
        return None
    return Words(
        number_parts=grammar.parts,
        and_within=grammar.after_hundreds | grammar.after_tens,
        people=people,
        states=_phrases("figures.states", language),
        acts=_phrases("figures.acts", language, by_last=True) | _phrases("figures.acts_of", language, by_last=True),
        nouns=_phrases("figures.nouns", language),
        tolls=_phrases("figures.tolls", language),
        reaching=_own("figures.reaching", language),
        harms=_own("figures.harms", language),
        hedges=_phrases("figures.hedges", language, by_last=True),
        many=_phrases("figures.many", language),
        scales={
            phrase: int(scale)
            for scale, phrases in tables("figures.scales").get(language, {}).items()
            for phrase in phrases
        },
        currencies=_phrases("figures.currencies", language),
        increments=_own("figures.increments", language),
        negations=_own("figures.negations", language),
        supposed=_own("figures.supposed", language),
        breaks=_own("figures.breaks", language),
        links=_own("figures.links", language),
        sufferings=_own("figures.sufferings", language),
        refuges=_own("figures.refuges", language),
        stops=_own("stop.words", language),
        not_after=_own("casualties.not_after", language) | _own("figures.names", language),
        not_people=_own("casualties.not_persons", language),
        contests=_own("figures.contests", language),
        ballots=_own("figures.ballots", language),
        quakes=_own("figures.quakes", language),
        speaking=_own("figures.speaking", language),
        finding=_own("figures.finding", language),
        studies=_own("figures.studies", language),
        sources=_own("figures.sources", language),
        homonyms=_own("figures.homonyms", language),
        unfounded=_phrases("figures.unfounded", language),
        hearsay=_own("figures.hearsay", language),
        falsities=_own("figures.falsities", language),
        earlier=_own("figures.earlier", language),
        formerly=_own("figures.formerly", language),
        parts=_own("figures.parts", language),
        ended=_phrases("figures.ended", language),
    )


def starts(words: Words) -> tuple[str, ...]:
    """What a sentence that states a figure of people, a magnitude or a result holds: one of these at least."""
    tables = (words.states, words.acts, words.nouns, words.tolls)
    phrases = (phrase for table in tables for own in table.values() for phrase, _ in own)
    lasts = {next((word for word in reversed(phrase) if word not in words.stops), phrase[-1]) for phrase in phrases}
    return tuple(sorted(lasts | words.harms | words.contests | words.ballots | words.quakes | words.refuges))


def match(phrases: Phrases, texts: Sequence[str], at: int) -> tuple[str, int]:
    """What the phrase means that begins at that word, and how many words it has: "" and 0 where none does."""
    for phrase, meaning in phrases.get(texts[at], ()) if at < len(texts) else ():
        if tuple(texts[at : at + len(phrase)]) == phrase:
            return meaning, len(phrase)
    return "", 0


def match_before(phrases: Phrases, texts: Sequence[str], end: int) -> tuple[str, int]:
    """The same for the phrase that ends before the word at `end`; the phrases are those by their last word."""
    for phrase, meaning in phrases.get(texts[end - 1], ()) if end > 0 else ():
        if tuple(texts[max(0, end - len(phrase)) : end]) == phrase:
            return meaning, len(phrase)
    return "", 0


def _own(purpose: str, language: str) -> frozenset[str]:
    return frozenset(words_by_language(purpose).get(language, ()))


def _phrases(purpose: str, language: str, *, by_last: bool = False) -> Phrases:
    found: dict[str, list[tuple[Phrase, str]]] = {}
    for meaning, phrases in tables(purpose).get(language, {}).items():
        for phrase in map(str.split, phrases):
            found.setdefault(phrase[-1 if by_last else 0], []).append((tuple(phrase), meaning))
    return {word: tuple(sorted(own, key=lambda each: (-len(each[0]), each))) for word, own in found.items()}
