"""What of a page is not the article: navigation, footer, the site's notes (网页框架).

Nothing is looked for but what marks furniture: links only, names of elements, known words. Everything else stays, so
that no part of an article is lost. What a site notes about an article as its source is kept as a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import lxml.etree

from parsers.html.tree import BLOCKS, ElementContent, body_of, measure, outermost, squeezed, take_out
from parsers.html.words import PageWords, page_words
from parsers.zipped import Element

_FRAMES = frozenset(("nav", "footer", "aside", "menu"))
_LISTS = frozenset(("ul", "ol", "dl", "div", "table", "td", "tr", "tbody", "p", "section", "header", "center", "li"))
_HEADINGS = ("h1", "h2")
_MAIN_SHARE = 0.4
"""An element with more of the page's text than this holds the article, whatever it is called."""
_LINK_SHARE = 0.6
_FEW_LINKS = 2
_SMALL = 300
"""Characters of the largest element that is dropped as a whole for a footer's line in it."""
_FACT_TABLE = 12
"""Most rows of a table of the site's notes."""
_FACT_CELLS = 2
"""Most cells of a row that is a line of notes and no row of data."""
_DATA_COLUMNS = 3
_LISTED_NOTES = 3
"""Fewest notes below each other that are a list of the site's."""
_BETWEEN_NAMES = re.compile(r"[|｜_—–]+|\s-+\s|--+")
_SHORTEST_TITLE = 4


def remove_furniture(root: Element) -> list[str]:
    """Takes the furniture out of a page; returns what the site says of the article's source, as lines."""
    words = page_words()
    _Pruning(root, words).run()
    return list(_take_facts(root, words))


class _Pruning:
    """One pass over a page. Lengths are those of the whole page, from before anything is taken out."""

    def __init__(self, root: Element, words: PageWords) -> None:
        self._root = root
        self._body = body = body_of(root)
        self._words = words
        self._sizes: dict[Element, ElementContent] = measure(body)
        self._total = max(1, self._sizes[body].text - self._sizes[body].linked)

    def run(self) -> None:
        for element in outermost(self._body, self._is_frame):
            self._drop(element)
        for line in outermost(self._body, self._is_footer):
            if self._is_on_page(line):
                self._drop(self._whole_footer(line))

    def _is_on_page(self, element: Element) -> bool:
        return any(one is self._body for one in element.iterancestors())

    def _share(self, element: Element) -> float:
        size = self._sizes[element]
        return (size.text - size.linked) / self._total

    def _is_frame(self, element: Element) -> bool:
        if not isinstance(element.tag, str) or self._share(element) > _MAIN_SHARE:
            return False
        if element.tag in _FRAMES or self._words.names_frame(element.get("class"), element.get("id")):
            return not self._is_table(element)
        return self._is_link_list(element) or self._is_frame_line(element)

    def _is_table(self, element: Element) -> bool:
        """Whether rows of data stand in it: a careless class name does not make them navigation."""
        return any(len(row) >= _DATA_COLUMNS for row in element.iter("tr")) and not self._is_link_list(element)

    def _is_link_list(self, element: Element) -> bool:
        size = self._sizes[element]
        return element.tag in _LISTS and size.links >= _FEW_LINKS and size.linked >= size.text * _LINK_SHARE

    def _is_frame_line(self, element: Element) -> bool:
        size = self._sizes[element].text
        return 0 < size <= 120 and element.tag in BLOCKS and self._words.is_frame(squeezed(element))

    def _is_footer(self, element: Element) -> bool:
        """Whether an element is a short one with a line of the site's footer."""
        if element.tag not in BLOCKS or not 0 < self._sizes[element].text <= _SMALL:
            return False
        return self._words.is_footer(squeezed(element)) and not self._is_table(element)

    def _whole_footer(self, line: Element) -> Element:
        """The largest element around a footer's line that holds little else."""
        found = line
        for parent in line.iterancestors():
            size = self._sizes.get(parent)
            too_much = size is None or size.text - size.linked > _SMALL or self._share(parent) > _MAIN_SHARE
            if parent is self._body or too_much or self._is_table(parent):
                break
            found = parent
        return found

    def _drop(self, element: Element) -> None:
        """Takes an element out, but for the page's headings in it, which the article keeps."""
        parent = element.getparent()
        for heading in [one for name in _HEADINGS for one in element.iter(name) if one is not element]:
            if self._sizes[heading].linked == 0 and len(squeezed(heading)) > 4:
                heading.tail = None
                parent.insert(parent.index(element), heading)
        take_out(self._root, [element])


