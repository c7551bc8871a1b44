"""What the printed page numbers say about pages that are not there (由页码看缺页)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.document import LeftOut, Place, Problem
from schemas.numerals import fold
from schemas.vocabulary import pattern

PAGE_NUMBER = "page_number"
"""Code under which page numbers are left out of the text."""
_OF_PAGES = pattern("page_of_pages")
_ALONE = pattern("page_alone")
_LONGEST_GAP = 20
"""Pages that may be missing between two plain numbers; where more are, another document begins."""


@dataclass(frozen=True, slots=True)
class PageNumber:
    """The number printed on a page, and of how many, where that is printed; `page` is the page it stands on."""

    page: int
    number: int
    total: int | None


def missing_pages(left_out: Sequence[LeftOut], page_count: int) -> list[Problem]:
    """One problem for each place where the page numbers printed tell that pages are missing."""
    printed = [found for left in left_out if (found := _page_number(left)) is not None]
    counted = [one for one in printed if one.total is not None]
    gaps = _of_counted(counted, page_count) if counted else _of_plain(printed)
    return [Problem("pages_missing", message, Place(f"p{page}", page)) for page, message in gaps]


def _page_number(left: LeftOut) -> PageNumber | None:
    if left.code != PAGE_NUMBER or left.place.page is None:
        return None
    text = fold(left.text)
    if match := _OF_PAGES.search(text):
        number, total = int(match[1]), int(match[2])
        return PageNumber(left.place.page, number, total) if 0 < number <= total else None
    match = _ALONE.fullmatch(text.strip())
    return PageNumber(left.place.page, int(match[1]), None) if match else None


def _of_counted(printed: Sequence[PageNumber], page_count: int) -> Iterator[tuple[int, str]]:
    """第3页 共4页: each document in the file begins with 1 and ends with its last."""
    first = printed[0]
    if first.number > first.page:
        said = f"第 {first.page} 页印着页码 {first.number}（共 {first.total} 页），之前的页不在文件中"
        yield first.page, f"{said}，内容可能缺失，请重新获取该文件。"
    for one, after in _on_other_pages(printed):
        same = one.total == after.total and after.number > one.number
        missing = (after.number - one.number) - (after.page - one.page) if same else _missing_after(one, after)
        if missing > 0:
            yield one.page, _gap(one, missing)
    missing = _missing_after(printed[-1], PageNumber(page_count + 1, 1, None))
    if missing > 0:
        yield printed[-1].page, _gap(printed[-1], missing)


def _missing_after(last: PageNumber, following: PageNumber) -> int:
    """How many pages are missing between the last number of one document and the first of the following one."""
    there = following.page - last.page - following.number
    return (last.total or last.number) - last.number - there


def _of_plain(printed: Sequence[PageNumber]) -> Iterator[tuple[int, str]]:
    """-1- -2- -4-: a number is left out that no page between could bear."""
    for one, after in _on_other_pages(printed):
        missing = (after.number - one.number) - (after.page - one.page)
        if 0 < missing <= _LONGEST_GAP:
            yield one.page, _gap(one, missing)


def _on_other_pages(printed: Sequence[PageNumber]) -> Iterator[tuple[PageNumber, PageNumber]]:
    """Each number and the next on another page: a page that shows two side by side bears two."""
    return ((one, after) for one, after in pairwise(printed) if one.page != after.page)


def _gap(last: PageNumber, missing: int) -> str:
    of = f"（共 {last.total} 页）" if last.total else ""
    return (
        f"第 {last.page} 页印着页码 {last.number}{of}，按所印页码其后缺 {missing} 页，内容可能缺失，请重新获取该文件。"
    )
