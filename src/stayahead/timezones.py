"""Knows how far a zone is from UTC by any of the names under which dates bear it.

An abbreviation ("EST"), a place of the IANA time zone database ("America/New_York"), a name in English words ("Eastern
Daylight Time", by the Unicode CLDR), or an offset in digits.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

_HOURS: dict[str, float] = {
    "ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0, "west": 1, "bst": 1, "cet": 1, "met": 1, "mez": 1, "cest": 2,
    "mest": 2, "mesz": 2, "eet": 2, "eest": 3, "msk": 3, "мск": 3, "trt": 3, "gst": 4, "pkt": 5, "ist": 5.5,
    "npt": 5.75, "wib": 7, "ict": 7, "hkt": 8, "sgt": 8, "myt": 8, "pht": 8, "awst": 8, "wita": 8, "jst": 9, "kst": 9,
    "wit": 9, "acst": 9.5, "aest": 10, "acdt": 10.5, "aedt": 11, "nzst": 12, "nzdt": 13,
    "ndt": -2.5, "nst": -3.5, "art": -3, "brt": -3, "brst": -2, "adt": -3, "clt": -4, "clst": -3, "ast": -4, "edt": -4,
    "est": -5, "et": -5, "cdt": -5, "cst": -6, "ct": -6, "mdt": -6, "mst": -7, "mt": -7, "pdt": -7, "pst": -8, "pt": -8,
    "akdt": -8, "akst": -9, "hst": -10, "hast": -10, "hadt": -9, "pmst": -3, "pmdt": -2, "uyt": -3, "uyst": -2,
    "pyt": -4, "pyst": -3, "bot": -4, "vet": -4, "gyt": -4, "pet": -5, "cot": -5, "ect": -5, "wgt": -2, "wgst": -1,
    "gft": -3, "srt": -3, "fkt": -4, "fkst": -3, "azot": -1, "azost": 0, "cvt": -1, "egt": -1, "egst": 0, "fnt": -2,
    "galt": -6, "east": -6, "easst": -5, "sst": -11, "nut": -11, "ckt": -10, "taht": -10, "mart": -9.5, "gamt": -9,
    "wat": 1, "wast": 2, "cat": 2, "sast": 2, "eat": 3, "fet": 3, "idt": 3, "irst": 3.5, "irdt": 4.5, "azt": 4,
    "get": 4, "samt": 4, "mut": 4, "sct": 4, "ret": 4, "aft": 4.5, "uzt": 5, "tmt": 5, "tjt": 5, "mvt": 5, "yekt": 5,
    "lkt": 5.5, "btt": 6, "kgt": 6, "omst": 6, "mmt": 6.5, "krat": 7, "novt": 7, "hovt": 7, "cct": 6.5, "irkt": 8,
    "ulat": 8, "bnt": 8, "acwst": 8.75, "yakt": 9, "tlt": 9, "pwt": 9, "vlat": 10, "pgt": 10, "chst": 10, "lhst": 10.5,
    "lhdt": 11, "magt": 11, "sakt": 11, "nct": 11, "sbt": 11, "vut": 11, "pont": 11, "kost": 11, "nft": 11, "pett": 12,
    "fjt": 12, "tvt": 12, "mht": 12, "gilt": 12, "wakt": 12, "wft": 12, "nrt": 12, "chast": 12.75, "chadt": 13.75,
    "tot": 13, "phot": 13, "tkt": 13, "wst": 13, "lint": 14,
}  # fmt: skip
"""Hours east of UTC by abbreviation; one with several meanings has that of news feeds (IST: India; CST: America)."""

MAX_CHARS = 64


def offset_of(name: str, at: datetime) -> timedelta | None:
    """How far a zone is ahead of UTC; None when the name is unknown.

    Args:
        name: of the zone; an empty one is unknown.
        at: the time on its clocks, whatever zone it claims: daylight saving depends on it.

    Raises:
        ValueError: digits past a day.
    """
    key = " ".join(name[:MAX_CHARS].casefold().replace("_", " ").split())
    if key[:3] in {"utc", "gmt"} and len(key) > len("utc"):
        key = key[3:].lstrip()
    if key[:1] in {"+", "-"}:
        return _in_digits(key)
    if key in _HOURS:
        return timedelta(hours=_HOURS[key])
    place = _places().get(key)
    if place is not None:
        return _zone(place).utcoffset(at)
    named = _english_names().get(key) if key.endswith("time") else None
    return None if named is None else named(at)


def _in_digits(text: str) -> timedelta:
    digits = text[1:].replace(":", "")
    if not (digits.isascii() and digits.isdigit()):
        raise ValueError(f"not an offset: {text!r}")
    hours, minutes = (int(digits), 0) if len(digits) <= len("00") else (int(digits[:-2]), int(digits[-2:]))
    offset = timedelta(hours=hours, minutes=minutes)
    if offset >= timedelta(days=1):
        raise ValueError(f"an offset past a day: {text!r}")
    return -offset if text[0] == "-" else offset


@cache
def _places() -> dict[str, str]:
    return {place.casefold().replace("_", " "): place for place in available_timezones() if "/" in place}


@lru_cache(maxsize=64)
def _zone(place: str) -> ZoneInfo:
    return ZoneInfo(place)


@cache
def _english_names() -> dict[str, Callable[[datetime], timedelta | None]]:
    """What finds the offset at a time, by a zone's English name in small letters."""
    from babel.core import Locale, get_global  # late: .15 s for names that few dates bear

    names: dict[str, Callable[[datetime], timedelta | None]] = {}
    zones, typical = Locale("en").meta_zones, get_global("windows_zone_mapping")

    def rank(item: tuple[str, str]) -> tuple[bool, bool, str]:
        # Of places that share a name the one that stands for it: Jamaica, too, has Eastern Time, and no summer.
        place, zone = item
        name = zone.partition("_")[2].replace("_", " ")
        return typical.get(f"{name} Standard Time") != place, place not in typical.values(), place

    for place, zone in sorted(get_global("meta_zones").items(), key=rank):
        for kind, name in (zones.get(zone, {}).get("long") or {}).items():
            names.setdefault(str(name).casefold(), _finder(place, str(kind)))
    return names


def _finder(place: str, kind: str) -> Callable[[datetime], timedelta | None]:
    def find(at: datetime) -> timedelta | None:
        there = at.replace(tzinfo=_zone(place))
        offset, saving = there.utcoffset(), there.dst()
        if kind == "generic" or offset is None or saving is None:
            return offset
        standard = offset - saving
        return standard if kind == "standard" else standard + timedelta(hours=1)

    return find
