"""The version of the extractor (抽取程序版本).

Goes into `documents.extractor_version`. Raise it with every change that can alter what is read from a file: a file is
read once per content and extractor version.
"""

from __future__ import annotations

EXTRACTOR_VERSION = "0.1.0"
