"""The purposes for which languages have words: one line for each, its form and what the words are for.

A key that stands in no line here stands in no file either (`tests/unit/test_language_lexicon.py`), and each line is
explained in `docs/guide/languages.md`.
"""

from __future__ import annotations

from typing import Literal, NamedTuple, TypeAlias

Form: TypeAlias = Literal["words", "patterns", "table", "text", "number", "mark"]
"""How the value of a key is written:

- words: plain words with blanks between them, taken as they stand;
- patterns: regular expressions, one a line; a blank is one white-space character, a parenthesis never captures;
- table: one line a key, `KEY: a phrase | another`, plain;
- text: one line; number: a number; mark: `true`, or not there.
"""


class Purpose(NamedTuple):
    """What one key of a language's file is for."""

    form: Form
    help: str
    is_lower: bool = True
    """Its words are written in lower case: the texts that they are looked for in are lower or compared without case."""


PURPOSES: dict[str, Purpose] = {
    # How the language is written, and how it is told from others.
    "writing.stemmer": Purpose("text", "The name of its Snowball stemmer."),
    "writing.not_latin": Purpose("mark", "It is not written in Latin letters: no text in plain a to z is in it."),
    "writing.caseless": Purpose("mark", "Its script has no capitals, so they do not tell its names."),
    "writing.capital_nouns": Purpose("mark", "Its nouns have capitals, so they do not tell its names."),
    "writing.unspaced": Purpose("mark", "No blanks between words, or particles that stick to them."),
    "writing.alphabet": Purpose("text", "The letters beside a to z that it writes with; empty: none."),
    "writing.own_letters": Purpose("text", "Letters that speak for it in a short text."),
    "writing.endings": Purpose("words", "Cyrillic endings of cases, folded (й is и); names are compared without."),
    "detection.words": Purpose("words", "Small words, and some that news is made of, that speak for it in a headline."),
    "detection.shapes": Purpose("patterns", "How words are built in it and hardly in another language."),
    "detection.rarer": Purpose("number", "How much speaks against it where a neighbour with more news looks alike."),
    "detection.taken_for": Purpose("text", "The code of a neighbour whose names of places are used for it."),
    "stop.words": Purpose("words", "Words that say nothing about an event."),
    # Numbers and dates.
    "numbers.from_two": Purpose("words", "The numbers from two on, in order."),
    "numbers.beyond": Purpose("table", "Numbers beyond those, by value; one counts in others alone."),
    "numbers.scales": Purpose("table", "Words that multiply the number before them, by how much."),
    "numbers.multiples": Purpose("table", "Words for hundreds and dozens, which multiply, by how much."),
    "numbers.and_after_tens": Purpose("words", "Between the tens and the ones of a number in words."),
    "numbers.and_after_hundreds": Purpose("words", "Behind the hundreds or thousands of a number in words."),
    "dates.month_starts": Purpose("words", "How the names of the twelve months begin, in order, without accents."),
    "dates.month_names": Purpose(
        "table", "Whole names by number, where a beginning would be too short or has a blank."
    ),
    "dates.months": Purpose("words", "Names of months, in full and cut short, as they stand before a day."),
    "dates.weekdays": Purpose("patterns", "Days of the week: above a headline they stand with today's date."),
    "dates.updated": Purpose("patterns", "Beside a date: the page was changed then."),
    "dates.other": Purpose("patterns", "Beside a date: something else was then."),
    # Names of places, agencies and people.
    "places.names": Purpose("table", "What newsrooms call places besides their CLDR names, by code.", is_lower=False),
    "credits.agencies": Purpose("table", "What agencies are called, by their short name."),
    "credits.source": Purpose("words", "Before an agency, at the very end of a text: it is taken from there."),
    "credits.outlets": Purpose("table", "Newspapers and broadcasters whom others cite, by their key."),
    "credits.outlet_words": Purpose("words", "Words of which names of newspapers and stations are made."),
    "credits.beside": Purpose("words", "Before an agency in a byline: it stands beside a name."),
    "credits.contributed": Purpose("patterns", "Behind an agency, at the very end: it gave a part."),
    "credits.cited": Purpose("patterns", "Before the outlet on whose report a text rests."),
    "credits.cited_first": Purpose("patterns", "The same, so clear that any name behind it is an outlet's."),
    "credits.citing": Purpose("patterns", "Behind such an outlet."),
    "credits.own": Purpose("patterns", "A newsroom's own people asked, or were there."),
    "credits.told": Purpose("words", "Said to somebody, before the name of an outlet: its own report."),
    "names.particles": Purpose("words", "Words in lower case inside a person's name."),
    "names.and": Purpose("words", "Words between two names."),
    "names.other_roles": Purpose("patterns", "A line that names somebody who is not the author."),
    "names.not_names": Purpose("patterns", "Lines of capitalised words that are nobody's name."),
    "names.bodies": Purpose("words", "A name with one of these words is a body's: party, ministry."),
    "names.sites": Purpose("words", "A name with one of these words is a place's: street, river."),
    "names.others": Purpose("words", "Words with capitals that name nobody: days, peoples, faiths."),
    "names.joins": Purpose("words", "Small words inside the name of a body or a place: of."),
    "names.before_places": Purpose("words", "Right before a name: it is likely a place's: in, near."),
    "names.behind_places": Purpose("words", "Right behind a name: it is likely a place's: airport, residents."),
    "names.behind_people": Purpose("words", "Right behind a name: it is likely a person's: administration, family."),
    "names.behind_bodies": Purpose("words", "Right behind a name: it is likely a body's: fans, shares."),
    "names.known": Purpose(
        "table", "Names that reports use without saying what they are, in small letters, by `organisation` and `place`."
    ),
    # Bylines.
    "bylines.by": Purpose("words", "By, before a name."),
    "bylines.by_or_else": Purpose(
        "words", "By, in words that begin many a sentence: only in claims and near headlines."
    ),
    "bylines.by_shown": Purpose("words", "By, in words that say so only beside a headline."),
    "bylines.author": Purpose("words", "Author, before a name."),
    "bylines.author_shown": Purpose("words", "Author, in forms that are met only beside a headline."),
    "bylines.written": Purpose("words", "Words that may stand before by: written, words, story …"),
    "bylines.written_claimed": Purpose("words", "More of them, in what a page or feed states."),
    "bylines.line": Purpose("patterns", "How a short line above the text begins that is a byline, beside by."),
    "bylines.addresses": Purpose("words", "Folders of addresses that lead to an author."),
    "bylines.classes": Purpose("words", "Author, in the names of elements."),
    "bylines.placeholders": Purpose("patterns", "What stands where a name should and is none."),
    "bylines.after": Purpose("patterns", "Begins what follows a name and is no part of it."),
    # A text's sentences.
    "sentences.abbreviations": Purpose("words", "What ends in a point that ends no sentence."),
    "sentences.after_ordinal": Purpose("words", "What follows an ordinal that is written with a point."),
    "sentences.leaning": Purpose(
        "words", "First words that lean on the sentence before; such a sentence stands not alone."
    ),
    "sentences.persons": Purpose("words", "Words for somebody whom an earlier sentence has named."),
    "sentences.going_on": Purpose("words", "Words early in a sentence that goes on with another."),
    "sentences.asking": Purpose("patterns", "Words that speak to the reader, not of the news."),
    "sentences.about_report": Purpose("patterns", "Begins a sentence about the report, not of it."),
    "headlines.teasers": Purpose("words", "Before a colon or in brackets: not news of the event follows."),
    # What a report says of its own mistakes.
    "corrections.corrected": Purpose("patterns", "A note that the report was wrong and is corrected."),
    "corrections.clarified": Purpose("patterns", "A note that the report could be misread and is clarified."),
    "corrections.withdrawn": Purpose("patterns", "A note that the report is taken back."),
    # Casualties.
    "casualties.dead": Purpose("words", "People who have died; with a star, how such words begin."),
    "casualties.hurt": Purpose("words", "People who are hurt, in the same way."),
    "casualties.missing": Purpose("words", "People who are missing, in the same way."),
    "casualties.conjunctions": Purpose("words", "Words that begin another clause, which counts something else."),
    "casualties.rising": Purpose("words", "Words for a count that rises: the number may stand further behind."),
    "casualties.moving": Purpose("patterns", "In a sentence that counts people: its count is not the last."),
    "casualties.negations": Purpose("words", "Between a number and what is said of it: it is not said."),
    "casualties.not_after": Purpose("words", "Before a number: it is a date, a name, a size, and counts nobody."),
    "casualties.not_persons": Purpose("words", "Behind a number: what it counts is no person."),
    # Who says what in quotation marks.
    "quotes.marks": Purpose("words", "Its quotation marks, each pair as one word, the usual one first."),
    "quotes.verbs": Purpose("words", "Verbs of saying in the forms that a report has: says, said."),
    "quotes.verbs_of_telling": Purpose(
        "words", "Such verbs that are believed only where they stand at the quote itself."
    ),
    "quotes.participles": Purpose("words", "Their forms without a subject of their own: saying."),
    "quotes.between": Purpose(
        "words", "What stands between a subject and its verb: has, also; with a star before it, how such words end."
    ),
    "quotes.according": Purpose("words", "Before whoever says so: according."),
    "quotes.negations": Purpose("words", "Beside a verb of saying: it was not said: never."),
    "quotes.supposing": Purpose("words", "Beside a verb of saying: it is only supposed: would."),
    "quotes.denials": Purpose("words", "Before a clause of saying: nobody is believed to say it: denied, accused, if."),
    "quotes.quoting": Purpose("words", "Verbs whose object is who speaks: quoted."),
    "quotes.pronouns": Purpose("table", "Pronouns by whom they stand for: man, woman, many, thing, self, who."),
    "quotes.determiners": Purpose("words", "Words that begin a description: the, a, another."),
    "quotes.prepositions": Purpose("words", "What follows belongs to the noun before, and is not who speaks: of, for."),
    "quotes.openings": Purpose("words", "First words of a clause that ends in a comma before its sentence begins."),
    "quotes.conjunctions": Purpose("words", "And, but: before a verb, it has the subject of the verb before."),
    "quotes.titles": Purpose(
        "words", "Titles and offices, which may have capitals beside a name; with a point or without."
    ),
    "quotes.people": Purpose("words", "Nouns for people and bodies that speak: spokesman, officials, police."),
    "quotes.men": Purpose("words", "First names of men, and words that say a man is meant."),
    "quotes.women": Purpose("words", "First names of women, and words that say a woman is meant."),
    "quotes.not_persons": Purpose("words", "A name with one of these words is a body, a place or a work."),
    # Figures.
    "figures.people": Purpose("words", "What people are called who are counted."),
    "figures.states": Purpose("table", "Behind people, what has become of them, by slot: killed, in custody."),
    "figures.acts": Purpose("table", "Right before people, what was done to them, by slot: killing, arrests."),
    "figures.acts_of": Purpose("table", "The same as a noun: evacuation of."),
    "figures.nouns": Purpose("table", "Behind a number, what counts people by itself, by slot: deaths."),
    "figures.tolls": Purpose("table", "What is itself a count, by slot: toll, number of injured."),
    "figures.reaching": Purpose("words", "Between such a count and its number."),
    "figures.harms": Purpose("words", "What people suffer who are hurt."),
    "figures.hedges": Purpose("table", "Before a number, how sure it is, by the name of the hedge."),
    "figures.many": Purpose("table", "Words for many, by the least that they say: dozens, tens of thousands."),
    "figures.scales": Purpose("table", "Behind an amount, what multiplies it, by how much: bn, k."),
    "figures.currencies": Purpose(
        "table", "What money is called, by ISO code, or by a sign that several share.", is_lower=False
    ),
    "figures.names": Purpose("words", "Before a number, beside `casualties.not_after`: it is a part of a name."),
    "figures.increments": Purpose("words", "Beside a number: it adds to one that was told before."),
    "figures.negations": Purpose("words", "Between people and what has become of them: it has not."),
    "figures.supposed": Purpose("words", "In the same place: it may."),
    "figures.breaks": Purpose("words", "In the same place: another clause begins."),
    "figures.links": Purpose("words", "Between a bare number and what has become of those whom it counts."),
    "figures.sufferings": Purpose("words", "Before what people suffer who are hurt."),
    "figures.refuges": Purpose("words", "Where those are brought to who are hurt."),
    "figures.contests": Purpose("words", "Near two numbers with a dash: they are the score of a match."),
    "figures.ballots": Purpose("words", "Near two numbers: they are the sides of a vote."),
    "figures.quakes": Purpose("words", "Beside a number: it is the strength of an earthquake."),
    "figures.speaking": Purpose("words", "Behind or before who is cited for a figure."),
    "figures.finding": Purpose("words", "Behind a study, a survey, data: what they are cited for."),
    "figures.studies": Purpose("words", "What finds out: such words alone are cited with `figures.finding`."),
    "figures.sources": Purpose("words", "Plain words for those who are cited: police, study."),
    "figures.homonyms": Purpose("words", "Names of money that are common words as well: won."),
    "figures.unfounded": Purpose(
        "table", "Before a clause, what makes it no fact: `deny` and `reject` it, `lack` of proof, a `plan`."
    ),
    "figures.hearsay": Purpose("words", "What is denied, rejected or found false: reports, claims."),
    "figures.falsities": Purpose("words", "Behind such a word, that it is not so: false, wrong, denied."),
    "figures.earlier": Purpose("words", "Before such a word: it is of a time that is over."),
    "figures.formerly": Purpose("words", "Before a verb of saying: what is said is of a time that is over, or wrong."),
    "figures.parts": Purpose("words", "Before of and a number: the number is the whole, and not what is counted."),
    "figures.ended": Purpose("table", "Behind people in a state, by slot, that they are in it no more: found."),
    # A page's furniture.
    "comments.headings": Purpose("patterns", "What stands above readers' comments."),
    "comments.names": Purpose("words", "Comments, in the names of elements and feeds."),
    "comments.form": Purpose("patterns", "How the lines of a form for comments begin."),
    "entries.read_on": Purpose("patterns", "Invitations to read on, at the end of a feed's text that is cut."),
    "entries.tails": Purpose("patterns", "Whole paragraphs that feeds add to a text."),
    "furniture.lines": Purpose("patterns", "Whole short lines of a page that are no part of its article."),
    "live.addresses": Purpose("patterns", "Parts of the address of a page that reports live."),
    "live.headlines": Purpose("patterns", "What such a page is called."),
    "forums.small_print": Purpose("patterns", "Whole lines around posts that nobody wrote."),
    "forums.no_names": Purpose("words", "First words of a button beside a post, where a name may stand."),
    "forums.since": Purpose("words", "Beside a date: it is not the post's."),
    # What a site says to its visitor.
    "consent.hints": Purpose("words", "Pieces of words, one of which is in every request for consent."),
    "consent.uses": Purpose("patterns", "We use cookies, we process data."),
    "consent.partners": Purpose("patterns", "Our partners, so many vendors."),
    "consent.buttons": Purpose("patterns", "Accept, reject."),
    "consent.settings": Purpose("patterns", "Where choices are made and policies are read."),
    "consent.yours": Purpose("patterns", "Your consent, your choices, your privacy."),
    "consent.aims": Purpose("patterns", "What for: legitimate interest, personalised ads, measurement."),
    "paywall.phrases": Purpose("patterns", "The rest is for subscribers."),
    "checks.phrases": Purpose("patterns", "A check that keeps machines out, or a page that needs scripts."),
    # Spam and sitemaps.
    "spam.phrases": Purpose("patterns", "Phrases of advertisements; three different ones in a text are one."),
    "sitemaps.news": Purpose("patterns", "In the address of a sitemap: the newest articles."),
    "sitemaps.lasting": Purpose("patterns", "A whole word in the address of a sitemap: lists, people, pictures."),
    # What changes by itself.
    "ticking.ago": Purpose("patterns", "How long ago something was, told from now, as CLDR and sites write it."),
    "ticking.counted": Purpose("patterns", "Beside a number: it counts readers or what they do."),
}
"""By section and key."""
