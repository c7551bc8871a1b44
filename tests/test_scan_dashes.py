"""Tables whose rules are dashes or dots have the rules of the same table drawn whole (虚线表格)."""

from __future__ import annotations

import pytest

from parsers.scan.models import are_installed

pytestmark = pytest.mark.skipif(not are_installed(), reason="recognition is not installed")
cv2 = pytest.importorskip("cv2")
np = pytest.importorskip("numpy")

from parsers.scan.arrays import Grey  # noqa: E402
from parsers.scan.dashes import drawn_through  # noqa: E402
from parsers.scan.rules import rules_in  # noqa: E402

DPI = 200.0


def table(on: float, off: float, thick: int, blur: float) -> Grey:
    """Seven rows by five columns of figures."""
    page = np.full((640, 1100), 255, np.uint8)
    for view, at, end in ((page, range(100, 521, 60), 1000), (page.T, range(100, 1001, 180), 520)):
        for pos in at:
            start = 100.0
            while start < end:
                view[pos : pos + thick, round(start) : round(min(start + on, end))] = 0
                start += on + off
    for row in range(7):
        for column in range(5):
            place = (110 + column * 180, 142 + row * 60)
            cv2.putText(page, "85.5", place, cv2.FONT_HERSHEY_SIMPLEX, 0.9, 0, 2, cv2.LINE_AA)
    return cv2.GaussianBlur(page, (0, 0), blur)


@pytest.mark.parametrize("dash", [(8.3, 5.5), (8.3, 8.3), (2.8, 2.8), (3.0, 5.0), (16.0, 8.0)])
def test_dashes_in_line_are_a_rule(dash: tuple[float, float]) -> None:
    page = table(*dash, 2, 0.6)
    rules, print_ = drawn_through(page, page, DPI)
    found = [rule.orientation for rule in rules_in(rules, DPI).rules]
    assert (found.count("h"), found.count("v")) == (8, 6)
    assert (print_ == rules).all()


def test_whole_rules_and_print_stay_as_they_are() -> None:
    page = table(2000.0, 1.0, 2, 0.6)
    assert drawn_through(page, page, DPI)[0] is page


def test_uneven_strokes_in_line_are_no_rule() -> None:
    page = np.full((300, 900), 255, np.uint8)
    for start, length in ((50, 20), (82, 6), (95, 28), (131, 9), (148, 30), (190, 5), (204, 24), (240, 12), (260, 33)):
        for again in (0, 260, 520):
            page[150:152, start + again : start + again + length] = 0
    assert drawn_through(page, page, DPI)[0] is page


def test_a_row_of_strokes_with_print_around_it_is_no_rule() -> None:
    page = np.full((300, 900), 255, np.uint8)
    for start in range(50, 800, 14):
        page[150:152, start : start + 8] = 0
        page[154:160, start : start + 3] = 0
    assert drawn_through(page, page, DPI)[0] is page
