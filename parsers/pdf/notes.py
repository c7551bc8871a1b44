"""What is noted of a PDF besides its blocks: text left out, pages not read, characters lost (读取记要)."""

from __future__ import annotations

import math
import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import regex

from parsers.document import LeftOut, Place, Problem, TextSource
from parsers.pdf.celltext import CellText, is_overprinted
from parsers.pdf.chars import codes_of, texts_of
from parsers.pdf.integrity import Integrity
from parsers.pdf.paint import Indices
from parsers.pdf.shapes import UNREADABLE, Line, PageContent, TextQuality
from schemas.lexicon import squeeze

_UNREAD_PAGES: dict[TextQuality, tuple[str, str]] = {
    "absent": ("page_without_text", "没有文字层（可能是扫描件），未安装文字识别组件，本页未读取"),
    "garbage": ("garbled_text", "的文字层与所见文字不符（乱码），未安装文字识别组件，本页未读取"),
    "damaged": ("page_damaged", "已损坏，本页未读取，请重新获取该文件"),
}
_LOST = {
    "native": ("garbled_text", "个字符没有对应的文字编码"),
    "recognised": ("unread_ink", "处墨迹未能识别"),
}
_RECOGNISED: tuple[TextQuality, ...] = ("ocr-invisible", "recognised")
_FOREIGN = regex.compile(r"\p{Han}[$¡-¦¨-¯²-´µ¶¸-¿À-ÖØ-öø-ÿ]\p{Han}")
"""A character of Western type between two Chinese ones, where no sign of units or sums (°±·×÷§) stands: what the codes
of a font that the page does not know come out as."""
_OVERPRINTED_SHOWN, _SHOWN = 5, 30
"""Cells of a page that messages name, and characters of each."""
_LOST_SHOWN = 20
"""Lost characters that a message shows."""


@dataclass(slots=True)
class Paper:
    """How the pages are filled, taken page after page: the upper margin, and what the last page has left below."""

    upper: float = math.inf
    ends_full: bool = False

    def page(self, top: float, room: float, row_heights: Sequence[float]) -> None:
        """A page whose first item begins at `top` and whose last, a table where it has rows, leaves `room` below."""
        self.upper = min(self.upper, top)
        self.ends_full = bool(row_heights) and room < self.upper + statistics.median(row_heights)

    def blank(self) -> None:
        """A page with nothing on it."""
        self.ends_full = False


