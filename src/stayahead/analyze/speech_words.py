"""The words by which a language says who speaks, gathered once for each language that has verbs of saying."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from stayahead.language.lexicon import tables, union, words_by_language

LEAST_WORD = 5
"""Letters of the shortest adverb that is told by its ending, and of the shortest title that is no abbreviation."""
SUFFIXES = frozenset(["jr", "sr", "ii", "iii", "iv"])
"""What stands behind a surname and is none."""
_ARTICLES = frozenset(["al", "el", "ul", "ad", "ar", "as", "ash", "az"])
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SpeechWords:
    """The lists `quotes.*` of a language as sets; words are in lower case."""

    language: str
    verbs: frozenset[str]
    near_verbs: frozenset[str]
    """Verbs that are believed only right at the quotation."""
    participles: frozenset[str]
    between: frozenset[str]
    according: frozenset[str]
    negations: frozenset[str]
    """Beside a verb of saying, what takes it back."""
    supposing: frozenset[str]
    """Beside a verb of saying, what only supposes it."""
    denials: frozenset[str]
    """Before a clause of saying, what takes it back."""
    quoting: frozenset[str]
    """Verbs whose object speaks."""
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
    conjunctions: frozenset[str]
    short_forms: frozenset[str]
    """Abbreviations and short titles, which may end in a point that ends no sentence: `Rev.`."""
    endings: tuple[str, ...]
    """How adverbs end that may stand between a subject and its verb."""

    def is_between(self, word: str) -> bool:
        """Whether a word may stand between a subject and its verb."""
        return word in self.between or (bool(self.endings) and word.endswith(self.endings) and len(word) >= LEAST_WORD)

    def is_of_name(self, word: str) -> bool:
        """Whether it is a title or first name, whatever else it may be: `Don`."""
        return word.rstrip(".") in self.titles or word in self.men or word in self.women

    def is_small(self, word: str) -> bool:
        """Whether it only begins a sentence, for all its capital."""
        return word in self.stop or word in self.openings or word in self.determiners

    def is_pronoun(self, word: str) -> bool:
        """Whether it is a pronoun, `he’s` among them."""
        return word in self.pronouns or word.partition("’")[0].partition("'")[0] in self.pronouns


def has_capital(word: str) -> bool:
    """Whether a word is written as a name is: with a capital, behind an article that is part of it (`al-Rashid`)."""
    if word[:1].isupper():
        return True
    article, _, rest = word.partition("-")
    return rest[:1].isupper() and article in _ARTICLES


@cache
def speech_words(language: str) -> SpeechWords | None:
    """The words of a language; None where no verbs of saying are listed, so that nobody can be said to speak."""
    language = language.partition("-")[0] or "en"
    verbs = _words("quotes.verbs", language)
    if not verbs:
        return None
    titles, people = _words("quotes.titles", language), _words("quotes.people", language)
    between = _words("quotes.between", language)
    pronouns = tables("quotes.pronouns").get(language, {})
    return SpeechWords(
        language=language,
        verbs=verbs,
        near_verbs=_words("quotes.verbs_of_telling", language),
        participles=_words("quotes.participles", language),
        between=between,
        according=_words("quotes.according", language),
        negations=_words("quotes.negations", language),
        supposing=_words("quotes.supposing", language),
        denials=_words("quotes.denials", language),
        quoting=_words("quotes.quoting", language),
        pronouns={word: kind for kind, own in pronouns.items() for word in own},
        determiners=_words("quotes.determiners", language),
        prepositions=_words("quotes.prepositions", language),
        openings=_words("quotes.openings", language),
        titles=titles,
        people=people,
        men=_words("quotes.men", language),
        women=_words("quotes.women", language),
        not_persons=_words("quotes.not_persons", language),
        stop=_words("stop.words", language),
        particles=frozenset(union("names.particles")),
        conjunctions=_words("quotes.conjunctions", language),
        endings=tuple(sorted(word[1:] for word in between if word[0] == "*")),
        short_forms=_words("sentences.abbreviations", language)
        | {word for word in titles - people if len(word) < LEAST_WORD},
    )


def _words(purpose: str, language: str) -> frozenset[str]:
    return frozenset(words_by_language(purpose).get(language, ())) or _NONE
