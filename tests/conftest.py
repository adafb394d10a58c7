"""For all tests: what Hypothesis draws is the same on every run, and no example is timed (see `./dev soak fuzz`)."""

from hypothesis import settings

settings.register_profile("stayahead", deadline=None, derandomize=True)
settings.load_profile("stayahead")
