"""Generates the sites on which our memory of hosts is scored, with labels for article and furniture on each page.

No class or id says what a block is. Around the articles stand newsletter boxes, notes about authors, appeals, standing
disclaimers and teasers that rotate; inside them run stories whose background is printed again word for word, short
notices beside long columns, pages that come again changed, and copies under a second url. All text is generated.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from eval.hosttexts import APPEALS, BIOS, DESKS, NOTICES, PATTERNS, SYLLABLES, TEASERS

ARTICLES = 60
"""How many articles a site has."""
VOCABULARY, OWN_WORDS = 6_000, 40
"""How many words the language has, the first the most frequent, and how many each story has of its own."""
OWN_SHARE = 0.4
"""Share of a story's words that are its own. With these numbers two articles share about as many telling words as real
ones do."""
TEASERS_SHOWN, TEASER_STAYS = 3, 10
"""How many teasers a page shows, and for how many articles each one stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One page as it is served."""

    url: str
    html: str
    own: tuple[str, ...]
    """Paragraphs of this article alone."""
    background: tuple[str, ...]
    """Paragraphs that other articles of its story print too."""
    furniture: tuple[str, ...]
    """Blocks of some length that do not belong to the article."""


@dataclass(slots=True)
class _Story:
    """A story: the words and the background of its articles."""

    desk: str
    place: str
    people: tuple[str, str]
    body: str
    words: tuple[str, ...]
    background: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parts:
    """The parts that a layout puts together."""

    title: str
    byline: str
    paragraphs: list[str]
    middle: list[str]
    head: list[str]
    tail: list[str]
    teasers: list[tuple[str, str]]


class Site:
    """One host: a layout, a staff, its furniture and its stories, all drawn from the seed.

    `is_single`: three of four articles are of one story.
    """

    def __init__(self, seed: int, *, is_single: bool = False) -> None:
        self._chance = random.Random(seed)
        self._vocabulary = [self._word(3).lower() for _ in range(VOCABULARY)]
        self._weights = [1 / (rank + 30) for rank in range(VOCABULARY)]
        self.layout = LAYOUTS[seed % len(LAYOUTS)]
        self.host = f"site{seed}.example"
        self._name = f"{self._word()} {self._chance.choice(['Post', 'Echo', 'Courier', 'Record', 'Journal'])}"
        self._authors = [(self._person(), desk) for desk in self._chance.sample(DESKS, 5)]
        pick = self._chance.sample(APPEALS, 4)
        self._middle = [self._filled(pick[0])] if self._chance.random() < 0.6 else []
        self._head = [self._filled(pick[1])] if self._chance.random() < 0.3 else []
        self._tail = [self._filled(pick[2]), self._filled(pick[3]), self._filled(self._chance.choice(NOTICES))]
        self._bios = {
            name: self._filled(self._chance.choice(BIOS), author=name, desk=desk) for name, desk in self._authors
        }
        self._running = [self._story(is_running=True) for _ in range(1 if is_single else 3)]
        self._running_share = 0.75 if is_single else 0.4
        pool = 2 + ARTICLES * TEASERS_SHOWN // TEASER_STAYS
        self._teasers = [self._teaser() for _ in range(pool)]

    def pages(self) -> Iterator[Shown]:
        """The pages in the order in which they are read."""
        for number in range(ARTICLES):
            story = self._story()
            if self._chance.random() < self._running_share:
                story = self._chance.choice(self._running)
            own, background = self._written(story)
            parts, furniture = self._laid_out(number, story, own, background)
            url = f"https://{self.host}/{story.desk}/{number}"
            yield self._shown(url, parts, own, background, furniture)
            if number % 10 == 9:  # the same page again, grown by a paragraph
                more = self._paragraph(story)
                parts = replace(parts, paragraphs=[*parts.paragraphs, more])
                own = [*own, more]
                yield self._shown(url, parts, own, background, furniture)
            if number % 15 == 14:
                yield self._shown(f"{url}-copy", parts, own, background, furniture)

    def _shown(self, url: str, parts: _Parts, own: list[str], background: list[str], furniture: list[str]) -> Shown:
        html = (
            f"<!doctype html><html lang=en><head><title>{parts.title} | {self._name}</title></head>"
            f"<body>{self.layout(parts)}</body></html>"
        )
        return Shown(url=url, html=html, own=tuple(own), background=tuple(background), furniture=tuple(furniture))

    def _written(self, story: _Story) -> tuple[list[str], list[str]]:
        """The paragraphs of an article: its own, and its story's background."""
        size = self._chance.choice([2, 5, 6, 7, 8, 9, 11])
        own = [self._paragraph(story) for _ in range(size)]
        background = [text for text in story.background if size > 2 and self._chance.random() < 0.75]
        return own, background

    def _laid_out(self, number: int, story: _Story, own: list[str], background: list[str]) -> tuple[_Parts, list[str]]:
        paragraphs = list(own)
        for text in background:
            at = len(paragraphs) if self._chance.random() < 0.5 else self._chance.randrange(2, len(paragraphs))
            paragraphs.insert(at, text)
        author, _ = self._chance.choice(self._authors)
        first = number * TEASERS_SHOWN // TEASER_STAYS
        teasers = self._teasers[first : first + TEASERS_SHOWN]
        tail = [self._bios[author], *self._tail]
        headline = f"{story.place}: {self._sentence(story).rstrip('.')}"
        parts = _Parts(
            title=headline,
            byline=author,
            paragraphs=paragraphs,
            middle=self._middle,
            head=self._head,
            tail=tail,
            teasers=teasers,
        )
        return parts, [*self._head, *self._middle, *tail, *(standfirst for _, standfirst in teasers)]

    def _story(self, *, is_running: bool = False) -> _Story:
        story = _Story(
            desk=self._chance.choice(DESKS),
            place=self._word(),
            people=(self._person(), self._person()),
            body=f"{self._word()} {self._chance.choice(['Council', 'Agency', 'Union', 'Society', 'Board'])}",
            words=tuple(self._chance.sample(self._vocabulary, OWN_WORDS)),
        )
        if is_running:
            story.background = [self._paragraph(story) for _ in range(2)]
        return story

    def _teaser(self) -> tuple[str, str]:
        story = self._story()
        standfirst = self._chance.choice(TEASERS)
        told = self._filled(standfirst, place=story.place, person=story.people[0], noun=story.words[0])
        return self._sentence(story).rstrip("."), told

    def _paragraph(self, story: _Story) -> str:
        return " ".join(self._sentence(story) for _ in range(self._chance.choice([1, 2, 2, 3, 3])))

    def _sentence(self, story: _Story) -> str:
        parts = self._chance.choice(PATTERNS).split("{w}")
        said = parts[0] + "".join(self._said(story) + part for part in parts[1:])
        number = self._chance.randrange(3, 900)
        said = said.format(place=story.place, person=self._chance.choice(story.people), body=story.body, number=number)
        return said[0].upper() + said[1:]

    def _said(self, story: _Story) -> str:
        if self._chance.random() < OWN_SHARE:
            return self._chance.choice(story.words)
        return self._chance.choices(self._vocabulary, self._weights)[0]

    def _filled(self, text: str, **more: str) -> str:
        return text.format(site=self._name, **more)

    def _word(self, syllables: int = 2) -> str:
        return "".join(self._chance.sample(SYLLABLES, syllables)).capitalize()

    def _person(self) -> str:
        return f"{self._word()} {self._word()}"


