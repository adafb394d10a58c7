"""Runs the parts of an analysis so that one that fails costs its own result and not the article.

An analyzer is our own code on a stranger's text: what it trips over is a bug of ours. Whoever asked for the analysis
tells the log, and the article goes out without that one result.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

_MESSAGE_CHARS = 200


class Attempts:
    """What was tried for one article, as far as it failed."""

    def __init__(self) -> None:
        self.errors: dict[str, Exception] = {}
        """By the name of the part that raised it."""

    @property
    def failures(self) -> tuple[str, ...]:
        """One line for each part that failed: its name, the exception and where it was raised."""
        return tuple(f"{name}: {_described(error)}" for name, error in self.errors.items())

    def result(self, name: str, part: Callable[[], T], *, otherwise: T) -> T:
        """What the part gives; where it fails, `otherwise`.

        Raises:
            MemoryError: the whole process is to end, not the part.
        """
        try:
            return part()
        except MemoryError:
            raise
        except Exception as error:
            self.errors[name] = error
            return otherwise


def _described(error: Exception) -> str:
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f" ({Path(where.tb_frame.f_code.co_filename).name}:{where.tb_lineno})" if where else ""
    return f"{type(error).__name__}: {str(error)[:_MESSAGE_CHARS]}{place}"
