"""Distils a checkpoint's word pieces into a small table: adding up its rows gives a text's vector.

The table is centred, its leading directions, which say how common a piece is and not what it means, are dropped, and
the next ones kept (Mu, Bhat, Viswanath 2018, "All-but-the-Top"). In a sum a piece counts by how rare it is, which its
number tells: vocabularies of the BERT kind list whole words by falling frequency, and frequencies fall as Zipf says, so
that the logarithm of its rank is what a piece says. docs/decisions/0092-static-vectors.md has the numbers behind this.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stayahead.encoders.builder.bert import Floats
from stayahead.errors import ModelError

DROPPED = 3
KEPT = 256
SHARPNESS = 2.0
"""Power of a rank's logarithm that is a piece's weight."""


def weighted_table(words: Floats, pieces: Sequence[str]) -> tuple[Floats, Floats]:
    """A row and a weight for each piece: the weighted rows of a text's pieces add up to its vector.

    Raises:
        ModelError: the vocabulary is not of a length with the table, or not sorted as we need it.
    """
    if len(pieces) != len(words):
        raise ModelError(f"the vocabulary has {len(pieces)} pieces, the checkpoint {len(words)}")
    is_text = np.array([not _is_mark(piece) for piece in pieces])
    wide = words.astype(np.float64)
    wide -= wide[is_text].mean(axis=0)
    _, directions = np.linalg.eigh(wide[is_text].T @ wide[is_text])  # by rising spread
    basis = directions[:, ::-1][:, DROPPED : DROPPED + KEPT]
    return (wide @ basis).astype(np.float32), np.where(is_text, _rarity(pieces), 0).astype(np.float32)


def _is_mark(piece: str) -> bool:
    """`[CLS]`, `[unused7]` …"""
    return len(piece) > 1 and piece.startswith("[")


def _rarity(pieces: Sequence[str]) -> NDArray[np.float64]:
    """How much each piece counts: next to nothing for the commonest words and the signs before them."""
    if "the" not in pieces:
        raise ModelError("the vocabulary has no word 'the', from which on its order tells how common a piece is")
    rank = np.maximum(np.arange(len(pieces)) - pieces.index("the") + 1, 1)
    weights: NDArray[np.float64] = (np.log1p(rank) / np.log1p(len(pieces))) ** SHARPNESS
    return weights
