"""Holds a BERT's weights with a plain forward pass, the yardstick for every model built from them.

The encoder of Devlin et al. 2018 (Vaswani et al. 2017 with learned positions, GELU, and a norm after each sum), without
anything that only training needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import erf, sqrt
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from stayahead.errors import ModelError

Floats: TypeAlias = NDArray[np.float32]
MAX_POSITIONS = 128
"""Positions kept: more tokens than that are never asked for."""

_erf = np.vectorize(erf, otypes=[np.float64])


@dataclass(frozen=True, slots=True, kw_only=True)
class Dense:
    """An affine map: inputs x outputs, and one number an output."""

    weight: Floats
    bias: Floats

    def __call__(self, values: Floats) -> Floats:
        """Map rows."""
        mapped: Floats = values @ self.weight + self.bias
        return mapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Norm:
    """Layer norm (Ba et al. 2016)."""

    weight: Floats
    bias: Floats
    epsilon: float

    def __call__(self, values: Floats) -> Floats:
        """Norm each row."""
        centred = values - values.mean(-1, keepdims=True)
        spread = np.sqrt((centred**2).mean(-1, keepdims=True) + np.float32(self.epsilon))
        normed: Floats = centred / spread * self.weight + self.bias
        return normed


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One layer; the maps to queries, keys and values stand side by side, and queries are scaled already."""

    attention: Dense
    projection: Dense
    attention_norm: Norm
    widening: Dense
    narrowing: Dense
    norm: Norm


@dataclass(frozen=True, slots=True, kw_only=True)
class Bert:
    """A checkpoint's weights."""

    words: Floats
    places: Floats
    """Embeddings of the positions, each with that of the first segment added."""
    norm: Norm
    layers: tuple[Layer, ...]
    heads: int

    def __call__(self, numbers: Sequence[int]) -> Floats:
        """The last hidden state: a row a token. Plain and slow: what is built is measured against it."""
        values = self.norm(self.words[list(numbers)] + self.places[: len(numbers)])
        for layer in self.layers:
            attended = layer.attention_norm(values + layer.projection(self._attend(layer.attention(values))))
            wide = layer.widening(attended)
            wide = (wide * 0.5 * (1 + _erf(wide / sqrt(2)))).astype(np.float32)
            values = layer.norm(attended + layer.narrowing(wide))
        return values

    def _attend(self, projections: Floats) -> Floats:
        tokens = len(projections)
        queries, keys, values = projections.reshape(tokens, 3, self.heads, -1).transpose(1, 2, 0, 3)
        weights = queries @ keys.transpose(0, 2, 1)
        weights = np.exp(weights - weights.max(-1, keepdims=True))  # less the largest, or the powers overflow
        weights /= weights.sum(-1, keepdims=True)
        attended: Floats = (weights @ values).transpose(1, 0, 2).reshape(tokens, -1)
        return attended


def read_bert(arrays: Mapping[str, Floats], *, heads: int, epsilon: float = 1e-12) -> Bert:
    """The weights of a checkpoint.

    Args:
        arrays: by the names that BERT checkpoints use (`encoder.layer.0.attention.self.query.weight` …).
        heads: how many attention heads it has.
        epsilon: what its norms add to the variance.

    Raises:
        ModelError: an array is missing, or has not the shape that the others ask for.
    """
    try:
        return _read(arrays, heads=heads, epsilon=epsilon)
    except KeyError as error:
        raise ModelError(f"the checkpoint has no array {error}") from error
    except ValueError as error:
        raise ModelError(f"the checkpoint's arrays do not fit each other ({error})") from error


def _read(arrays: Mapping[str, Floats], *, heads: int, epsilon: float) -> Bert:
    def dense(name: str) -> Dense:
        return Dense(weight=arrays[f"{name}.weight"].T, bias=arrays[f"{name}.bias"])

    def norm(name: str) -> Norm:
        return Norm(weight=arrays[f"{name}.weight"], bias=arrays[f"{name}.bias"], epsilon=epsilon)

    def attention(name: str, size: int) -> Dense:
        parts = [dense(f"{name}.{part}") for part in ("query", "key", "value")]
        scales = (np.float32(1 / sqrt(size // heads)), np.float32(1), np.float32(1))
        return Dense(
            weight=np.concatenate([part.weight * scale for part, scale in zip(parts, scales, strict=True)], axis=1),
            bias=np.concatenate([part.bias * scale for part, scale in zip(parts, scales, strict=True)]),
        )

    words = arrays["embeddings.word_embeddings.weight"]
    places = arrays["embeddings.position_embeddings.weight"][:MAX_POSITIONS]
    count = sum(name.endswith("attention.self.query.weight") for name in arrays)
    layers = []
    for number in range(count):
        at = f"encoder.layer.{number}"
        layers.append(
            Layer(
                attention=attention(f"{at}.attention.self", words.shape[1]),
                projection=dense(f"{at}.attention.output.dense"),
                attention_norm=norm(f"{at}.attention.output.LayerNorm"),
                widening=dense(f"{at}.intermediate.dense"),
                narrowing=dense(f"{at}.output.dense"),
                norm=norm(f"{at}.output.LayerNorm"),
            )
        )
    return Bert(
        words=words,
        places=places + arrays["embeddings.token_type_embeddings.weight"][0],
        norm=norm("embeddings.LayerNorm"),
        layers=tuple(layers),
        heads=heads,
    )
