"""For all tests: what Hypothesis draws is the same on every run (not in `./dev soak properties`); nothing is timed."""

from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.examples import register

register()
settings.load_profile("stayahead")


@pytest.fixture(scope="session", autouse=True)
def _a_home_of_our_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Neither the options of whoever runs the tests are read, nor are their services met."""
    with pytest.MonkeyPatch.context() as patch:
        for name in ("XDG_CONFIG_HOME", "XDG_STATE_HOME"):
            patch.setenv(name, str(tmp_path_factory.mktemp(name)))
        yield
