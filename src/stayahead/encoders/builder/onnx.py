"""Writes the models that onnxruntime loads, with numpy alone.

Only the fields that a forward pass needs; numbers as in onnx.proto (ONNX IR version 8, operators of version 17).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from stayahead.encoders.builder.protobuf import each, packed, real, sized, whole

MICROSOFT = "com.microsoft"
"""The domain of onnxruntime's own operators (its docs/ContribOperators.md)."""

_IR_VERSION = 8
_OPSET, _MICROSOFT_OPSET = 17, 1
_TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int32": 6, "int64": 7}
_FLOAT, _INT, _STRING, _INTS = 1, 2, 3, 7

Attribute = float | int | str | Sequence[int]


class Graph:
    """A model being written: every operation's result has a name, and operations stand in the order of their making."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._nodes: list[bytes] = []
        self._arrays: list[bytes] = []
        self._inputs: list[bytes] = []
        self._outputs: list[bytes] = []

    def input(self, name: str, shape: Sequence[int | str], *, kind: str = "int64") -> str:
        """Declare an input; a size that is a text varies."""
        self._inputs.append(_value(name, shape, kind))
        return name

    def output(self, name: str, shape: Sequence[int | str], *, kind: str = "float32") -> None:
        """Declare that result as an output, under that name."""
        self._outputs.append(_value(name, shape, kind))

    def array(self, values: NDArray[Any]) -> str:
        """A constant array."""
        name = f"a{len(self._arrays)}"
        values = np.ascontiguousarray(values)
        self._arrays.append(
            packed(1, values.shape)
            + whole(2, _TYPES[values.dtype.name])
            + sized(8, name)
            + sized(9, values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes())
        )
        return name

    def add(self, kind: str, *inputs: str, domain: str = "", name: str = "", **attributes: Attribute) -> str:
        """One operation with one result; its name. An input left out is an empty text."""
        result = name or f"n{len(self._nodes)}"
        self._nodes.append(
            each(1, inputs)
            + sized(2, result)
            + sized(4, kind)
            + each(5, [_attribute(key, value) for key, value in attributes.items()])
            + sized(7, domain)
        )
        return result

    def split(self, value: str, parts: int, *, axis: int) -> list[str]:
        """A value cut into equal parts."""
        results = [f"n{len(self._nodes)}p{part}" for part in range(parts)]
        self._nodes.append(each(1, [value]) + each(2, results) + sized(4, "Split") + sized(5, _attribute("axis", axis)))
        return results

    def model(self) -> bytes:
        """The finished model."""
        graph = (
            each(1, self._nodes)
            + sized(2, self._name)
            + each(5, self._arrays)
            + each(11, self._inputs)
            + each(12, self._outputs)
        )
        return (
            whole(1, _IR_VERSION)
            + sized(2, "stayahead")
            + sized(7, graph)
            + sized(8, sized(1, "") + whole(2, _OPSET))
            + sized(8, sized(1, MICROSOFT) + whole(2, _MICROSOFT_OPSET))
        )


def _value(name: str, shape: Sequence[int | str], kind: str) -> bytes:
    sizes = [whole(1, size) if isinstance(size, int) else sized(2, size) for size in shape]
    tensor = whole(1, _TYPES[kind]) + sized(2, each(1, sizes))
    return sized(1, name) + sized(2, sized(1, tensor))


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, float):
        return sized(1, name) + real(2, value) + whole(20, _FLOAT)
    if isinstance(value, int):
        return sized(1, name) + whole(3, value) + whole(20, _INT)
    if isinstance(value, str):
        return sized(1, name) + sized(4, value) + whole(20, _STRING)
    return sized(1, name) + packed(8, value) + whole(20, _INTS)
