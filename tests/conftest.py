"""For all tests: what Hypothesis draws is the same on every run (not in `./dev soak properties`); nothing is timed."""

from hypothesis import settings

from tests.examples import register

register()
settings.load_profile("stayahead")
