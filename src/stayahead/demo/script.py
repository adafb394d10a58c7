"""Reads the demo's script, the outlets and stories that the press plays, from the TOML files of `data/`.

`data/outlets.toml` names the publishers, `data/script/*.toml` hold one story each. Times are whole minutes after the
start of the afternoon; negative ones came earlier that day. In a body, blank lines divide the blocks; a block that
begins with `## ` is a heading, with `- ` a list item, with `> ` a quotation; `[words](url)` is a link.
`{copy}` is replaced by the blocks of the piece that this one copies, `{copy 2-4}` by some of them, `{copy 3-}` by the
third and all after it; in a revision `{before …}` does the same with the version before it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from stayahead.errors import StayAheadError
from stayahead.model import BlockKind, PublisherKind

_RANGE = re.compile(r"\{(copy|before)(?: (\d+)(-)?(\d+)?)?\}")
_LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")
_MARKS = {"## ": BlockKind.HEADING, "- ": BlockKind.LIST_ITEM, "> ": BlockKind.QUOTATION}


class ScriptError(StayAheadError):
    """A file of the script cannot be played; the message names file, piece and remedy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One block of a piece; `text` may hold links as `[words](url)`."""

    kind: BlockKind
    text: str

    @property
    def plain(self) -> str:
        """The text without its link marks: what a reader sees."""
        return _LINK.sub(r"\1", self.text)

    @property
    def runs(self) -> tuple[tuple[str, str], ...]:
        """The text in (words, url) runs, url empty where there is no link."""
        runs: list[tuple[str, str]] = []
        end = 0
        for link in _LINK.finditer(self.text):
            runs += [(self.text[end : link.start()], ""), (link[1], link[2])]
            end = link.end()
        runs.append((self.text[end:], ""))
        return tuple(run for run in runs if run[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A piece as it stands from one minute on."""

    at: int
    title: str
    summary: str
    lines: tuple[Line, ...]
    note: str = ""
    """The publisher's note about a change (a correction, a withdrawal); stands above the text."""

    @property
    def text(self) -> str:
        """The gold text: note and blocks as plain text, joined by blank lines."""
        noted = (self.note,) if self.note else ()
        return "\n\n".join((*noted, *(line.plain for line in self.lines)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """A reader's comment under a piece."""

    author: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One fictional publisher and how it publishes."""

    slug: str
    name: str
    owner: str
    country: str
    """A code that ISO 3166-1 leaves to its users (XA to XZ): the countries are fictional too."""
    language: str
    kind: PublisherKind
    tagline: str
    sections: tuple[str, ...]
    feed: str
    """Form of its feed: rss2, rss1, atom or json."""
    feed_path: str
    feed_has_text: bool
    """Whether its feed carries whole articles, not only summaries."""
    article_path: str
    """Pattern of its article urls, with {slug}, {section} and {date}."""
    charset: str
    """Charset of its pages and its feed."""
    link_spam: str
    """Links that someone planted at the foot of its pages, or empty."""

    @property
    def host(self) -> str:
        """Its host name, which exists nowhere but in the demo."""
        return f"{self.slug}.press.localhost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article: its versions by time, and its gold labels."""

    outlet: str
    slug: str
    story: str
    """Gold label: the story that it belongs to."""
    section: str
    author: str
    versions: tuple[Version, ...]
    copy_of: str = ""
    """Gold label: key of the piece that it copies, or empty."""
    gone_at: int | None = None
    """From this minute on its url answers 410 and its feed leaves it out."""
    comments: tuple[Comment, ...] = ()

    @property
    def key(self) -> str:
        """`outlet/slug`: its name in the script."""
        return f"{self.outlet}/{self.slug}"

    @property
    def at(self) -> int:
        """The minute when it is published."""
        return self.versions[0].at

    def version(self, minute: float) -> Version | None:
        """The version that is out at that minute; None before it is published and after it is gone."""
        if self.gone_at is not None and minute >= self.gone_at:
            return None
        standing = [version for version in self.versions if version.at <= minute]
        return standing[-1] if standing else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """The whole script: outlets by slug, pieces by time."""

    outlets: Mapping[str, Outlet]
    pieces: tuple[Piece, ...]
    stories: Mapping[str, str]
    """Title of each story by its label."""

    @property
    def ends_at(self) -> int:
        """The minute of the last event."""
        return max(version.at for piece in self.pieces for version in piece.versions)


def read_script() -> Script:
    """The script that ships with the package.

    Raises:
        ScriptError: a file does not hold together.
    """
    data = resources.files("stayahead.demo") / "data"
    files = sorted((item for item in (data / "script").iterdir() if item.name.endswith(".toml")), key=lambda f: f.name)
    outlets = (data / "outlets.toml").read_text("utf-8")
    return parse_script(outlets, {item.name: item.read_text("utf-8") for item in files})


def parse_script(outlets: str, stories: Mapping[str, str]) -> Script:
    """A script from the text of `outlets.toml` and of the story files by name.

    Raises:
        ScriptError: no TOML, a field missing, an unknown outlet, a copy of nothing, times out of order …
    """
    outlet_by_slug = {row["slug"]: _outlet(row) for row in _toml("outlets.toml", outlets)["outlet"]}
    tables = {name.removesuffix(".toml"): _toml(name, text) for name, text in stories.items()}
    rows = [(label, row) for label, table in tables.items() for row in table["article"]]
    pieces: dict[str, Piece] = {}
    # In the order of time, over all stories: a piece may copy only what was published before it.
    for label, row in sorted(rows, key=lambda item: item[1].get("at", 0)):
        where = f"{label}.toml: {row.get('slug', 'an article without slug')}"
        try:
            piece = _piece(row, label, pieces)
        except KeyError as error:
            raise ScriptError(f"{where}: has no {error}; add it") from error
        except (TypeError, ValueError) as error:
            raise ScriptError(f"{where}: {error}; demo/script.py tells the format") from error
        if piece.outlet not in outlet_by_slug or piece.key in pieces:
            raise ScriptError(f"{where}: unknown outlet, or the second piece of that name; rename it")
        pieces[piece.key] = piece
    return Script(
        outlets=outlet_by_slug,
        pieces=tuple(pieces.values()),
        stories={label: table["title"] for label, table in tables.items()},
    )


def _toml(name: str, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ScriptError(f"{name}: {error}; correct it") from error


def _outlet(row: dict[str, Any]) -> Outlet:
    return Outlet(**{**row, "kind": PublisherKind(row["kind"]), "sections": tuple(row["sections"])})


def _piece(row: dict[str, Any], story: str, earlier: Mapping[str, Piece]) -> Piece:
    """One piece; those that it may copy stand in `before`."""
    copy_of = row.get("copy_of", "")
    if copy_of and copy_of not in earlier:
        raise ValueError(f"copies {copy_of}, which is not published before it")
    copied = earlier[copy_of].version(row["at"]) if copy_of else None
    versions = [_version(row, {"copy": copied})]
    for later in row.get("revision", ()):
        last = versions[-1]
        if later["at"] <= last.at:
            raise ValueError("its revisions are not in the order of time")
        changed = {"title": last.title, "summary": last.summary, "body": "{before}"} | later
        versions.append(_version(changed, {"copy": copied, "before": last}))
    return Piece(
        outlet=row["outlet"],
        slug=row["slug"],
        story=story,
        section=row["section"],
        author=row["author"],
        versions=tuple(versions),
        copy_of=copy_of,
        gone_at=row.get("gone_at"),
        comments=tuple(Comment(**comment) for comment in row.get("comment", ())),
    )


def _version(row: Mapping[str, Any], quotable: Mapping[str, Version | None]) -> Version:
    return Version(
        at=row["at"],
        title=row["title"],
        summary=row["summary"],
        note=row.get("note", ""),
        lines=tuple(_lines(row["body"], quotable)),
    )


def _lines(body: str, quotable: Mapping[str, Version | None]) -> Iterable[Line]:
    for block in re.split(r"\n\s*\n", body.strip()):
        text = " ".join(block.split())
        if text.startswith("{"):
            yield from _quoted(text, quotable)
            continue
        mark = next((mark for mark in _MARKS if text.startswith(mark)), "")
        yield Line(kind=_MARKS.get(mark, BlockKind.PARAGRAPH), text=text[len(mark) :])


def _quoted(text: str, quotable: Mapping[str, Version | None]) -> tuple[Line, ...]:
    """The blocks that `{copy …}` or `{before …}` is replaced by."""
    match = _RANGE.fullmatch(text)
    source = quotable.get(match[1]) if match else None
    if match is None or source is None:
        raise ValueError(f"{text} stands for nothing")
    if not match[2]:
        return source.lines
    first = int(match[2])
    last = int(match[4]) if match[4] else len(source.lines) if match[3] else first
    if not 1 <= first <= last <= len(source.lines):
        raise ValueError(f"{text} is past the {len(source.lines)} blocks that there are")
    return source.lines[first - 1 : last]
