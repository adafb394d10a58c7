"""The reference pages, generated from the code: `./dev docs` writes them, `--check` fails when one is out of date."""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from starlette.routing import Route

from stayahead import errors
from stayahead.cli.parser import make_parser
from stayahead.config import OPTIONS
from stayahead.errors import StayAheadError
from stayahead.model import CHANGES
from stayahead.serve.app import _routes

REFERENCE = Path(__file__).parent / "reference"

ADDRESSES = """\
# Addresses

What the service answers; by GET where no other verb stands before the address. What lies below `/v1` is JSON, which
`/v1/openapi.json` describes whole, and its errors are `{"error": {"code", "message"}}`; the rest are pages. Any
address answers 421 to a Host that is not its own, 503 with `Retry-After` while the database does not answer, and 403
to a change that is not [the owner's](../guide/owner.md). [The guide](../guide/api.md) says what a cursor is,
[updates](updates.md) what changes.

| address | what it gives | what else it answers |
| --- | --- | --- |"""

ERRORS = """\
# Errors

What goes wrong in a way that we know is one of these (`stayahead.errors`). Its message says what happened, to which
url or file, and what to do. An error of a source is kept and shown on `/sources`, and the others go on; any other
ends the command with its message as the last line. An indented error is a kind of the one above it.

| error | what happened | what to do |
| --- | --- | --- |"""

UPDATES = """\
# Updates

Every change of a story is one numbered update: `/v1/updates` gives them whole, `/live` counts their `kinds`. An
update has its `kind`, what changed (`change`), and the story as it stands after it (`story`). Whoever keeps a copy of
the stories takes the fields of `story` as they are and does what the right column says; a kind that it does not know,
it skips. A headline whose article was removed since is empty.

| kind | what changed | what a copy does |
| --- | --- | --- |"""


class Told(NamedTuple):
    """What a docstring says: its first paragraph, and its second."""

    meaning: str
    remedy: str


def told(value: type | Callable[..., object]) -> Told:
    """Both paragraphs of a docstring, each on one line; a missing one is an error that names whose it is."""
    paragraphs = [" ".join(each.split()) for each in (inspect.getdoc(value) or "").split("\n\n")]
    if len(paragraphs) < 2 or paragraphs[1].startswith("Args:"):
        where = f"{value.__module__}.{value.__qualname__}"
        raise SystemExit(f"{where}: its docstring says in a first paragraph what it is, in a second what to do then")
    return Told(*paragraphs[:2])


def options_page() -> str:
    """The table of options."""
    lines = [
        "# Options",
        "",
        "From a TOML file (`--config FILE`; `stayahead options` prints one) and the environment",
        "(`STAYAHEAD_` and the name in capitals), which wins; a command's words (`--data`, `--port` …) win over both.",
        "",
        "| option | default | unit | what it does |",
        "| --- | --- | --- | --- |",
    ]
    for option in OPTIONS:
        default = f'`"{option.default}"`' if isinstance(option.default, str) else f"`{option.default}`"
        lines.append(f"| `{option.name}` | {default} | {option.metadata['unit']} | {option.metadata['help']} |")
    return "\n".join(lines) + "\n"


def commands_page() -> str:
    """Every verb with its words."""
    lines = [
        "# Commands",
        "",
        "Exit codes: 0 done; 1 failed, and the last line says why and what to do; 2 the words of the command are off;",
        "3 what was asked for is not there; 130 interrupted.",
        "",
    ]
    for name, words in _verbs(make_parser(), "stayahead"):
        lines += [f"## `{name}`", "", f"{(words.description or '').capitalize()}.", ""]
        rows = [action for action in words._actions if action.help and action.dest != "help"]
        for action in rows:
            spelled = ", ".join(action.option_strings) or str(action.metavar or action.dest)
            if action.option_strings and action.nargs != 0:
                spelled += f" {action.metavar or action.dest.upper()}"
            lines.append(f"- `{spelled}`: {action.help}")
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def _verbs(words: argparse.ArgumentParser, name: str) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in words._actions:
        if isinstance(action, argparse._SubParsersAction):
            for verb, below in action.choices.items():
                yield f"{name} {verb}", below
                yield from _verbs(below, f"{name} {verb}")


def routes_page() -> str:
    """Every address that the service answers."""
    lines = [ADDRESSES]
    for path, verb, endpoint in routes():
        meaning, remedy = told(endpoint)
        address, what = addressed(path, meaning)
        lines.append(_row(f"`{verb}{address}`", what[0].upper() + what[1:], remedy))
    return "\n".join(lines) + "\n"


def routes() -> Iterator[tuple[str, str, Callable[..., object]]]:
    """Path, verb (nothing for GET, which also answers HEAD) and endpoint of every route of the application."""
    for route in _routes():
        if not isinstance(route, Route):
            raise SystemExit(f"{route}: docs/build.py can describe nothing but a Route")
        verbs = sorted((route.methods or set()) - {"HEAD"})
        yield route.path, "" if verbs == ["GET"] else f"{','.join(verbs)} ", route.endpoint


def addressed(path: str, meaning: str) -> tuple[str, str]:
    """Address and meaning of an endpoint whose docstring begins with its own path, parameters in capitals."""
    found = re.fullmatch(r"`(?P<address>[^`]+)`: (?P<what>.+)", meaning)
    spelled = re.sub(r"\{(\w+)\}", lambda name: name[1].upper(), path)
    if found is None or found["address"].partition("?")[0] != spelled:
        raise SystemExit(f"{path}: its endpoint's docstring does not begin with `{spelled}`: {meaning}")
    return found["address"], found["what"]


def errors_page() -> str:
    """Every error that is raised on purpose, as a tree."""
    lines = [ERRORS]
    for depth, kind in below(StayAheadError):
        lines.append(_row("&emsp;" * depth + f"`{kind.__name__}`", *told(kind)))
    return "\n".join(lines) + "\n"


def below(kind: type[StayAheadError], depth: int = 0) -> Iterator[tuple[int, type[StayAheadError]]]:
    """The errors of our tree under one of them, each with its depth, in the order of the file."""
    for each in kind.__subclasses__():
        if each.__module__ == errors.__name__:
            yield depth, each
            yield from below(each, depth + 1)


def updates_page() -> str:
    """Every kind of update."""
    lines = [UPDATES]
    lines += [_row(f"`{name}`", *told(change)) for name, change in CHANGES.items()]
    return "\n".join(lines) + "\n"


def _row(*cells: str) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


PAGES: dict[str, Callable[[], str]] = {
    "options.md": options_page,
    "commands.md": commands_page,
    "routes.md": routes_page,
    "errors.md": errors_page,
    "updates.md": updates_page,
}


def main() -> int:
    """Write the pages, or check them."""
    words = argparse.ArgumentParser(prog="./dev docs", description=__doc__)
    words.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")
    options = words.parse_args()
    stale = []
    for name, build in PAGES.items():
        page, text = REFERENCE / name, build()
        if options.check and (not page.exists() or page.read_text("utf-8") != text):
            stale.append(name)
        elif not options.check:
            page.write_text(text, "utf-8")
    if stale:
        print(f"docs/reference: {', '.join(stale)} out of date; run ./dev docs")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
