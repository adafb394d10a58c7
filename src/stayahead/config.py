"""Holds every option of the service in one frozen `Settings`, read once at the start from a TOML file and environment.

The fields of `Settings` are the one table of options: name, type, default, unit, help, secret or not. The template
(`template()`) and the reference page are generated from it.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, cast, get_args, get_type_hints

import ada_url

from stayahead.errors import SettingsError

FullText = Literal["owner", "everyone", "nobody"]
LogFormat = Literal["text", "json"]
LogLevel = Literal["debug", "info", "warning", "error"]


def _option(default: object, help_line: str, *, unit: str = "", secret: bool = False) -> Any:
    """A field of `Settings` with its row of the table."""
    return field(default=default, metadata={"help": help_line, "unit": unit, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Every option, with its default."""

    data_dir: str = _option("", "Folder of the database; empty: the XDG data directory.")
    host: str = _option("127.0.0.1", "Address that the pages are served on.")
    port: int = _option(8400, "Port that the pages are served on; 0: any free one.")
    site_name: str = _option("StayAhead", "Name at the top of every page.")
    public_url: str = _option("", "Where readers reach it: https://HOST/, or https://HOST/PATH/ below a path.")
    host_names: str = _option("", "Further names that the pages answer to, comma-separated.")
    trusted_proxies: str = _option("", "Proxies whose forwarding headers are believed: addresses or networks.")
    full_text: FullText = _option("owner", "Who reads full texts here: owner, everyone, nobody.")
    user_agent: str = _option("", "User-Agent of our requests; empty: StayAhead/VERSION with the project's address.")
    poll_every_s: float = _option(600.0, "How often a feed is asked.", unit="s")
    fetch_timeout_s: float = _option(20.0, "Longest time that one request may take.", unit="s")
    fetch_max_bytes: int = _option(8_000_000, "Largest answer, decompressed.", unit="bytes")
    fetch_max_ratio: float = _option(200.0, "Largest compression ratio past the first megabyte.")
    fetch_at_once: int = _option(64, "Requests under way at once, over all hosts.")
    fetch_memory_bytes: int = _option(
        64_000_000, "What all answers together may take until they are read.", unit="bytes"
    )
    fetch_exceptions: str = _option(
        "",
        "Private host:port pairs, comma-separated: feeds there may be fetched, and what those name at the same place.",
    )
    fetch_certificates: str = _option(
        "",
        "Certificates that no authority vouches for, each trusted for one place: host:port=SHA-256, comma-separated.",
    )
    intake_per_hour: int = _option(
        500, "New articles that one source (a domain) may bring in an hour; the others wait. 0: without limit."
    )
    intake_exceptions: str = _option(
        "", "Sources with a number of their own: domain=articles an hour, comma-separated; 0: without limit."
    )
    live_articles: int = _option(
        150_000, "Articles in stories that may still grow, 4 kB each; past it old stories sleep early. 0: no bound."
    )
    page_wait_s: float = _option(5.0, "How long an article waits for its page before it goes out without.", unit="s")
    reread_share: float = _option(1.0, "Pages read again for each page that is read for the first time; 0: none.")
    reread_host_s: float = _option(60.0, "Shortest time between two pages of one host that are read again.", unit="s")
    workers: int = _option(1, "Processes that parse and extract.")
    worker_cpu_s: float = _option(2.0, "CPU time that one input may cost a worker.", unit="s")
    worker_memory_bytes: int = _option(200_000_000, "Memory that one input may cost a worker.", unit="bytes")
    batch_articles: int = _option(100, "Most articles in one commit.")
    batch_wait_s: float = _option(0.05, "Longest time that an article waits for its commit.", unit="s")
    vectors: str = _option("", "Model whose vectors compare articles: static, minilm, a directory; empty: none.")
    bodies_days: int = _option(30, "How long texts are kept.", unit="days")
    bodies_gb: float = _option(20.0, "How much space texts may take.", unit="GB")
    updates_days: int = _option(365, "How long updates, titles and links are kept.", unit="days")
    log_format: LogFormat = _option("text", "Form of the log on standard error: text (key=value) or json.")
    log_level: LogLevel = _option("info", "Least that is logged: debug, info, warning, error.")


_PREFIX = "STAYAHEAD_"
_WITH_UNIT = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?)\s*([A-Za-z]+)\s*")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_TIMES = {"s": "seconds (600) or 90s, 10m, 2h", "days": "days (30) or 30d, 4w"}
"""How an option of that unit is written."""

