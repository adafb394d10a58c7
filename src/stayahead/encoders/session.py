"""Runs an ONNX model on the tokens of one text. Needs onnxruntime."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from stayahead.encoders.directory import Manifest
from stayahead.encoders.quantise import signed_bytes
from stayahead.errors import ModelError

_OTHER_INPUTS: dict[str, Callable[[int], NDArray[np.int64]]] = {
    "attention_mask": lambda tokens: np.ones((1, tokens), np.int64),
    "token_type_ids": lambda tokens: np.zeros((1, tokens), np.int64),
    "position_ids": lambda tokens: np.arange(tokens, dtype=np.int64)[None],
}
"""Inputs of models of the BERT kind beside the token numbers. A text is alone in its batch, so nothing is padding."""


def open_session(path: Path, manifest: Manifest) -> Callable[[Sequence[int]], bytes]:
    """The model as a function, on one thread; the function raises `ModelError` where the model fails on a text.

    Raises:
        ModelError: onnxruntime cannot load it, or it has inputs that we do not know.
    """
    session = _session(path)
    input_names = [each.name for each in session.get_inputs()]
    unknown = [name for name in input_names if name != "input_ids" and name not in _OTHER_INPUTS]
    if "input_ids" not in input_names or unknown:
        raise ModelError(
            f"{path}: asks for {', '.join(input_names)}; a model of the BERT kind asks for input_ids and masks"
        )
    other_names = [name for name in input_names if name != "input_ids"]
    results = [session.get_outputs()[0].name]

    def vector(numbers: Sequence[int]) -> bytes:
        inputs = {name: _OTHER_INPUTS[name](len(numbers)) for name in other_names}
        try:
            (output,) = session.run(results, {"input_ids": np.array([numbers], np.int64), **inputs})
        except Exception as error:  # onnxruntime has a class of its own for each way to fail
            raise ModelError(f"{path}: fails on a text ({str(error)[:200]}); its tokenizer may be another's") from error
        return signed_bytes(_pooled(output[0], manifest))

    return vector


def _pooled(output: NDArray[np.float32], manifest: Manifest) -> NDArray[np.float32]:
    """One row made of the tokens' rows; a model whose output is one row has pooled already."""
    if output.ndim == 1:
        return output
    row: NDArray[np.float32] = output[0] if manifest.pooling == "cls" else output.mean(axis=0)
    return row


def _session(path: Path) -> Any:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    # Texts differ in length: memory planned for one length fits no other and would only be held.
    options.enable_mem_pattern = options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # as above
        raise ModelError(f"{path}: onnxruntime cannot load it ({str(error)[:200]}); make the model anew") from error
