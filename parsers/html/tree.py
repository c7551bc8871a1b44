"""The tree of a page as it is shown (网页的可见部分)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import lxml.etree
import lxml.html

from parsers.zipped import MAX_ELEMENTS, Element
from schemas.errors import LimitExceeded

_BLOCKS = """
    address article aside blockquote body caption center dd details dialog dir div dl dt fieldset figcaption figure
    footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol option p pre section summary table
    tbody td tfoot th thead tr ul
"""
BLOCKS = frozenset(_BLOCKS.split())
"""Elements that begin and end a line."""
FRAME = "frame-of-page"
"""Where what is shown but is no part of the article is kept."""

_UNREAD_ELEMENTS = """
    script style noscript template comment iframe object embed applet svg math canvas audio video map area rt rp del s
    strike
    head base link meta button datalist xml noframes
"""
_UNREAD = frozenset(_UNREAD_ELEMENTS.split())
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)|mso-hide\s*:\s*all|mso-element\s*:\s*comment"
    r"|text-decoration[\w-]*\s*:[^;]*line-through",
    re.IGNORECASE,
)
_UNSEEN_IN_CELL = re.compile(
    r"(?<![\w-])(?:opacity|font-size)\s*:\s*0(?:\.0*)?(?![.\d])|(?:text-indent|left|top)\s*:\s*-\d{4}", re.IGNORECASE
)
"""What makes the text of a cell unseen; elsewhere it serves animations and the setting of whole parts of a page."""
_WHITE = re.compile(r"\s*(?:#fff(?:fff)?|white|rgba?\(\s*255\s*,\s*255\s*,\s*255\b.*)\s*", re.IGNORECASE)
_INK = re.compile(r"(?<![\w-])color\s*:([^;]*)", re.IGNORECASE)
_OFFICE_CLASS = re.compile(r"(?:Mso\w*|xl\d+)")
_RULE = re.compile(r"([^{}]{1,500})\{([^{}]*)\}")
_SIMPLE = re.compile(r"(?:[a-zA-Z]*)([.#])([\w-]+)$")
_UNSEEN = "unseen"
_COMMENT = re.compile(r"/\*.*?\*/|<!--|-->", re.DOTALL)
_SPACES = re.compile(r"\s+")


def parse(text: str, name: str) -> Element:
    """The root element of a page; `name` is its file's name for messages. Raises LimitExceeded."""
    if text.count("<") > MAX_ELEMENTS:
        raise LimitExceeded(f"网页《{name}》的元素超过 {MAX_ELEMENTS} 个，超出读取上限；请只保留正文后重试。")
    parser = lxml.html.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=True
    )
    data = text.encode("utf-8", "replace")
    try:
        root = lxml.html.document_fromstring(data, parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return lxml.html.document_fromstring(b"<html><body></body></html>")
    if any("depth" in entry.message for entry in parser.error_log):
        raise LimitExceeded(f"网页《{name}》层层嵌套过深，超出读取上限；请用浏览器打开后复制正文为文本再试。")
    return root


def body_of(root: Element) -> Element:
    """The part of a page that is shown."""
    body = root.find("body")
    return root if body is None else body


def remove_hidden(root: Element) -> None:
    """Takes out what a browser does not show, and what is struck out; the text behind it stays."""
    names = _hidden_names(root)
    body = body_of(root)
    take_out(root, outermost(body, lambda element: _is_hidden(element, names)), _UNSEEN)


def outermost(body: Element, is_wanted: Callable[[Element], bool]) -> list[Element]:
    """The elements below `body` that `is_wanted` picks, none of them inside another."""
    found = []
    walk = lxml.etree.iterwalk(body, events=("start",))
    for _, element in walk:
        if element is not body and is_wanted(element):
            found.append(element)
            walk.skip_subtree()
    return found


def take_out(root: Element, elements: Iterable[Element], where: str = FRAME) -> None:
    """Moves elements out of what is read; the text behind each stays.

    They are kept in the tree: lxml needs time in the square of their number to give up a large detached part of one.
    """
    taken = next(root.iterchildren(where), None)
    if taken is None:
        taken = lxml.etree.SubElement(root, where)
    for element in elements:
        parent, before = element.getparent(), element.getprevious()
        if element.tail:
            if before is not None:
                before.tail = (before.tail or "") + element.tail
            else:
                parent.text = (parent.text or "") + element.tail
            element.tail = None
        taken.append(element)


def _is_hidden(element: Element, names: frozenset[str]) -> bool:
    if element.tag in _UNREAD or element.get("hidden") is not None:
        return True
    style = element.get("style")
    if style and _HIDDEN.search(style):
        return True
    if style and _UNSEEN_IN_CELL.search(style) and not len(element) and _in_cell(element):
        return True
    if _is_white(element) and _stands_on_paper(element):
        return True
    if names and any("." + one in names for one in (element.get("class") or "").split()):
        return True
    return bool(names) and "#" + (element.get("id") or "") in names


def _is_white(element: Element) -> bool:
    """Whether an element states white as the colour of its text."""
    stated = _INK.search(element.get("style") or "")
    ink = stated[1] if stated else element.get("color") if element.tag == "font" else None
    return bool(ink and _WHITE.fullmatch(ink))


def _stands_on_paper(element: Element) -> bool:
    """Whether text in a cell has no ground of its own: neither it nor anything around it says or may say so."""
    return _in_cell(element) and not any(map(_may_have_ground, [element, *element.iterancestors()]))


def _in_cell(element: Element) -> bool:
    return any(one.tag in ("td", "th") for one in (element, *element.iterancestors()))


def _may_have_ground(element: Element) -> bool:
    if any(element.get(name) for name in ("bgcolor", "background")) or "background" in (element.get("style") or ""):
        return True
    return any(not _OFFICE_CLASS.fullmatch(name) for name in (element.get("class") or "").split())


def _hidden_names(root: Element) -> frozenset[str]:
    """Classes (`.x`) and ids (`#y`) that the page's own style sheets hide."""
    found: set[str] = set()
    for sheet in root.iter("style"):
        for selectors, body in _RULE.findall(_COMMENT.sub("", sheet.text or "")):
            if _HIDDEN.search(body):
                matches = (_SIMPLE.match(selector.strip()) for selector in selectors.split(","))
                found.update(match[1] + match[2] for match in matches if match)
    return frozenset(found)


def frame_of(root: Element) -> list[str]:
    """The texts of what has been taken out of a page though it is shown."""
    taken = next(root.iterchildren(FRAME), ())
    texts = (" ".join(" ".join(element.itertext()).split()) for element in taken)
    return [text for text in texts if text]


@dataclass(slots=True)
class ElementContent:
    """What an element holds, white space not counted: characters, those of links, links (元素内容量)."""

    text: int = 0
    linked: int = 0
    links: int = 0


def measure(root: Element) -> dict[Element, ElementContent]:
    """The measure of every element of a tree."""
    found: dict[Element, ElementContent] = {}
    for _, element in lxml.etree.iterwalk(root, events=("end",)):
        own = found.setdefault(element, ElementContent())
        own.text += _length(element.text)
        if element.tag == "a" and element.get("href"):
            own.linked, own.links = own.text, own.links + 1
        parent = element.getparent()
        if parent is not None and element is not root:
            above = found.setdefault(parent, ElementContent())
            above.text += own.text + _length(element.tail)
            above.linked += own.linked
            above.links += own.links
    return found


def _length(text: str | None) -> int:
    return len(_SPACES.sub("", text)) if text else 0


def squeezed(element: Element) -> str:
    """All text of an element without white space."""
    return _SPACES.sub("", "".join(element.itertext()))
