"""The version of the extractor (抽取程序版本).

Goes into `documents.extractor_version`: a file is read once per content and extractor version. `CODE_VERSION` is raised
with every change of code that can alter what is read from a file; a change of the words (the TOML files of this room)
shows by itself in the part behind the plus sign. Words that only checks judge by belong to the version of the rules:
what was read stays as it is.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

CODE_VERSION = "0.11.0"

JUDGED_BY = ("judgement.toml", "base_units.toml")
"""Files of words that no reader asks."""

TOLD_WITH = ("codes.toml", "codes_of_findings.toml")
"""Files of names that only people are told."""


def _words_digest() -> str:
    digest = hashlib.sha256()
    read_by = (path for path in Path(__file__).parent.glob("*.toml") if path.name not in (*JUDGED_BY, *TOLD_WITH))
    for path in sorted(read_by):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:8]


EXTRACTOR_VERSION = f"{CODE_VERSION}+{_words_digest()}"
