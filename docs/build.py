"""The reference pages, generated from the code: `./dev docs` writes them, `--check` fails when one is out of date."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from stayahead.cli.words import parser
from stayahead.config import OPTIONS

REFERENCE = Path(__file__).parent / "reference"


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
    for name, words in _verbs(parser(), "stayahead"):
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


def main() -> int:
    """Write the pages, or check them."""
    words = argparse.ArgumentParser(prog="./dev docs", description=__doc__)
    words.add_argument("--check", action="store_true", help="write nothing; exit 1 when a page is out of date")
    given = words.parse_args()
    stale = []
    for name, text in (("options.md", options_page()), ("commands.md", commands_page())):
        page = REFERENCE / name
        if given.check and (not page.exists() or page.read_text("utf-8") != text):
            stale.append(name)
        elif not given.check:
            page.write_text(text, "utf-8")
    if stale:
        print(f"docs/reference: {', '.join(stale)} out of date; run ./dev docs")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