# ── layouts: none of their names says what stands there ──────────────────────────────────────────────────────────────


def _ps(texts: list[str]) -> str:
    return "".join(f"<p>{text}</p>" for text in texts)


def _cards(parts: _Parts) -> str:
    return "".join(
        f'<div class="k"><h3><a href="/t">{head}</a></h3><p>{text}</p></div>' for head, text in parts.teasers
    )


def _mixed(parts: _Parts, *, wrap: str = "{}") -> str:
    """The paragraphs, with what stands in their middle after the third."""
    middle = "".join(wrap.format(f"<p>{text}</p>") for text in parts.middle)
    return _ps(parts.head) + _ps(parts.paragraphs[:3]) + middle + _ps(parts.paragraphs[3:])


def _plain_article(parts: _Parts) -> str:
    head = f"<h1>{parts.title}</h1><p>By {parts.byline}</p>"
    return f"<article>{head}{_mixed(parts)}{_ps(parts.tail)}{_cards(parts)}</article>"


def _flat_div(parts: _Parts) -> str:
    body = f"{_mixed(parts)}{_ps(parts.tail)}{_cards(parts)}"
    return f'<div class="a1"><h1>{parts.title}</h1><div class="b2">{body}</div></div>'


def _boxes(parts: _Parts) -> str:
    tail = "".join(f'<div class="x7">{text}</div>' for text in parts.tail)
    body = _mixed(parts, wrap='<div class="x9">{}</div>')
    return f'<main><h1>{parts.title}</h1><div class="c3">{body}</div>{tail}{_cards(parts)}</main>'


