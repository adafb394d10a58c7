"""Pages of a made-up host for tests of its memory: stories with words of their own, furniture without telling names."""

from __future__ import annotations

from collections.abc import Sequence

SITE = "https://paper.example"
LETTER = "Begin your day with our letter, which brings the best of the paper to your door. You may end it at any time."
ABOUT = "Dora Quill has been with us for nine years. She keeps bees, mends clocks and answers letters from readers."
BACKGROUND = "The old pier was closed three winters ago, after two of its posts had been found hollow by a diver."
_LINES = (  # all but the words of the story are short: they tell nothing
    "The {} of the {} was put to the {} when all had gone home, and the {} saw no harm in it at all.",
    "It was a {} that the {} had no need of, said one who had seen the {} and the {} side by side.",
    "No {} had been so far from its {} as this, and few felt that a {} or a {} may mend it soon.",
    "Two days on, the {} came back with a {}, and then a {} was laid upon the {} for all of them to see.",
    "What the {} will do with the {} is not said; a {} has been set for the week to come, with a {}.",
)


def words_of(story: int) -> list[str]:
    """Twenty words that no other story has."""
    first = "bcdfghklmnprstvwz"
    return [
        f"{first[story % 17]}e{first[story // 17 % 17]}a{first[n % 17]}i{'nt' if n < 17 else 'lm'}" for n in range(20)
    ]


def paragraphs(story: int, *, start: int = 0) -> list[str]:
    """Five paragraphs of a story; another `start`, other sentences with the same words."""
    words = words_of(story)
    return [line.format(*(words[(start * 3 + 4 * row + n) % 20] for n in range(4))) for row, line in enumerate(_LINES)]


def page(texts: Sequence[str], *, title: str, after: Sequence[str] = (), middle: str = "") -> str:
    """An article as paragraphs of one element, with more paragraphs behind it or in its middle."""
    rows = [*texts[:3], *([middle] if middle else []), *texts[3:], *after]
    body = "".join(f"<p>{text}</p>" for text in rows)
    return f"<html><head><title>{title}</title></head><body><div class='q'><h1>{title}</h1>{body}</div></body></html>"


def story_page(number: int, *, after: Sequence[str] = (), middle: str = "") -> str:
    """The page of an article of a story of its own."""
    return page(paragraphs(number), title=f"{words_of(number)[0].title()} number {number}", after=after, middle=middle)
