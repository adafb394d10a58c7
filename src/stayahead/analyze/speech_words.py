"""The words by which a language says who speaks, gathered once for each language that has verbs of saying."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stayahead.language.lexicon import tables, union, words_by_language

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """The lists `quotes.*` of a language as sets; words are in lower case."""

    verbs: frozenset[str]
    near_verbs: frozenset[str]
    """Verbs that are believed only right at the quotation."""
    participles: frozenset[str]
    between: frozenset[str]
    according: frozenset[str]
    pronouns: dict[str, str]
    """By pronoun whom it stands for: `man`, `woman`, `many`, `thing`, `self`, `who`."""
    determiners: frozenset[str]
    prepositions: frozenset[str]
    openings: frozenset[str]
    titles: frozenset[str]
    people: frozenset[str]
    men: frozenset[str]
    women: frozenset[str]
    not_persons: frozenset[str]
    stop: frozenset[str]
    particles: frozenset[str]
    abbreviations: frozenset[str]


@cache
def speech_words(language: str) -> SpeechWords | None:
    """The words of a language; None where no verbs of saying are listed, so that nobody can be said to speak."""
    language = language.partition("-")[0] or "en"
    verbs = _words("quotes.verbs", language)
    if not verbs:
        return None
    pronouns = tables("quotes.pronouns").get(language, {})
    return SpeechWords(
        verbs=verbs,
        near_verbs=_words("quotes.verbs_of_telling", language),
        participles=_words("quotes.participles", language),
        between=_words("quotes.between", language),
        according=_words("quotes.according", language),
        pronouns={word: kind for kind, own in pronouns.items() for word in own},
        determiners=_words("quotes.determiners", language),
        prepositions=_words("quotes.prepositions", language),
        openings=_words("quotes.openings", language),
        titles=_words("quotes.titles", language),
        people=_words("quotes.people", language),
        men=_words("quotes.men", language),
        women=_words("quotes.women", language),
        not_persons=_words("quotes.not_persons", language),
        stop=_words("stop.words", language),
        particles=frozenset(union("names.particles")),
        abbreviations=_words("sentences.abbreviations", language),
    )


def _words(purpose: str, language: str) -> frozenset[str]:
    return frozenset(words_by_language(purpose).get(language, ())) or _NONE
