"""The house in figures: sizes, prose, names and what a new kind of update would touch, counted in the source alone.

`python -m bench.house [ROOT]` counts the checkout at ROOT, this one by default, so that two of them can be set side by
side. Nothing is imported or run; equal sources give equal lines.
"""

from __future__ import annotations

import argparse
import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
PARTICIPLES = ("found", "given", "said")
"""Names that say what was done to a thing and not what it is."""
LOGGERS = frozenset({"log", "logger", "logging"})
LEVELS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log"})
DECIDERS = ("model/", "stories/engine", "stories/plan", "stories/apply")
"""Where kinds of updates are made and applied: a match there is the work itself."""
FORMULA = re.compile(r"\bin\b[^.]*[,;][^.]*\bout\b[.,:;]?( |$)")
"""`A text goes in; its language comes out.`"""
SHOWN = {"functions": 5, "files": 10}

Function = ast.FunctionDef | ast.AsyncFunctionDef
Row = tuple[str, int]


@dataclass(frozen=True)
class Source:
    """One file of Python."""

    name: str
    """Its path below the folder that was counted."""
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """What it parses to."""
        return ast.parse(self.text)

    @property
    def lines(self) -> int:
        """All of its lines, empty ones too."""
        return len(self.text.splitlines())

    @property
    def functions(self) -> Iterator[Row]:
        """Each function and method, with its lines from `def` to its end."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield f"{self.name}: {node.name}", (node.end_lineno or node.lineno) - node.lineno + 1

    @property
    def opens_with_the_formula(self) -> bool:
        """Does the first paragraph say what goes in and what comes out, in place of what it is for?"""
        first, _, _ = (ast.get_docstring(self.tree) or "").partition("\n\n")
        return FORMULA.search(" ".join(first.split())) is not None

    @property
    def comment_lines(self) -> int:
        """Lines that hold a comment and nothing else."""
        tokens = tokenize.generate_tokens(io.StringIO(self.text).readline)
        return sum(token.type == tokenize.COMMENT and not token.line[: token.start[1]].strip() for token in tokens)

    @property
    def docstring_lines(self) -> int:
        """Lines of strings that stand as a statement: docstrings, and what stands under a name."""
        return sum(
            (node.end_lineno or node.lineno) - node.lineno + 1
            for node in ast.walk(self.tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        )

    @property
    def bound_names(self) -> Iterator[str]:
        """Every name that is given a value, once for each time, arguments among them."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                yield node.id
            elif isinstance(node, ast.arg):
                yield node.arg

    @property
    def log_calls(self) -> int:
        """Calls that write a line of the log."""
        return sum(_logs(node) for node in ast.walk(self.tree))

    def matches_on(self, kinds: dict[str, str]) -> int:
        """How many places ask which kind of update they have: by class, by case or by tag."""
        return sum(_asks(node, kinds) for node in ast.walk(self.tree))


def _logs(node: ast.AST) -> bool:
    match node:
        case ast.Call(func=ast.Attribute(attr=level, value=ast.Name(id=logger))):
            return level in LEVELS and _is_logger(logger)
        case ast.Call(func=ast.Name(id="event"), args=[ast.Name(id=logger), *_]):
            return _is_logger(logger)
    return False


def _is_logger(name: str) -> bool:
    return name.strip("_").lower() in LOGGERS


def _asks(node: ast.AST, kinds: dict[str, str]) -> bool:
    match node:
        case ast.Call(func=ast.Name(id="isinstance"), args=[_, classes]):
            return any(isinstance(each, ast.Name) and each.id in kinds.values() for each in ast.walk(classes))
        case ast.MatchClass(cls=ast.Name(id=name)):
            return name in kinds.values()
        case ast.Compare(left=ast.Attribute(attr="kind")):
            asked = (each for comparator in node.comparators for each in ast.walk(comparator))
            return any(isinstance(each, ast.Constant) and each.value in kinds for each in asked)
    return False


