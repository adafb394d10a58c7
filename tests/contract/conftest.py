"""The contract's suites run against every adapter of the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.stores import ADAPTERS, Opener, Store


@pytest.fixture(params=sorted(ADAPTERS))
def opener(request: pytest.FixtureRequest) -> Iterator[Opener]:
    """A place for one database, and what opens it."""
    with ADAPTERS[request.param]() as open_store:
        yield open_store


@pytest.fixture
def store(opener: Opener) -> Iterator[Store]:
    """A fresh one."""
    with closing(opener()) as made:
        yield made
