"""What a person reads on a page, and what a link is called there (链接文字)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import lxml.etree

from pipeline.sourcing.links import is_file_name
from schemas.web import WEB

_ROW_TAGS = frozenset({"li", "tr", "p", "dd", "dt", "div", "td", "span", "section"})
_ROW_CHARACTERS = 200
_LABEL_CHARACTERS = 500
_UNSEEN = frozenset({"script", "style", "textarea", "template", "noscript", "head", "title", "option"})

Tree: TypeAlias = Any
"""An element of lxml, which has no types."""


def texts(element: Tree) -> Iterator[str]:
    """What a person reads, in its order; deep pages are no deep recursion."""
    skip: list[Tree] = []
    for event, node in lxml.etree.iterwalk(element, events=("start", "end", "comment")):
        if event == "comment":
            if not skip and node.tail:
                yield node.tail
        elif event == "start":
            if skip or (node.tag in _UNSEEN and node is not element):
                skip.append(node)
            elif node.text:
                yield node.text
        else:
            if skip:
                skip.pop()
            if not skip and node.tail and node is not element:
                yield node.tail


def _beginning(element: Tree, characters: int) -> str:
    """What a person reads first in `element`: a little more than `characters`, where there is so much."""
    found, length = [], 0
    for text in texts(element):
        found.append(text)
        length += len(text.strip())
        if length > characters:
            break
    return plain(" ".join(found))


def label(element: Tree) -> str:
    """What a person reads at a link: its text, whole where the page cut it; the row's where it only says “查看”."""
    text = _beginning(element, _LABEL_CHARACTERS)
    if not text:
        inner = next(iter(element.xpath(".//img/@alt | .//img/@title")), "")
        text = plain(element.get("title") or element.get("alt") or element.get("value") or str(inner))
    title = plain(element.get("title") or "")
    if title and (WEB.cut_text.search(text) or WEB.bare_labels.search(text)):
        return title
    return _row_text(element, text) if WEB.bare_labels.search(text) else text


def _row_text(element: Tree, text: str) -> str:
    """The text of the row, list entry or paragraph around `element`; its own where that says no more."""
    for around in element.iterancestors():
        if around.tag not in _ROW_TAGS:
            break
        whole = _beginning(around, _ROW_CHARACTERS)
        if len(whole) > _ROW_CHARACTERS:
            break
        rest = whole.replace(text, "").strip()
        if len(rest) > 3:
            return rest
    return text


def is_said_file(element: Tree) -> bool:
    """Whether the link itself says that it gives a file."""
    kind = element.get("type") or ""
    return element.get("download") is not None or (kind.startswith("application/") and "html" not in kind)


def titled_file(element: Tree) -> str:
    title = plain(element.get("title") or "")
    return title if is_file_name(title) else ""


def plain(text: str) -> str:
    return " ".join(text.split())
