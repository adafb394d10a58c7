"""Reads which certificate the owner trusts for which `host:port`, where no authority vouches for it.

One certificate by its fingerprint, for one pair: nothing else is trusted for it, and it is trusted for nothing else.
"""

from __future__ import annotations

import aiohttp

from stayahead.errors import SettingsError
from stayahead.fetch.guard import exception_pairs

_SHA256_BYTES = 32


def certificates(text: str) -> dict[str, aiohttp.Fingerprint]:
    """Fingerprints by `host:port`, of the option `fetch_certificates`.

    Raises:
        SettingsError: an item is no `host:port=SHA-256`.
    """
    return dict(_certificate(item.strip()) for item in text.split(",") if item.strip())


def _certificate(item: str) -> tuple[str, aiohttp.Fingerprint]:
    place, _, digits = item.partition("=")
    wrong = f"option fetch_certificates: {item!r} is no host:port=FINGERPRINT (the SHA-256 of a certificate, 64 digits)"
    try:
        (pair,) = exception_pairs(place)
        fingerprint = bytes.fromhex(digits.replace(":", ""))
    except (SettingsError, ValueError) as error:
        raise SettingsError(wrong) from error
    if len(fingerprint) != _SHA256_BYTES:
        raise SettingsError(wrong)
    return pair, aiohttp.Fingerprint(fingerprint)