@dataclass(slots=True)
class Notes:
    """Notes on the pages of the file `name`, taken while they are read."""

    name: str
    qualities: dict[int, TextQuality] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    paper: Paper = field(default_factory=Paper)
    has_empty_stream: bool = False
    """Whether a stream of the file holds nothing: it may be that of a page without text."""

    def page(self, content: PageContent) -> None:
        """What a page's text is worth, the characters nobody can name or see, and what is printed over it."""
        self.qualities[content.number] = content.text_quality
        text = "".join(texts_of(content.chars))
        if unreadable := text.count(UNREADABLE):
            code, lost = _LOST["recognised" if content.scan is not None else "native"]
            message = f"有 {unreadable} {lost}，已记为 {UNREADABLE}，请对照原件核对该页"
            self.problem(code, content.number, message)
        if content.scan is not None and content.scan.layer_differs:
            message = f"自带的隐藏文字层与图像有 {content.scan.layer_differs} 个数字不同，已按图像识别，请对照原件核对"
            self.problem("text_layer_differs", content.number, message)
        if content.shows_an_empty_table:
            message = "是图像，画有表格而没有识别出文字，请看原件是空表还是字迹不清"
            self.problem("page_without_text", content.number, message)
        if content.text_quality in _UNREAD_PAGES:
            code, message = _UNREAD_PAGES[content.text_quality]
            self.problem(code, content.number, message)
        if found := _FOREIGN.search(text):
            message = f"的“{found[0]}”中有不属于中文的字符，像是字体缺失造成的误读，请对照原件核对该页"
            self.problem("garbled_text", content.number, message)
        if content.text_quality == "blank" and self.has_empty_stream:
            message = "没有任何文字，而文件中有空的数据段，该页的内容可能缺失，请核对原件"
            self.problem("damaged_stream", content.number, message)
        if content.unseen:
            message = f"有 {content.unseen} 个字符被遮盖、裁去或与底色相同，页面上看不见，没有读取"
            self.problem("hidden_text", content.number, message)
        for number in content.cut_numbers:
            message = f"的“{number}”是被遮盖或裁去一部分的数字，只见其中几位，请核对原文"
            self.problem("number_cut", content.number, message)
        if content.pinned:
            self.problem(
                "embedded_file", content.number, f"的批注里附有文件{quoted(content.pinned)}，其中内容未在此读取"
            )
        for aside in content.asides:
            self.leave(aside.code, content.number, "".join(char.text for char in aside.chars))

    def overprinted(self, content: PageContent, cells: Iterable[CellText]) -> None:
        """Cells in which two texts are drawn upon each other; what is recognised comes from one picture."""
        if content.scan is not None:
            return
        for text in [cell.text for cell in cells if any(map(is_overprinted, cell.lines))][:_OVERPRINTED_SHOWN]:
            message = f"的“{squeeze(text)[:_SHOWN]}”有两处文字叠印在一起，各字属于哪一处未能确定，请核对原文"
            self.problem("text_overprinted", content.number, message)

    def mended(self, *pages: int) -> None:
        """Pages that are parts of one sheet: what the edge of the paper cuts on one stands on the other."""
        self.problems = [
            problem
            for problem in self.problems
            if not (problem.code == "number_cut" and problem.place and problem.place.page in pages)
        ]

    def unreadable(self, page: int) -> None:
        """A page whose layout cannot be made out, noted once its text had been taken."""
        self.qualities[page] = "damaged"
        code, message = _UNREAD_PAGES["damaged"]
        self.problem(code, page, message)

    def nothing_recognised(self) -> None:
        """A file without any text, of which pages were read from their pictures."""
        if "recognised" in self.qualities.values():
            message = f"{self.name}：各页都是图像，没有识别出任何文字，请看原件是空白页，还是图像损坏、字迹不清。"
            self.problems.append(Problem("page_without_text", message))

    def integrity(self, found: Integrity) -> None:
        """Damage to the bytes of the file, of which PDFium says nothing."""
        self.has_empty_stream = found.has_empty_stream
        if found.damaged:
            shown = "、".join(map(str, found.damaged[:_LOST_SHOWN]))
            message = (
                f"{self.name}：有 {len(found.damaged)} 段数据不完整或校验不符（对象 {shown}），"
                "其中的内容可能缺失或有误，请重新获取该文件。"
            )
            self.problems.append(Problem("damaged_stream", message))
        if found.false_table:
            message = f"{self.name}：对象索引（交叉引用表）已损坏，由程序推定找回，内容可能缺失，请重新获取该文件。"
            self.problems.append(Problem("repaired_file", message))

    def files(self, names: Sequence[str]) -> None:
        """Files inside the file: what they hold is not in this document."""
        if names:
            message = f"{self.name}：内含附件{quoted(names)}，其中内容未在此读取，请另行取出读取。"
            self.problems.append(Problem("embedded_file", message))

    def problem(self, code: str, page: int, message: str) -> None:
        """A problem of page `page`; `message` goes on after 第几页."""
        self.problems.append(Problem(code, f"{self.name}：第 {page} 页{message}。", Place(f"p{page}", page)))

    def leave(self, code: str, page: int, text: str) -> None:
        """Text of a page that is in no block, for a reason."""
        if text.strip():
            self.left_out.append(LeftOut(code, text, Place(f"p{page}", page)))

    def furniture(self, page: int, lines: Iterable[tuple[str, Line]]) -> None:
        """Page numbers and running lines."""
        for code, line in lines:
            self.leave(code, page, line.text)

    def account(self, content: PageContent, texts: Iterable[str], furniture: Sequence[tuple[str, Line]]) -> None:
        """Every character of a page is in one of its blocks or in its furniture; those in neither are said."""
        printed = _inked(texts_of(content.chars))
        read = _inked((*texts, *(line.text for _, line in furniture)))
        if np.array_equal(_in_order(printed), _in_order(read)):
            return
        if lost := Counter(printed) - Counter(read):
            shown = "".join(lost.elements())[:_LOST_SHOWN]
            self.problem(
                "characters_lost", content.number, f"有 {lost.total()} 个字符（{shown}）未能归入任何段落或表格"
            )

    @property
    def recognised_pages(self) -> tuple[int, ...]:
        """The pages whose text comes from their pictures."""
        return tuple(number for number, quality in self.qualities.items() if quality in _RECOGNISED)

    @property
    def text_source(self) -> TextSource | None:
        """Where the text of the pages came from."""
        drawn = "native" in self.qualities.values()
        recognised = bool(self.recognised_pages)
        if drawn and recognised:
            return "mixed"
        return "native" if drawn else "ocr" if recognised else None


def quoted(names: Iterable[str]) -> str:
    """Names in quotation marks, one after the other."""
    return "".join(f"“{name}”" for name in names)


def _inked(texts: Iterable[str]) -> str:
    """The characters of some texts that leave ink."""
    return "".join("".join(texts).split())


def _in_order(text: str) -> Indices:
    """The codes of a text in their order, which is quicker to compare than counts."""
    return np.sort(codes_of(text))