def _table(parts: _Parts) -> str:
    rows = f"<tr><td>{_mixed(parts)}{_ps(parts.tail)}</td><td width=200>{_cards(parts)}</td></tr>"
    return f"<table><tr><td colspan=2><h1>{parts.title}</h1></td></tr>{rows}</table>"


def _breaks(parts: _Parts) -> str:
    texts = [*parts.head, *parts.paragraphs[:3], *parts.middle, *parts.paragraphs[3:], *parts.tail]
    return f'<h1>{parts.title}</h1><div class="t">{"<br><br>".join(texts)}</div>{_cards(parts)}'


def _soup(parts: _Parts) -> str:
    texts = [*parts.head, *parts.paragraphs[:3], *parts.middle, *parts.paragraphs[3:], *parts.tail]
    rows = "".join(f'<div class="r{number}"><div>{text}</div></div>' for number, text in enumerate(texts))
    return f'<div class="z"><h1>{parts.title}</h1>{rows}{_cards(parts)}</div>'


def _sections(parts: _Parts) -> str:
    half = len(parts.paragraphs) // 2
    return (
        f"<main><article><h1>{parts.title}</h1><section>{_ps(parts.head + parts.paragraphs[:half])}</section>"
        f"<section>{_ps(parts.middle)}</section><section>{_ps(parts.paragraphs[half:])}</section>"
        f"<section>{_ps(parts.tail)}</section><section>{_cards(parts)}</section></article></main>"
    )


def _bare_body(parts: _Parts) -> str:
    return f"<h1>{parts.title}</h1>{_mixed(parts)}<hr>{_ps(parts.tail)}{_cards(parts)}"


def _named(parts: _Parts) -> str:
    body = f'<div class="article-body">{_mixed(parts)}{_cards(parts)}{_ps(parts.tail)}</div>'
    return f'<div class="wrap"><h1>{parts.title}</h1>{body}</div>'


def _two_columns(parts: _Parts) -> str:
    column = "".join(f"<div><p>{text}</p></div>" for text in [*parts.tail, *(text for _, text in parts.teasers)])
    middle = _mixed(parts, wrap='<div class="m">{}</div>')
    return f'<div class="g"><div class="g8"><h1>{parts.title}</h1>{middle}</div><div class="g4">{column}</div></div>'


def _lists(parts: _Parts) -> str:
    items = "".join(f"<li><a href='/t'>{head}</a><br><br>{text}</li>" for head, text in parts.teasers)
    notes = "".join(f"<li>{text}</li>" for text in parts.tail)
    body = _mixed(parts, wrap="<blockquote>{}</blockquote>")
    return f'<div id="q5"><h1>{parts.title}</h1>{body}<ul>{notes}</ul><ul>{items}</ul></div>'


def _teasers_inside(parts: _Parts) -> str:
    first, *rest = [f"<div class='n'><a href='/t'>{head}</a><p>{text}</p></div>" for head, text in parts.teasers]
    body = _ps(parts.head + parts.paragraphs[:2]) + first + _ps(parts.middle + parts.paragraphs[2:])
    head = f"<header><h1>{parts.title}</h1></header>"
    return f'<article>{head}<div class="y">{body}{"".join(rest)}{_ps(parts.tail)}</div></article>'


LAYOUTS: tuple[Callable[[_Parts], str], ...] = (
    _plain_article,
    _flat_div,
    _boxes,
    _table,
    _breaks,
    _soup,
    _sections,
    _bare_body,
    _named,
    _two_columns,
    _lists,
    _teasers_inside,
)
