"""Takes the words of a text out of what is claimed of it, for readers who may not read full texts here."""

from __future__ import annotations

from dataclasses import replace

from stayahead.model import TITLE, ArticleClaims, Figure, Quote, Statement


def without_words(statement: Statement) -> Statement:
    """The same without words of the text in its value: who may not read a text is told numbers and places in it."""
    match statement.value:
        case Figure() as figure:
            return replace(statement, value=replace(figure, place="", as_of="", cited=""))
        case Quote() as quote:
            return replace(statement, value=replace(quote, words=""))
        case _:
            return statement


def for_everybody(of: ArticleClaims) -> ArticleClaims:
    """The same without words of a text that not everybody may read; a headline everybody may."""
    claims = (
        each if each.statement.block == TITLE else replace(each, statement=without_words(each.statement))
        for each in of.claims
    )
    return replace(of, claims=tuple(claims))
