"""Makes `analyze/data/places.tsv` from the names of countries and large cities in the CLDR (through Babel).

    python -m eval.compile_places

Source: Unicode CLDR, territories and exemplar cities of time zones (Unicode License V3). Run it anew when Babel has a
newer CLDR; the file is part of the package, so that no reader of news has to load thirty locales.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

from babel.core import get_global
from babel.localedata import load

LANGUAGES = (
    *("ar", "bg", "cs", "da", "de", "el", "en", "es", "fa", "fi", "fr", "he", "hi", "hu", "id", "it", "ja", "ko", "ms"),
    *("nl", "no", "pl", "pt", "ro", "ru", "sv", "th", "tr", "uk", "vi", "zh"),
)
SCRIPTS = {"zh": ("zh", "zh_Hant")}
OUT = Path(__file__).resolve().parents[1] / "src" / "stayahead" / "analyze" / "data" / "places.tsv"
NOT_CITIES = {
    *("Male", "Center", "Knox", "Troll", "Casey", "Davis", "Mawson", "Syowa", "Vostok", "Rothera", "Palmer", "McMurdo"),
    *("Easter", "Tell City", "Winamac", "Marengo", "Vevay", "Creston", "Nome", "Boise", "Currie", "Eucla", "Lindeman"),
    *("Beulah", "New Salem", "Petersburg", "Vincennes", "Monticello", "Swift Current", "Thule", "Nipigon", "Hovd"),
}
"""Zones named after what is a common word, a station or a village."""


def main() -> int:
    """Write the table: language, key (a country's code, or a city's zone in CLDR), name."""
    lines: list[str] = []
    for language in LANGUAGES:
        names: dict[str, str] = {}
        for locale in SCRIPTS.get(language, (language,)):
            data = load(locale)
            for code, name in _territories(data):
                names.setdefault(name, code)
            for zone, name in _cities(data, is_latin=language not in _OTHER_SCRIPTS):
                names.setdefault(name, zone)
        lines += [f"{language}\t{key}\t{name}" for name, key in sorted(names.items(), key=lambda pair: pair[::-1])]
    OUT.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(lines)} names, {OUT.stat().st_size // 1000} kB")
    return 0


_OTHER_SCRIPTS = {"ar", "bg", "el", "fa", "he", "hi", "ja", "ko", "ru", "th", "uk", "zh"}


def _territories(data: Any) -> list[tuple[str, str]]:
    territories = defaultdict(list)
    for code, name in data["territories"].items():
        if len(code) == 2 and code.isalpha() and code not in {"EU", "EZ", "ZZ", "XA", "XB", "QO"}:
            territories[name].append(code)
    return [(codes[0], name) for name, codes in territories.items() if len(codes) == 1]


def _cities(data: Any, *, is_latin: bool) -> list[tuple[str, str]]:
    cities = {zone: value["city"] for zone, value in data["time_zones"].items() if "city" in value}
    if is_latin:  # a city that is written as in its zone's own name is not repeated there
        for zone in get_global("zone_territories"):
            cities.setdefault(zone, zone.rsplit("/", 1)[-1].replace("_", " "))
    return [
        (zone, name)
        for zone, name in cities.items()
        if not zone.startswith(("Etc/", "Antarctica/"))
        and zone.rsplit("/", 1)[-1].replace("_", " ") not in NOT_CITIES
        and "/" in zone
    ]


if __name__ == "__main__":
    raise SystemExit(main())
