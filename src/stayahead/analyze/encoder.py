"""The encoder gives articles the vectors of one loaded model, by which the engine compares what words do not show.

What loads a model is `encoders`; here is only what analysis needs of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Protocol

MAX_CHARS = 1_000
"""Characters of title and of text that a model is given: 64 pieces of any running text are fewer."""
_CACHED = 2_048


class Cut(Protocol):
    """Cuts a text into at most `limit` numbers, as a model was trained on them."""

    def __call__(self, text: str, *, limit: int) -> list[int]:
        """The numbers; none when the text has nothing that the model could read."""
        ...


class Encoder:
    """A model that is loaded. The same text gets the same vector, whatever was asked before it.

    Args:
        model: the short hash of its manifest.
        cut: its tokenizer.
        vector: from numbers to a unit vector in bytes, as `Signals.vector` holds it; empty when there is none.
        tokens: the most numbers looked at.
        prefix: what the model was trained to find before every text.
        languages: the languages it was trained on; empty: any.

    Vectors of the last two thousand different openings are remembered: an article that comes again, as a revision or
    as a reprint under the same title, costs a look-up.
    """

    def __init__(
        self,
        model: str,
        *,
        cut: Cut,
        vector: Callable[[Sequence[int]], bytes],
        tokens: int,
        prefix: str = "",
        languages: Sequence[str] = (),
    ) -> None:
        self.model = model
        self._cut = cut
        self._vector = lru_cache(_CACHED)(vector)
        self._tokens = tokens
        self._prefix = prefix
        self._languages = frozenset(languages)

    def reads(self, language: str) -> bool:
        """Whether it was trained on that language; an unknown one is tried."""
        return not (language and self._languages) or language in self._languages

    def encode(self, title: str, text: str) -> bytes:
        """The vector of the title and the first words of the text; empty when there is nothing in them to read."""
        numbers = self.numbers(title, text)
        return self._vector(tuple(numbers)) if numbers else b""

    def numbers(self, title: str, text: str) -> list[int]:
        """The numbers that the model is given for them."""
        opening = f"{title[:MAX_CHARS]}\n{text[:MAX_CHARS]}"
        return self._cut(self._prefix + opening, limit=self._tokens) if opening.strip() else []