_SUB_PATH = re.compile(r"(?:/(?!\.\.?(?:/|$))[A-Za-z0-9._~-]+)*", re.ASCII)
"""What needs no escape and means the same to every proxy; no segment that leads elsewhere."""
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

OPTIONS: tuple[Field[Any], ...] = fields(Settings)
"""The table's rows, in the order of the template."""


def load(path: Path | None, environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from a TOML file (None: defaults) and `STAYAHEAD_*` variables, which win.

    Raises:
        SettingsError: an unknown option, a value of the wrong type, a file that cannot be read.
    """
    values: dict[str, object] = {}
    if path is not None:
        try:
            values.update(tomllib.loads(path.read_text("utf-8")))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SettingsError(f"{path}: cannot be read as TOML ({error}); correct or remove it") from error
    option_names = {option.name for option in OPTIONS}
    for name in values:
        if name not in option_names:
            raise SettingsError(f"{path}: there is no option {name!r}; see docs/reference/options.md")
    _require_known(environ, option_names)
    for name in option_names:
        text = environ.get(f"{_PREFIX}{name.upper()}")
        if text is not None:
            values[name] = text
    return replace(Settings(), values)


def _require_known(environ: Mapping[str, str], option_names: set[str]) -> None:
    """A misspelt variable would be an option that silently stays at its default.

    Raises:
        SettingsError: a variable with our prefix is none of ours.
    """
    names = {f"{_PREFIX}{name.upper()}" for name in option_names}
    for name in environ:
        if name.startswith(_PREFIX) and name not in names:
            near = difflib.get_close_matches(name, names, n=1, cutoff=0.75)
            hint = f"; do you mean {near[0]}?" if near else "; `stayahead options` lists all"
            raise SettingsError(f"environment variable {name}: there is no such option{hint}")


def config_file(environ: Mapping[str, str] = os.environ) -> Path | None:
    """The file of options that is read when none is named: `stayahead/config.toml` in the XDG place, if it is there."""
    base = environ.get("XDG_CONFIG_HOME", "")
    path = (Path(base) if base else Path.home() / ".config") / "stayahead" / "config.toml"
    return path if path.is_file() else None


def replace(settings: Settings, values: Mapping[str, object]) -> Settings:
    """The settings with those values, each checked and converted to its option's type.

    Raises:
        SettingsError: a value that its option cannot have.
    """
    hints = get_type_hints(Settings)
    units = {option.name: str(option.metadata["unit"]) for option in OPTIONS}
    changed = {option.name: getattr(settings, option.name) for option in OPTIONS}
    for name, value in values.items():
        changed[name] = _converted(name, _measured(name, value, units[name]), hints[name])
    settings = Settings(**changed)
    for read in (
        site_address,
        own_names,
        proxy_networks,
        intake_numbers,
    ):  # what cannot be read is told now, not to the first reader
        read(settings)
    return settings


def _measured(name: str, value: object, unit: str) -> object:
    """A time with a unit of its own (`10m`, `2h`, `3d`) as the number that the option wants; anything else as it is.

    Raises:
        SettingsError: a unit that the option cannot have.
    """
    if not isinstance(value, str) or unit not in _TIMES or (match := _WITH_UNIT.fullmatch(value)) is None:
        return value
    seconds = _SECONDS.get(match[2].lower())
    if seconds is None:
        raise SettingsError(f"option {name}: {match[2]!r} is no unit of time; write {_TIMES[unit]}")
    number = float(match[1]) * seconds / (1.0 if unit == "s" else _SECONDS["d"])
    return str(int(number)) if number.is_integer() else str(number)


def _converted(name: str, value: object, hint: object) -> object:
    choices = get_args(hint)
    if choices:
        if value not in choices:
            raise SettingsError(f"option {name}: {value!r} is none of {', '.join(choices)}")
        return value
    kind = cast("type[str | int | float]", hint)
    # Python's bool is an int: `workers = true` would be one worker. Text is taken, since the environment has no other.
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        raise SettingsError(f"option {name}: {value!r} is no {kind.__name__}")
    if kind is not str and isinstance(value, float) and kind is int:
        raise SettingsError(f"option {name}: {value!r} is no whole number")
    try:
        number = kind(value)
    except ValueError as error:
        raise SettingsError(f"option {name}: {value!r} is no {kind.__name__}") from error
    if isinstance(number, (int, float)) and not 0 <= number < float("inf"):  # NaN fails this too
        raise SettingsError(f"option {name}: {value!r} may not be negative or without end")
    return number


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteAddress:
    """Where readers reach the pages, taken apart."""

    origin: str = ""
    """Scheme, host and port, as a browser's Origin says them; empty when no `public_url` is set."""
    name: str = ""
    """The host's name alone."""
    prefix: str = ""
    """The path below which the site lies (`/news`); empty at the root of its host."""


def site_address(settings: Settings) -> SiteAddress:
    """What `public_url` says.

    Raises:
        SettingsError: it is no http(s) address, or holds what cannot be part of it; the message has the right form.
    """
    url = settings.public_url.strip()
    if not url:
        return SiteAddress()
    if "://" not in url:
        raise SettingsError(f"option public_url: {url!r} has no scheme; write https://{url.strip('/')}/")
    try:
        parsed = ada_url.URL(url)
    except ValueError as error:
        raise SettingsError(
            f"option public_url: {url!r} is no address; write https://HOST/ or https://HOST/PATH/"
        ) from error
    if parsed.protocol not in {"http:", "https:"}:
        raise SettingsError(f"option public_url: {url!r} is neither http nor https; write https://HOST/")
    if parsed.username or parsed.password or parsed.search or parsed.hash:
        raise SettingsError(f"option public_url: write {url!r} without user, query and fragment")
    prefix = parsed.pathname.rstrip("/")
    if _SUB_PATH.fullmatch(prefix) is None:
        raise SettingsError(
            f"option public_url: the path {prefix!r} may consist of letters, digits and . _ ~ - between its strokes"
        )
    return SiteAddress(origin=parsed.origin, name=parsed.hostname.strip("[]").rstrip("."), prefix=prefix)


def own_names(settings: Settings) -> frozenset[str]:
    """The names of `host_names`, lower case.

    Raises:
        SettingsError: one of them is an address or no name.
    """
    names: set[str] = set()
    for name in _listed(settings.host_names):
        try:
            parsed = ada_url.URL(f"http://[{name.strip('[]')}]/" if name.count(":") > 1 else f"http://{name}/")
            bare = parsed.hostname.strip("[]").rstrip(".")
        except ValueError:
            bare = ""
        if not bare or parsed.host != parsed.hostname or parsed.pathname != "/" or "@" in name:
            raise SettingsError(f"option host_names: {name!r} is no name of a host; write it as in news.example.org")
        names.add(bare)
    return frozenset(names)


def proxy_networks(settings: Settings) -> tuple[Network, ...]:
    """The networks of `trusted_proxies`; an address is a network of one.

    Raises:
        SettingsError: one of them is no network.
    """
    try:
        return tuple(ipaddress.ip_network(each) for each in _listed(settings.trusted_proxies))
    except ValueError as error:
        raise SettingsError(f"option trusted_proxies: {error}; write 127.0.0.1 or 10.0.0.0/8") from error


def intake_numbers(settings: Settings) -> dict[str, int]:
    """New articles an hour by source, as `intake_exceptions` has them.

    Raises:
        SettingsError: one of them is no domain with a number.
    """
    numbers: dict[str, int] = {}
    for each in _listed(settings.intake_exceptions):
        source, _, number = each.rpartition("=")
        if not source.strip() or not number.strip().isdecimal():
            raise SettingsError(f"option intake_exceptions: {each!r} is no number for a source; write example.org=2000")
        name = source.strip()
        numbers[name if "/" in name else name.lower()] = int(number)  # a feed's path may have capitals
    return numbers


def local_address(host: str) -> str:
    """The address at which this machine itself reaches a service that listens there."""
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not bound


def _listed(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def data_dir(settings: Settings, environ: Mapping[str, str] = os.environ) -> Path:
    """The folder of the database: the option, else `$XDG_DATA_HOME/stayahead`, else `~/.local/share/stayahead`."""
    if settings.data_dir:
        return Path(settings.data_dir).expanduser()
    base = environ.get("XDG_DATA_HOME", "")
    return (Path(base) if base else Path.home() / ".local" / "share") / "stayahead"


def template() -> str:
    """A commented TOML file with every option at its default."""
    lines = ["# StayAhead: every option, at its default. Remove the '#' to change one.", ""]
    for option in OPTIONS:
        unit = f" ({option.metadata['unit']})" if option.metadata["unit"] else ""
        default = "" if option.default is MISSING else option.default
        literal = f'"{default}"' if isinstance(default, str) else str(default)
        lines += [f"# {option.metadata['help']}{unit}", f"# {option.name} = {literal}", ""]
    return "\n".join(lines)
