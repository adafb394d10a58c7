"""The purposes for which languages have words: one line for each, its form and what the words are for.

A key that stands in no line here stands in no file either (`tests/unit/test_language_lexicon.py`), and each line is
explained in `docs/guide/languages.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Form(StrEnum):
    """How the value of a key is written."""

    WORDS = "words"
    """Plain words with blanks between them; they are taken as they stand."""
    PATTERNS = "patterns"
    """Regular expressions, one a line. A blank is one white-space character, a parenthesis never captures."""
    TABLE = "table"
    """Under a heading of its own, plain phrases by key, with ` | ` between them."""
    TEXT = "text"
    """One line of text."""
    NUMBER = "number"
    """A number."""
    MARK = "mark"
    """`true`, or not there."""


@dataclass(frozen=True, slots=True)
class Purpose:
    """What one key of a language's file is for."""

    form: Form
    help: str
    is_lower: bool = True
    """Its words are written in lower case: the texts that they are looked for in are lower or compared without case."""


_WORDS, _PATTERNS, _TABLE, _TEXT = Form.WORDS, Form.PATTERNS, Form.TABLE, Form.TEXT

PURPOSES: dict[str, Purpose] = {
    # How the language is written, and how it is told from others.
    "writing.stemmer": Purpose(_TEXT, "The name of its Snowball stemmer."),
    "writing.not_latin": Purpose(Form.MARK, "It is not written in Latin letters: no text in plain a to z is in it."),
    "writing.caseless": Purpose(Form.MARK, "Its script has no capitals, so they do not tell its names."),
    "writing.unspaced": Purpose(Form.MARK, "No blanks between words, or particles that stick to them."),
    "writing.alphabet": Purpose(_TEXT, "The letters beside a to z that it writes with; empty: none."),
    "writing.own_letters": Purpose(_TEXT, "Letters that speak for it in a short text."),
    "writing.endings": Purpose(_WORDS, "Cyrillic endings of cases, folded (й is и); names are compared without."),
    "detection.words": Purpose(_WORDS, "Small words, and some that news is made of, that speak for it in a headline."),
    "detection.shapes": Purpose(_PATTERNS, "How words are built in it and hardly in another language."),
    "detection.rarer": Purpose(Form.NUMBER, "How much speaks against it where a neighbour with more news looks alike."),
    "detection.taken_for": Purpose(_TEXT, "The code of a neighbour whose names of places are used for it."),
    "stop.words": Purpose(_WORDS, "Words that say nothing about an event."),
    # Numbers and dates.
    "numbers.from_two": Purpose(_WORDS, "The numbers from two on, in order."),
    "numbers.scales": Purpose(_TABLE, "Words that multiply the number before them, by how much."),
    "dates.month_starts": Purpose(_WORDS, "How the names of the twelve months begin, in order, without accents."),
    "dates.month_names": Purpose(_TABLE, "Whole names by number, where a beginning would be too short or has a blank."),
    "dates.months_shown": Purpose(_WORDS, "Months as dates beside a headline write them, before a day."),
    "dates.weekdays": Purpose(_PATTERNS, "Days of the week: above a headline they stand with today's date."),
    "dates.updated": Purpose(_PATTERNS, "Beside a date: the page was changed then."),
    "dates.other": Purpose(_PATTERNS, "Beside a date: something else was then."),
    # Names of places, agencies and people.
    "places.names": Purpose(_TABLE, "What newsrooms call places besides their CLDR names, by code.", is_lower=False),
    "credits.agencies": Purpose(_TABLE, "What agencies are called, by their short name."),
    "credits.source": Purpose(_WORDS, "Before an agency, at the very end of a text: it is taken from there."),
    "names.particles": Purpose(_WORDS, "Words in lower case inside a person's name."),
    "names.and": Purpose(_WORDS, "Words between two names."),
    "names.other_roles": Purpose(_PATTERNS, "A line that names somebody who is not the author."),
    "names.not_names": Purpose(_PATTERNS, "Lines of capitalised words that are nobody's name."),
    # Bylines.
    "bylines.by": Purpose(_WORDS, "By, before a name."),
    "bylines.by_or_else": Purpose(
        _WORDS, "By, in words that begin many a sentence: only in claims and near headlines."
    ),
    "bylines.by_shown": Purpose(_WORDS, "By, in words that say so only beside a headline."),
    "bylines.author": Purpose(_WORDS, "Author, before a name."),
    "bylines.author_shown": Purpose(_WORDS, "Author, in forms that are met only beside a headline."),
    "bylines.written": Purpose(_WORDS, "Words that may stand before by: written, words, story …"),
    "bylines.written_claimed": Purpose(_WORDS, "More of them, in what a page or feed states."),
    "bylines.line": Purpose(_PATTERNS, "How a short line above the text begins that is a byline, beside by."),
    "bylines.addresses": Purpose(_WORDS, "Folders of addresses that lead to an author."),
    "bylines.classes": Purpose(_WORDS, "Author, in the names of elements."),
    "bylines.placeholders": Purpose(_PATTERNS, "What stands where a name should and is none."),
    "bylines.after": Purpose(_PATTERNS, "Begins what follows a name and is no part of it."),
    # A text's sentences.
    "sentences.abbreviations": Purpose(_WORDS, "What ends in a point that ends no sentence."),
    "sentences.after_ordinal": Purpose(_WORDS, "What follows an ordinal that is written with a point."),
    "sentences.leaning": Purpose(
        _WORDS, "First words that lean on the sentence before; such a sentence stands not alone."
    ),
    "sentences.persons": Purpose(_WORDS, "Words for somebody whom an earlier sentence has named."),
    "sentences.going_on": Purpose(_WORDS, "Words early in a sentence that goes on with another."),
    "sentences.asking": Purpose(_PATTERNS, "Words that speak to the reader, not of the news."),
    "sentences.about_report": Purpose(_PATTERNS, "Begins a sentence about the report, not of it."),
    "headlines.teasers": Purpose(_WORDS, "Before a colon or in brackets: not news of the event follows."),
    # Tolls.
    "tolls.dead": Purpose(_WORDS, "People who have died; with a star, how such words begin."),
    "tolls.hurt": Purpose(_WORDS, "People who are hurt, in the same way."),
    "tolls.missing": Purpose(_WORDS, "People who are missing, in the same way."),
    "tolls.conjunctions": Purpose(_WORDS, "Words that begin another clause, which counts something else."),
    "tolls.rising": Purpose(_WORDS, "Words for a toll that rises: the number may stand further behind."),
    # A page's furniture.
    "comments.headings": Purpose(_PATTERNS, "What stands above readers' comments."),
    "comments.names": Purpose(_WORDS, "Comments, in the names of elements and feeds."),
    "comments.form": Purpose(_PATTERNS, "How the lines of a form for comments begin."),
    "entries.read_on": Purpose(_PATTERNS, "Invitations to read on, at the end of a feed's text that is cut."),
    "entries.tails": Purpose(_PATTERNS, "Whole paragraphs that feeds add to a text."),
    "furniture.lines": Purpose(_PATTERNS, "Whole short lines of a page that are no part of its article."),
    "live.addresses": Purpose(_PATTERNS, "Parts of the address of a page that reports live."),
    "live.headlines": Purpose(_PATTERNS, "What such a page is called."),
    "forums.small_print": Purpose(_PATTERNS, "Whole lines around posts that nobody wrote."),
    "forums.no_names": Purpose(_WORDS, "First words of a button beside a post, where a name may stand."),
    "forums.since": Purpose(_WORDS, "Beside a date: it is not the post's."),
    # What a site says to its visitor.
    "consent.hints": Purpose(_WORDS, "Pieces of words, one of which is in every request for consent."),
    "consent.uses": Purpose(_PATTERNS, "We use cookies, we process data."),
    "consent.partners": Purpose(_PATTERNS, "Our partners, so many vendors."),
    "consent.buttons": Purpose(_PATTERNS, "Accept, reject."),
    "consent.settings": Purpose(_PATTERNS, "Where choices are made and policies are read."),
    "consent.yours": Purpose(_PATTERNS, "Your consent, your choices, your privacy."),
    "consent.aims": Purpose(_PATTERNS, "What for: legitimate interest, personalised ads, measurement."),
    "paywall.phrases": Purpose(_PATTERNS, "The rest is for subscribers."),
    "checks.phrases": Purpose(_PATTERNS, "A check that keeps machines out, or a page that needs scripts."),
    # Spam and sitemaps.
    "spam.phrases": Purpose(_PATTERNS, "Phrases of advertisements; three different ones in a text are one."),
    "sitemaps.news": Purpose(_PATTERNS, "In the address of a sitemap: the newest articles."),
    "sitemaps.lasting": Purpose(_PATTERNS, "A whole word in the address of a sitemap: lists, people, pictures."),
}
"""By section and key."""
