"""How many examples a law is tried on: the profile says, and a law that is dear to check asks for a share of them."""

from __future__ import annotations

from hypothesis import settings

PLAIN = 100
"""Examples of a law in `./dev test`, for which the numbers beside the laws are written."""

PROFILES = {"stayahead": PLAIN, "soak-short": PLAIN, "soak": 20 * PLAIN}
"""Examples of a law by profile. `stayahead` draws the same on every run; the others follow `--hypothesis-seed`."""


def register() -> None:
    """Make the profiles known to Hypothesis."""
    for name, count in PROFILES.items():
        is_fixed = name == "stayahead"
        # Without a database of earlier failures a seed alone repeats a run, and the tests leave nothing behind.
        settings.register_profile(
            name, max_examples=count, deadline=None, database=None, derandomize=is_fixed, print_blob=not is_fixed
        )


def examples(count: int) -> settings:
    """So many in `./dev test`, and under another profile as many times more as it asks for."""
    return settings(max_examples=count * settings().max_examples // PLAIN)