def _take_facts(root: Element, words: PageWords) -> Iterator[str]:
    """Takes out the lines and small tables with the site's notes on the article."""
    yield from _take_lists(root, words)
    body = body_of(root)
    for read, elements in ((_fact_table, list(body.iter("table"))), (_fact_line, list(_leaf_blocks(body)))):
        for element in elements:
            facts = read(element, words)
            if facts:
                source = words.source(facts)
                if source:
                    yield source
                take_out(root, [element])


def _take_lists(root: Element, words: PageWords) -> Iterator[str]:
    """Takes out notes that stand one below another, a line each (索引号：… / 发布机构：… / 发文日期：…)."""
    body = body_of(root)
    for parent in dict.fromkeys(leaf.getparent() for leaf in _leaf_blocks(body) if leaf is not body):
        notes = [one for one in parent if one.tag in BLOCKS and words.is_note(_spaced(one))]
        if len(notes) < _LISTED_NOTES or not any(words.facts(_spaced(one)) for one in notes):
            continue
        source = words.source(fact for one in notes for fact in words.notes(_spaced(one)))
        if source:
            yield source
        take_out(root, notes)


def _spaced(element: Element) -> str:
    """The text of an element, a blank between those in it: each fact often has one of its own."""
    return " ".join(" ".join(element.itertext()).split())


def _fact_line(element: Element, words: PageWords) -> list[tuple[str, str]]:
    return words.facts(_spaced(element))


def _fact_table(table: Element, words: PageWords) -> list[tuple[str, str]]:
    """Label and value of a table of notes (索引号 | 发布机构 | 发文日期), empty where it is none."""
    rows = list(table.iter("tr"))
    if len(rows) > _FACT_TABLE or next(table.iterdescendants("table"), None) is not None:
        return []
    cells = [squeezed(cell).rstrip(":：") for row in rows for cell in row if cell.tag in ("td", "th")]
    labels = [index for index, text in enumerate(cells) if words.metadata.fullmatch(text + "：")]
    if len(labels) < 3 or len(labels) * 3 < len([text for text in cells if text]):
        return []
    return [(cells[index], cells[index + 1]) for index in labels if index + 1 < len(cells) and index + 1 not in labels]


def _leaf_blocks(body: Element) -> Iterator[Element]:
    """Blocks without blocks in them, outside tables of data."""
    walk = lxml.etree.iterwalk(body, events=("start",))
    for _, element in walk:
        if element.tag == "tr" and sum(1 for cell in element if cell.tag in ("td", "th")) > _FACT_CELLS:
            walk.skip_subtree()
        elif element.tag in BLOCKS and not any(child.tag in BLOCKS for child in element.iterdescendants()):
            yield element


def start_at_heading(root: Element, title: str) -> None:
    """Takes out what stands before the article's heading, where the page has one and no table stands before it."""
    heading = _heading(body_of(root), title)
    if heading is None:
        return
    around = {heading, *heading.iterancestors()}
    before: list[Element] = []
    walk = lxml.etree.iterwalk(body_of(root), events=("start",))
    for _, element in walk:
        if element is heading:
            break
        if element not in around and element.tag in BLOCKS:
            if any(len(row) >= _DATA_COLUMNS for row in element.iter("tr")):
                return
            before.append(element)
            walk.skip_subtree()
    take_out(root, before)


def _heading(body: Element, title: str) -> Element | None:
    """The page's one h1, or the one that its title names; else the first line that is its title."""
    found = [one for one in body.iter("h1") if len(squeezed(one)) > 4]
    named = [one for one in found if title and squeezed(one) in title]
    chosen = named or found
    if len(chosen) == 1 or named:
        return chosen[0]
    wanted = "".join(title.split())
    return next((one for one in _leaf_blocks(body) if wanted and squeezed(one) == wanted), None)


def title_of(root: Element, words: PageWords) -> str:
    """The article's title as the page's head states it, empty where it states none."""
    for meta in root.iter("meta"):
        if (meta.get("name") or meta.get("property") or "").lower() in words.title_meta and meta.get("content"):
            return str(meta.get("content")).strip()
    element = root.find(".//title")
    text = "" if element is None else " ".join((element.text or "").split())
    return _without_site(text, words)


def _without_site(text: str, words: PageWords) -> str:
    """A page's title without the name of the site in front of it or behind it."""
    parts = [part.strip() for part in _BETWEEN_NAMES.split(text)]
    kept = [part for part in parts if part and not part.endswith(words.site_names)]
    title = kept[0] if kept else ""
    return "" if title.lower() in words.no_titles or len(title) < _SHORTEST_TITLE else title


def source_of(root: Element, words: PageWords) -> str | None:
    """What the page's head says of the article's source, as a line."""
    for meta in root.iter("meta"):
        if (meta.get("name") or "").lower() in words.source_meta and meta.get("content"):
            return words.source([("来源", str(meta.get("content")).strip())])
    return None
