"""The names of WordprocessingML that matter here, and the elements that only wrap others (元素名).

Strict OOXML uses other namespace addresses for the same names; `to_transitional` rewrites such a tree once, so that
the rest of the reader knows a single set of names.
"""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from schemas.left_out import left_out

Element = Any  # lxml ships no types

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
OFFICE = "{urn:schemas-microsoft-com:office:office}"
RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
CONTENT_TYPE = "{http://schemas.openxmlformats.org/package/2006/content-types}Override"

VAL = W + "val"

_STRICT = {
    "{http://purl.oclc.org/ooxml/wordprocessingml/main}": W,
    "{http://purl.oclc.org/ooxml/officeDocument/math}": M,
}

# Elements whose children stand where they stand. Insertions and the target of a move are the accepted text.
_TRANSPARENT = frozenset(
    W + name
    for name in ("customXml", "smartTag", "ins", "moveTo", "hyperlink", "dir", "bdo", "fldSimple", "sdtContent")
)
_REMOVED = frozenset((W + "del", W + "moveFrom"))
_SDT = W + "sdt"
_ALTERNATE = MC + "AlternateContent"
_CHOICE = MC + "Choice"
_FALLBACK = MC + "Fallback"

# A reader of today's Word knows these extensions; of the others it shows the fallback.
_UNDERSTOOD = ("http://schemas.microsoft.com/", "http://schemas.openxmlformats.org/", "urn:schemas-microsoft-com:")


def to_transitional(root: Element) -> Element:
    """Rewrites a Strict OOXML tree in place to the transitional names; other trees are left alone."""
    if not str(root.tag).startswith("{http://purl.oclc.org/"):
        return root
    for element in root.iter():
        element.tag = _renamed(element.tag)
        for key in list(element.attrib):
            name = _renamed(key)
            if name != key:
                element.set(name, element.attrib.pop(key))
    return root


def _renamed(name: str) -> str:
    uri, brace, local = name.rpartition("}")
    return _STRICT.get(uri + brace, uri + brace) + local


def flat(parent: Element) -> Iterator[Element]:
    """The children of `parent` with wrappers opened: content controls, insertions, moves, links, alternate content.

    Deleted content and the prompts of unfilled content controls are left out.
    """
    stack = [iter(parent)]
    while stack:
        for element in stack[-1]:
            tag = element.tag
            if tag in _TRANSPARENT:
                stack.append(iter(element))
                break
            if tag in _REMOVED:
                continue
            if tag == _SDT:
                if not _is_prompt(element):
                    stack.append(element.iterchildren(W + "sdtContent"))
                    break
                yield from _emptied_cells(element)
            elif tag == _ALTERNATE:
                stack.append(iter(_alternative(element)))
                break
            else:
                yield element
        else:
            stack.pop()


def _is_prompt(sdt: Element) -> bool:
    """Whether a content control shows its prompt (单击此处输入文字) and not a value.

    Programs that fill a control may leave the mark of the prompt behind, so the words decide.
    """
    if not on(sdt.find(W + "sdtPr"), W + "showingPlcHdr"):
        return False
    content = sdt.find(W + "sdtContent")
    text = "" if content is None else "".join(element.text or "" for element in content.iter(W + "t"))
    return not text.strip() or left_out().is_prompt(text)


def _emptied_cells(sdt: Element) -> Iterator[Element]:
    """The cells that a content control with a prompt holds the place of, without the prompt."""
    for cell in sdt.iterfind(f"{W}sdtContent/{W}tc"):
        empty = deepcopy(cell)
        for paragraph in empty.findall(W + "p"):
            empty.remove(paragraph)
        yield empty


def _alternative(element: Element) -> Element | tuple[()]:
    """The branch of alternate content a reader of today's Word shows; exactly one, so that nothing counts twice."""
    for branch in element:
        if branch.tag == _FALLBACK:
            return branch
        if branch.tag == _CHOICE:
            needed = [branch.nsmap.get(prefix) or "" for prefix in branch.get("Requires", "").split()]
            if all(uri.startswith(_UNDERSTOOD) for uri in needed):
                return branch
    return ()


def on(element: Element | None, name: str) -> bool | None:
    """An on/off property among the children of `element`: True, False, or None when it is not stated."""
    child = None if element is None else element.find(name)
    if child is None:
        return None
    return child.get(VAL) not in ("0", "false", "off")
