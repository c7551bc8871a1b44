"""The recognition models, which ship inside an installed package (识别模型).

The weights are PP-OCRv6-small (Apache-2.0), taken as files from the rapidocr package; none of its code runs. Nothing is
fetched at run time. One session of each model a process, one thread each: two processes beat two threads.
"""

from __future__ import annotations

import functools
import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

MODELS_VERSION = "PP-OCRv6-small"
"""Part of the name under which readings are kept: other weights, other readings."""
_PACKAGE = "rapidocr"
_DETECTION = "PP-OCRv6_det_small.onnx"
_RECOGNITION = "PP-OCRv6_rec_small.onnx"
_NEEDED = (_PACKAGE, "onnxruntime", "cv2")


class Session(Protocol):
    """What is used of an ONNX Runtime session."""

    def run(self, output_names: None, inputs: dict[str, Floats]) -> list[Floats]: ...


@dataclass(frozen=True, slots=True)
class Models:
    """Both models of this process; `alphabet[k]` is the character of the recognition's class k, "" for class 0."""

    detection: Session
    recognition: Session
    alphabet: tuple[str, ...]


@functools.cache
def are_installed() -> bool:
    """Whether what recognition needs is installed: a slim installation does without it."""
    return all(importlib.util.find_spec(name) is not None for name in _NEEDED) and _folder() is not None


@functools.cache
def models() -> Models:
    """The models, loaded when a page first needs them."""
    folder = _folder()
    assert folder is not None
    recognition, characters = _session(folder / _RECOGNITION)
    alphabet = ("", *characters.split("\n"), " ")
    detection, _ = _session(folder / _DETECTION)
    return Models(detection, recognition, alphabet)


def _session(path: Path) -> tuple[Session, str]:
    """A session on one thread, and the characters the model knows."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 3
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    known: dict[str, str] = session.get_modelmeta().custom_metadata_map
    return cast(Session, session), known.get("character", "")


@functools.cache
def _folder() -> Path | None:
    found = importlib.util.find_spec(_PACKAGE)
    places = found.submodule_search_locations if found is not None else None
    folders = [Path(place) / "models" for place in places or ()]
    return next((folder for folder in folders if (folder / _RECOGNITION).is_file()), None)
