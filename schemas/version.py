"""The version of the extractor (抽取程序版本).

Goes into `documents.extractor_version`: a file is read once per content and extractor version. `CODE_VERSION` is raised
with every change of code that can alter what is read from a file; a change of the words (the TOML files of this room)
shows by itself in the part behind the plus sign.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

CODE_VERSION = "0.3.0"


def _words_digest() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.toml")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:8]


EXTRACTOR_VERSION = f"{CODE_VERSION}+{_words_digest()}"
