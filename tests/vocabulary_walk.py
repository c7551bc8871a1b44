"""Where code decides by a Chinese word of its own: found in the syntax tree (代码里的汉字).

Messages, titles and docstrings may be Chinese; what a printed text is compared with stands in the TOML files of
`schemas`. A literal decides where it is a pattern, an operand of a comparison, an argument of a method that looks into
a text, or a member of a set.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

_PATTERN_MODULES = frozenset({"re", "regex"})
_LOOKS_INTO_TEXT = frozenset(
    (
        *("startswith", "endswith", "removeprefix", "removesuffix", "strip", "lstrip", "rstrip", "split", "rsplit"),
        *("replace", "find", "rfind", "index", "rindex", "partition", "rpartition", "count", "maketrans"),
    )
)
_SETS = frozenset({"frozenset", "set"})


def has_han(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def deciding_words(path: Path) -> list[tuple[int, str]]:
    """Line and text of every Chinese literal that decides something in a file, each once."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {(text.lineno, text.col_offset): (text.lineno, text.value) for text in _deciding(tree)}
    return sorted(found.values())


def _deciding(tree: ast.AST) -> Iterator[ast.Constant]:
    for node in ast.walk(tree):
        for part in _parts(node):
            for text in ast.walk(part):
                if isinstance(text, ast.Constant) and isinstance(text.value, str) and has_han(text.value):
                    yield text


def _parts(node: ast.AST) -> list[ast.AST]:
    """The parts of a node in which a literal decides."""
    if isinstance(node, ast.Compare):
        return [part for part in (node.left, *node.comparators) if not isinstance(part, ast.Call)]
    if isinstance(node, ast.Set):
        return list(node.elts)
    if not isinstance(node, ast.Call):
        return []
    function = node.func
    if isinstance(function, ast.Name) and function.id in _SETS:
        return list(node.args)
    if isinstance(function, ast.Attribute):
        module = function.value.id if isinstance(function.value, ast.Name) else ""
        if module in _PATTERN_MODULES or function.attr in _LOOKS_INTO_TEXT:
            return list(node.args[:1] if function.attr == "replace" else node.args)  # what replaces decides nothing
    return []
