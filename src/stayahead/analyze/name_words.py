"""The words by which a language tells what a name is, gathered once for each language whose capitals tell names."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stayahead.analyze.places import is_place, name_length
from stayahead.language.lexicon import marked, tables, union, words_by_language

_TELL_NOTHING = marked("writing.caseless") | marked("writing.capital_nouns") | marked("writing.unspaced")
_LEAST_WORD = 5
"""Letters of the shortest title that is no abbreviation, as in `speech_words`."""


@dataclass(frozen=True, slots=True)
class NameWords:
    """The lists `names.*` of a language, and those of `quotes.*` that tell people; words are in lower case."""

    language: str
    small: frozenset[str]
    """What only begins a sentence, for all its capital."""
    pointing: frozenset[str]
    """Determiners and pronouns, which are in no name, wherever they stand."""
    titles: frozenset[str]
    given: frozenset[str]
    """First names, and words that say a man or a woman is meant."""
    people: frozenset[str]
    verbs: frozenset[str]
    bodies: frozenset[str]
    sites: frozenset[str]
    others: frozenset[str]
    joins: frozenset[str]
    particles: frozenset[str]
    before_places: frozenset[str]
    behind_places: frozenset[str]
    behind_people: frozenset[str]
    behind_bodies: frozenset[str]
    known: dict[str, str]
    """By a name in lower case what bears it."""
    short_forms: frozenset[str]
    who: frozenset[str]

    def is_known_place(self, low: tuple[str, ...]) -> bool:
        """Whether the words, in lower case, are the whole name of a country, a city or a region that we know."""
        if self.known.get(" ".join(low)) == "place":
            return True
        if len(low) == 1:
            return is_place(low[0], language=self.language)
        return name_length(low, language=self.language) == len(low)


@cache
def name_words(language: str) -> NameWords | None:
    """The words of a language; None where capitals do not tell names."""
    language = language.partition("-")[0] or "en"
    if language in _TELL_NOTHING:
        return None
    titles, people = _words("quotes.titles", language), _words("quotes.people", language)
    known = tables("names.known").get(language, {})
    pronouns = tables("quotes.pronouns").get(language, {})
    others = _words("names.others", language)
    small = _words("stop.words", language) | _words("quotes.openings", language)
    pointing = _words("quotes.determiners", language) | {word for own in pronouns.values() for word in own}
    return NameWords(
        language=language,
        small=(small | pointing) - titles - _words("quotes.men", language),
        pointing=pointing,
        titles=titles,
        given=_words("quotes.men", language) | _words("quotes.women", language),
        people=people,
        verbs=_words("quotes.verbs", language),
        bodies=_words("names.bodies", language),
        sites=_words("names.sites", language),
        others=others,
        joins=_words("names.joins", language),
        particles=frozenset(union("names.particles")),
        before_places=_words("names.before_places", language),
        behind_places=_words("names.behind_places", language),
        behind_people=_words("names.behind_people", language),
        behind_bodies=_words("names.behind_bodies", language),
        known={name: what for what, names in known.items() for name in names},
        short_forms=_words("sentences.abbreviations", language)
        | {word for word in titles - people if len(word) < _LEAST_WORD},
        who=frozenset(pronouns.get("who", ())),
    )


def _words(purpose: str, language: str) -> frozenset[str]:
    return frozenset(words_by_language(purpose).get(language, ()))
