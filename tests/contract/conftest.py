"""The contract's suites run against every adapter of the store."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.stores import ADAPTERS, Store


@pytest.fixture(params=sorted(ADAPTERS))
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """A fresh one."""
    with ADAPTERS[request.param]() as opened, closing(opened()) as made:
        yield made
