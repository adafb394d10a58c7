"""The wire format by the examples of its specification; graphs by what onnxruntime makes of them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import onnxruntime
import pytest
from numpy.typing import NDArray

from stayahead.encoders.builder.bert import Bert, Floats, read_bert
from stayahead.encoders.builder.graph import INPUT, MOST, to_bytes, write_graph
from stayahead.encoders.builder.onnx import Graph
from stayahead.encoders.builder.protobuf import packed, real, sized, varint, whole
from stayahead.encoders.builder.safetensors import read_arrays
from stayahead.encoders.quantise import cosine, signed_bytes
from stayahead.errors import ModelError
from stayahead.model import VECTOR_SCALE
from tests import tiny_model

NUMBERS = ([2, 9, 10, 11, 3], [2, 20, 3], [2, *range(7, 40), 3])


def tiny() -> Bert:
    return read_bert(tiny_model.arrays(), heads=tiny_model.HEADS)


def test_the_wire_format_is_that_of_the_specification() -> None:
    assert whole(1, 150) == bytes.fromhex("089601")
    assert sized(2, "testing") == bytes.fromhex("120774657374696e67")
    assert sized(3, whole(1, 150)) == bytes.fromhex("1a03089601")
    assert packed(6, [3, 270, 86942]) == bytes.fromhex("3206038e029ea705")
    assert varint(-2) == bytes.fromhex("feffffffffffffffff01")
    assert varint(0) == b"\x00"
    assert real(2, 1.0) == bytes.fromhex("150000803f")


def _ran(graph: Graph, **given: NDArray[np.float32]) -> list[NDArray[np.float32]]:
    found: list[NDArray[np.float32]] = onnxruntime.InferenceSession(graph.model()).run(None, given)
    return found


def test_a_graph_of_every_kind_of_field_runs() -> None:
    graph = Graph("any")
    values = graph.input("values", (2, "many"), kind="float32")
    left, right = graph.split(graph.add("Transpose", values, perm=[1, 0]), 2, axis=1)
    rest = graph.add("LeakyRelu", graph.add("Sub", left, right), alpha=0.5)
    graph.add("Mul", rest, graph.array(np.array([2], np.float32)), name="result")
    graph.output("result", ("many", 1))
    (found,) = _ran(graph, values=np.array([[1, 5, 3], [2, 1, 3]], np.float32))
    assert found.tolist() == [[-1.0], [8.0], [0.0]]


def _by_hand(arrays: dict[str, Floats], numbers: Sequence[int]) -> list[list[float]]:
    """The forward pass once more, in loops over single numbers, after the papers and not after our code."""

    def mapped(row: Sequence[float], name: str) -> list[float]:
        pairs = zip(arrays[f"{name}.weight"].tolist(), arrays[f"{name}.bias"].tolist(), strict=True)
        return [sum(w * x for w, x in zip(weights, row, strict=True)) + bias for weights, bias in pairs]

    def normed(row: Sequence[float], name: str) -> list[float]:
        mean = sum(row) / len(row)
        spread = math.sqrt(sum((x - mean) ** 2 for x in row) / len(row) + 1e-12)
        pairs = zip(row, arrays[f"{name}.weight"].tolist(), arrays[f"{name}.bias"].tolist(), strict=True)
        return [(x - mean) / spread * weight + bias for x, weight, bias in pairs]

    def added(one: Sequence[float], other: Sequence[float]) -> list[float]:
        return [a + b for a, b in zip(one, other, strict=True)]

    def attended(rows: list[list[float]], at: str) -> list[list[float]]:
        asked, keys, values = ([mapped(row, f"{at}.self.{part}") for row in rows] for part in ("query", "key", "value"))
        size = tiny_model.SIZE // tiny_model.HEADS
        found: list[list[float]] = [[] for _ in rows]
        for first, last in pairwise(range(0, tiny_model.SIZE + 1, size)):
            for place, query in enumerate(asked):
                scores = [
                    math.exp(
                        sum(a * b for a, b in zip(query[first:last], key[first:last], strict=True)) / math.sqrt(size)
                    )
                    for key in keys
                ]
                found[place] += [
                    sum(score * value[column] for score, value in zip(scores, values, strict=True)) / sum(scores)
                    for column in range(first, last)
                ]
        return found

    words, places = (arrays[f"embeddings.{name}_embeddings.weight"].tolist() for name in ("word", "position"))
    segment = arrays["embeddings.token_type_embeddings.weight"][0].tolist()
    rows = [
        normed(added(added(words[number], places[place]), segment), "embeddings.LayerNorm")
        for place, number in enumerate(numbers)
    ]
    for layer in range(tiny_model.LAYERS):
        at = f"encoder.layer.{layer}"
        seen = [mapped(row, f"{at}.attention.output.dense") for row in attended(rows, f"{at}.attention")]
        rows = [normed(added(a, b), f"{at}.attention.output.LayerNorm") for a, b in zip(rows, seen, strict=True)]
        wide = [
            [x / 2 * (1 + math.erf(x / math.sqrt(2))) for x in mapped(row, f"{at}.intermediate.dense")] for row in rows
        ]
        narrow = [mapped(row, f"{at}.output.dense") for row in wide]
        rows = [normed(added(a, b), f"{at}.output.LayerNorm") for a, b in zip(rows, narrow, strict=True)]
    return rows


def test_the_plain_forward_pass_is_that_of_the_papers() -> None:
    arrays = tiny_model.arrays()
    for numbers in NUMBERS[:2]:
        assert np.abs(tiny()(numbers) - np.array(_by_hand(arrays, numbers))).max() < 1e-5


@pytest.mark.parametrize("numbers", NUMBERS)
def test_the_model_in_bytes_gives_what_the_plain_pass_gives(numbers: list[int]) -> None:
    session = onnxruntime.InferenceSession(write_graph(tiny()))
    (found,) = session.run(None, {INPUT: np.array([numbers])})
    assert found.shape == (1, tiny_model.SIZE)
    assert cosine(signed_bytes(found[0]), signed_bytes(tiny()(numbers).mean(axis=0))) > 0.995


def test_the_same_weights_give_the_same_bytes() -> None:
    assert write_graph(tiny()) == write_graph(tiny())


def test_weights_lose_at_most_half_a_step_and_never_pass_the_limit() -> None:
    weights = tiny().layers[0].widening.weight
    rounded, scales = to_bytes(weights, axis=0)
    assert np.abs(rounded).max() == MOST
    assert (np.abs(rounded * scales - weights) <= scales * 0.5001).all()
    nothing, ones = to_bytes(np.zeros((3, 2), np.float32), axis=0)
    assert not nothing.any()
    assert ones.all()


def test_a_stored_vector_has_the_length_and_direction_of_its_own() -> None:
    vector = np.random.default_rng(3).normal(size=384).astype(np.float32)
    stored = np.frombuffer(signed_bytes(vector), np.int8).astype(np.int64)
    assert abs(int(stored @ stored) / VECTOR_SCALE**2 - 1) < 0.01
    assert float(stored @ vector) / np.linalg.norm(stored) / np.linalg.norm(vector) > 0.999
    assert signed_bytes(np.array([1, 0], np.float32)) == bytes([127, 0])  # the largest component that a byte holds
    assert signed_bytes(np.zeros(4, np.float32)) == b""
    assert signed_bytes(np.array([np.nan, 1], np.float32)) == b""


def test_cosines_of_what_cannot_be_compared_are_nothing() -> None:
    assert cosine(b"", b"\x01") == 0
    assert cosine(b"\x01\x02", b"\x01") == 0
    assert cosine(b"\x00", b"\x00") == 0
    assert cosine(b"\x03\x00", b"\x05\x00") == 1
    assert cosine(b"\x03\x00", b"\xfb\x00") == -1


def test_safetensors_give_back_what_was_written() -> None:
    wanted = tiny_model.arrays()
    found = read_arrays(tiny_model.safetensors(wanted), name="m")
    assert list(found) == list(wanted)
    assert all((found[name] == wanted[name]).all() for name in wanted)


@pytest.mark.parametrize(
    "data", [b"", b"\xff" * 8, b"\x02" + bytes(7) + b"{]", tiny_model.safetensors(tiny_model.arrays())[:-5000]]
)
def test_what_is_no_safetensors_file_is_named(data: bytes) -> None:
    with pytest.raises(ModelError, match=r"my\.file"):
        read_arrays(data, name="my.file")


def test_a_checkpoint_of_another_kind_is_named() -> None:
    arrays = tiny_model.arrays()
    arrays.pop("encoder.layer.1.output.dense.bias")
    with pytest.raises(ModelError, match=r"encoder\.layer\.1\.output\.dense\.bias"):
        read_bert(arrays, heads=tiny_model.HEADS)
