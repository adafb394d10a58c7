"""Writes a BERT as an ONNX model whose arithmetic is in whole numbers of 8 bits.

Every map runs as `DynamicQuantizeMatMul`: what goes in is scaled to 8 bits by its own range at that moment; weights
have one scale an output and lie within ±63, so that no pair of products passes 16 bits on processors that add them
there (x86 without VNNI). As a range is that of all tokens together, a text must be alone in its batch.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from stayahead.encoders.builder.bert import Bert, Dense, Floats, Norm
from stayahead.encoders.builder.onnx import MICROSOFT, Graph

INPUT, OUTPUT = "input_ids", "sentence_embedding"
MOST = 63
"""The largest weight, as a whole number."""

_TO_FLOAT = 1


def write_graph(bert: Bert) -> bytes:
    """The model: `input_ids` (1 x tokens) in, the mean of the last hidden state (1 x dimensions) out.

    The same weights give the same bytes, with any version of ours: their hash names the vectors that are stored.
    """
    graph = Graph("bert")
    numbers = graph.input(INPUT, (1, "tokens"))
    values = _embedded(graph, numbers, bert)
    for layer in bert.layers:
        projections = graph.split(_mapped(graph, values, layer.attention), 3, axis=2)
        # Queries are scaled in the weights already.
        attended = graph.add("MultiHeadAttention", *projections, domain=MICROSOFT, num_heads=bert.heads, scale=1.0)
        values = _summed(graph, _mapped(graph, attended, layer.projection), values, layer.attention_norm)
        wide = graph.add("Gelu", _mapped(graph, values, layer.widening), domain=MICROSOFT)
        values = _summed(graph, _mapped(graph, wide, layer.narrowing), values, layer.norm)
    graph.add("ReduceMean", values, name=OUTPUT, axes=[1], keepdims=0)
    graph.output(OUTPUT, (1, bert.words.shape[1]))
    return graph.model()


def to_bytes(weights: Floats, *, axis: int, most: int = MOST) -> tuple[NDArray[np.int8], Floats]:
    """Whole numbers up to `most`, and the scales that give the weights back, one for each line along the axis."""
    scales = np.abs(weights).max(axis=axis, keepdims=True) / np.float32(most)
    scales[scales == 0] = 1
    return np.rint(weights / scales).astype(np.int8), scales.astype(np.float32)


def _embedded(graph: Graph, numbers: str, bert: Bert) -> str:
    table, scales = to_bytes(bert.words, axis=1, most=127)
    rows = graph.add("Cast", graph.add("Gather", graph.array(table), numbers), to=_TO_FLOAT)
    words = graph.add("Mul", rows, graph.add("Gather", graph.array(scales), numbers))
    start, second = graph.array(np.array([0])), graph.array(np.array([1]))
    tokens = graph.add("Slice", graph.add("Shape", numbers), second, graph.array(np.array([2])), start)
    places = graph.add("Slice", graph.array(bert.places), start, tokens, start)
    weight, bias = graph.array(bert.norm.weight), graph.array(bert.norm.bias)
    return graph.add(
        "LayerNormalization", graph.add("Add", words, places), weight, bias, axis=-1, epsilon=bert.norm.epsilon
    )


def _mapped(graph: Graph, values: str, dense: Dense) -> str:
    weights, scales = to_bytes(dense.weight, axis=0)
    arrays = [graph.array(weights), graph.array(scales[0]), "", graph.array(dense.bias)]
    return graph.add("DynamicQuantizeMatMul", values, *arrays, domain=MICROSOFT)


def _summed(graph: Graph, values: str, before: str, norm: Norm) -> str:
    weight, bias = graph.array(norm.weight), graph.array(norm.bias)
    return graph.add("SkipLayerNormalization", values, before, weight, bias, domain=MICROSOFT, epsilon=norm.epsilon)
