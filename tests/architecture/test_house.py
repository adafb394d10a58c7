"""The house rules that a machine can see: sizes, ports, exports, documentation against code."""

from __future__ import annotations

import argparse
import ast
import importlib
import inspect
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.build import addressed, below, told
from stayahead import config, errors, ports
from stayahead.cli.parser import make_parser
from stayahead.errors import StayAheadError
from stayahead.model import CHANGES
from stayahead.serve.app import _routes

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "src" / "stayahead").rglob("*.py"))
MAX_LINES, MAX_FUNCTION_LINES, MAX_METHODS = 400, 80, 12


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_files_and_functions_keep_to_their_size(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= MAX_LINES
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            assert node.end_lineno - node.lineno + 1 <= MAX_FUNCTION_LINES, f"{path.name}: {node.name}"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT / "src").as_posix())
def test_modules_open_with_a_sentence(path: Path) -> None:
    doc = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert doc
    assert doc[0].isupper() or doc[0] in "`0123456789"


def test_ports_are_narrow() -> None:
    protocols = [
        value
        for _, value in inspect.getmembers(ports, inspect.isclass)
        if value.__module__ == ports.__name__ and getattr(value, "_is_protocol", False)
    ]
    assert len(protocols) >= 7
    for protocol in protocols:
        methods = [name for name, value in vars(protocol).items() if inspect.isfunction(value) and name[0] != "_"]
        assert len(methods) <= MAX_METHODS, protocol.__name__


def _stages() -> Iterator[str]:
    for path in SOURCES:
        if path.name == "__init__.py" and path.parent.name != "stayahead":
            yield ".".join(path.parent.relative_to(ROOT / "src").parts)


@pytest.mark.parametrize("name", list(_stages()))
def test_exports_are_there(name: str) -> None:
    stage = importlib.import_module(name)
    exported = getattr(stage, "__all__", None)
    if exported is None:
        public = [
            name
            for name, value in vars(stage).items()
            if not name.startswith("_") and getattr(value, "__module__", "").startswith("stayahead.")
        ]
        assert not public, "a stage that has public names lists them in __all__"
        return
    for public in exported:
        assert hasattr(stage, public)


def test_no_import_is_private_to_another_package() -> None:
    pattern = re.compile(r"from stayahead\.(\w+)[\w.]* import ([^(\n]+|\([^)]*\))")
    for path in SOURCES:
        home = path.relative_to(ROOT / "src" / "stayahead").parts[0].removesuffix(".py")
        for package, names in pattern.findall(path.read_text("utf-8")):
            if package != home:
                private = [name for name in re.findall(r"\b_\w+", names) if not name.startswith("__")]
                assert not private, f"{path}: {private}"


def test_every_option_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "options.md").read_text("utf-8")
    assert len(config.OPTIONS) <= 40
    for option in config.OPTIONS:
        assert f"`{option.name}`" in page
        assert option.metadata["help"] in page
        assert option.name in config.template()


def _verbs(words: argparse.ArgumentParser, before: str = "") -> Iterator[str]:
    for action in words._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, below in action.choices.items():
                yield f"{before}{name}"
                yield from _verbs(below, f"{before}{name} ")


def test_every_verb_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "commands.md").read_text("utf-8")
    verbs = list(_verbs(make_parser()))
    assert len(verbs) >= 15
    for verb in verbs:
        assert f"stayahead {verb}" in page


def test_every_route_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "routes.md").read_text("utf-8")
    paths = [getattr(route, "path", "") for route in _routes()]
    assert len(paths) >= 20
    for path in paths:
        address = re.sub(r"\{(\w+)\}", lambda name: name[1].upper(), path)
        assert re.search(rf"^\| `([A-Z,]+ )?{re.escape(address)}[`?]", page, re.MULTILINE), path


def _raised() -> list[type[StayAheadError]]:
    """Every error of the tree but its root, as the module lists them: without asking how the page finds them."""
    kinds = [value for value in vars(errors).values() if isinstance(value, type) and issubclass(value, StayAheadError)]
    return [kind for kind in kinds if kind is not StayAheadError]


def test_every_error_is_documented_and_stands_in_the_tree_at_the_top() -> None:
    page = (ROOT / "docs" / "reference" / "errors.md").read_text("utf-8")
    drawn = re.findall(r"^([│ ]*)[├└]── (\w+) +(\S.*)$", errors.__doc__ or "", re.MULTILINE)
    assert [(len(indent) // 4, name) for indent, name, _ in drawn] == [
        (depth, kind.__name__) for depth, kind in below(StayAheadError)
    ]
    kinds = _raised()
    assert len(kinds) == len(drawn) >= 25
    for kind in kinds:
        assert f"`{kind.__name__}`" in page, kind.__name__


def test_no_error_of_ours_hides_outside_of_the_tree() -> None:
    for path in SOURCES:
        if path.name != "errors.py":
            assert not re.search(
                rf"^class \w+\((?:errors\.)?({'|'.join(k.__name__ for k in _raised())})\)",
                path.read_text("utf-8"),
                re.MULTILINE,
            ), path


def test_every_kind_of_update_is_documented() -> None:
    page = (ROOT / "docs" / "reference" / "updates.md").read_text("utf-8")
    assert len(CHANGES) >= 9
    for kind in CHANGES:
        assert re.search(rf"^\| `{kind}` \| \S", page, re.MULTILINE), kind


def test_a_page_of_reference_takes_nothing_undescribed() -> None:
    def nameless() -> None:
        """It says what it is, and not what to do."""

    with pytest.raises(SystemExit, match=r"nameless: its docstring says"):
        told(nameless)
    assert addressed("/story/{id}", "`/story/ID?q=`: a story.") == ("/story/ID?q=", "a story.")
    with pytest.raises(SystemExit, match=r"/story/\{id\}: .* does not begin with `/story/ID`"):
        addressed("/story/{id}", "`/stories/ID`: a story.")


def test_generated_pages_are_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "docs.build", "--check"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_decisions_are_numbered_once_and_say_what_would_change_our_mind() -> None:
    pages = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [page.name[:4] for page in pages]
    assert len(numbers) == len(set(numbers)) >= 10
    for page in pages:
        assert "change our mind" in page.read_text("utf-8").lower(), page.name


def test_architecture_page_has_a_heading_for_every_stage() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text("utf-8")
    for path in (ROOT / "src" / "stayahead").iterdir():
        if path.name.startswith("__") or path.suffix not in ("", ".py"):
            continue
        assert re.search(rf"`{path.stem}(/|\.py)?`", page), path.name


def test_nothing_names_an_index_address() -> None:
    for name in ("constraints.txt", "pyproject.toml"):
        text = (ROOT / name).read_text("utf-8")
        assert "://" not in text.replace("https://github.com", ""), name
        assert "index-url" not in text