def kinds_of_updates(sources: list[Source]) -> dict[str, str]:
    """Tag and class of every kind, as the table `CHANGES` of the model lists them."""
    for source in sources:
        for node in source.tree.body if source.name.startswith("model/") else ():
            target = node.target if isinstance(node, ast.AnnAssign) else None
            if (
                isinstance(target, ast.Name)
                and target.id == "CHANGES"
                and isinstance(node, ast.AnnAssign)
                and node.value
            ):
                classes = [
                    each.id for each in ast.walk(node.value) if isinstance(each, ast.Name) and each.id[0].isupper()
                ]
                return {name.lower(): name for name in classes}
    return {}


def read(folder: Path) -> list[Source]:
    """Every file of Python below a folder, by name."""
    paths = sorted(folder.rglob("*.py"))
    return [Source(path.relative_to(folder).as_posix(), path.read_text("utf-8")) for path in paths]


def longest(rows: list[Row], count: int) -> list[Row]:
    """The longest first, equal ones by name."""
    return sorted(rows, key=lambda row: (-row[1], row[0]))[:count]


def figures(root: Path) -> dict[str, float]:
    """Every figure by its name."""
    sources, tests = read(root / "src" / "stayahead"), read(root / "tests")
    lengths = sorted(length for source in sources for _, length in source.functions)
    lines = sum(source.lines for source in sources)
    names = Counter(name for source in sources for name in source.bound_names)
    return {
        "modules": len(sources),
        "lines": lines,
        "functions": len(lengths),
        "function_median": _quantile(lengths, 0.5),
        "function_p90": _quantile(lengths, 0.9),
        "function_max": lengths[-1],
        "test_over_code": sum(test.lines for test in tests) / lines,
        "architecture_words": len((root / "ARCHITECTURE.md").read_text("utf-8").split()),
        "comment_percent": 100 * sum(source.comment_lines for source in sources) / lines,
        "docstring_percent": 100 * sum(source.docstring_lines for source in sources) / lines,
        "formula_modules": sum(source.opens_with_the_formula for source in sources),
        **{f"named_{name}": names[name] for name in PARTICIPLES},
        "match_sites": sum(count for _, count in match_sites(sources)),
        "log_calls": sum(source.log_calls for source in sources),
    }


def match_sites(sources: list[Source]) -> list[Row]:
    """Files that ask which kind of update they have, and how often."""
    kinds = kinds_of_updates(sources)
    rows = [(each.name, each.matches_on(kinds)) for each in sources if not each.name.startswith(DECIDERS)]
    return [row for row in rows if row[1]]


def _quantile(lengths: list[int], share: float) -> int:
    """The smallest length that so many of them do not pass."""
    return lengths[max(0, -int(-share * len(lengths) // 1) - 1)]


def report(root: Path) -> Iterator[str]:
    """The figures, and the rows that they come from."""
    for name, value in figures(root).items():
        yield f"{name}: {value:.4g}" if value != int(value) else f"{name}: {value:.0f}"
    sources = read(root / "src" / "stayahead")
    functions = [row for source in sources for row in source.functions]
    tables = {
        "longest functions": longest(functions, SHOWN["functions"]),
        "longest files": longest([(source.name, source.lines) for source in sources], SHOWN["files"]),
        "match sites on kinds of updates": longest(match_sites(sources), len(sources)),
    }
    for title, rows in tables.items():
        yield f"{title}:"
        yield from (f"  {length:4} {name}" for name, length in rows)


def run(_data: Path | None = None) -> dict[str, float]:
    """The figures of this checkout; they need no data."""
    return figures(HERE)


if __name__ == "__main__":
    words = argparse.ArgumentParser(prog="python -m bench.house", description=__doc__)
    words.add_argument("root", type=Path, nargs="?", default=HERE, metavar="ROOT", help="checkout to count")
    print("\n".join(report(words.parse_args().root)))
