"""Total rows and subtotals of the indicators: score, points, grade, and what else they sum up (总分行与小计行)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.document import Paragraph, Place, Problem
from parsers.interpret import head
from parsers.interpret.align import Assigned, assign
from parsers.interpret.column import Column
from parsers.interpret.concepts import LEVEL_COLUMNS
from parsers.interpret.drafts import FormDraft, HeadItem
from parsers.interpret.prose_scores import score_in_cell
from parsers.interpret.rows import Row, Slot, cell_place, row_amount
from schemas.lexicon import Lexicon, normalise
from schemas.quantities import Quantity, parse_number, parse_percent, parse_points
from schemas.records import Amount, CellPlace
from schemas.vocabulary import pattern, words

_SCORED = frozenset({"points", "score", "other_score", "deducted"})
_TOTAL_COLUMNS = ("points", "score")
_NAMES_SCORE = pattern("score_name")
_GRADE_EDGE = pattern("grade_edge")


@dataclass(slots=True)
class Totals:
    """The total row: points, score, and a grade printed beside them, with the cells they stand in."""

    points: str | None = None
    score: str | None = None
    grade: str | None = None
    cells: tuple[CellPlace, ...] = ()
    slots: tuple[Slot, ...] = ()


def worth(text: str | None) -> Quantity | None:
    """Points or a score: a number, or percentage points where the form counts so (100%)."""
    return (parse_points(text) or parse_percent(text)) if text else None


def value_of(text: str | None) -> Decimal | None:
    quantity = worth(text)
    return quantity.value if quantity else None


def with_sum_of_all(form: FormDraft, points: Decimal, lexicon: Lexicon) -> FormDraft:
    """The form with its only subtotal as its total, where nothing else is one and it sums up the `points` of all."""
    if form.totals or len(form.subtotals) != 1:
        return form
    row, columns = form.subtotals[0]
    printed = _by_column(row, columns, form.indicator_width, lexicon).get("points", ())
    is_all = points > 0 and value_of("".join(slot.text for slot in printed)) == points
    return replace(form, totals=form.subtotals, subtotals=[]) if is_all else form


def read_totals(
    form: FormDraft, items: Sequence[HeadItem], head_lines: Sequence[Paragraph], lexicon: Lexicon
) -> Totals:
    """The last total row that has numbers; else a label such as 绩效自评综合得分, or such a line."""
    found = Totals()
    for row, columns in form.totals:
        grades = [slot.text for slot in row.filled if slot.text in lexicon.grades]
        found.grade = grades[-1] if grades else found.grade
        if by_column := _by_column(row, columns, form.indicator_width, lexicon):
            found.points = "".join(s.text for s in by_column.get("points", ())) or None
            found.score = "".join(s.text for s in by_column.get("score", ())) or None
            found.cells = tuple(
                cell_place(f"total_{name}", slots, row, worth("".join(slot.text for slot in slots)))
                for name, slots in by_column.items()
                if name in _TOTAL_COLUMNS
            )
            found.slots = tuple(slot for name in _TOTAL_COLUMNS for slot in by_column.get(name, ()))
        elif told := next(_told(row, lexicon), None):
            found.score, slot = told
            found.cells = (cell_place("total_score", (slot,), row, worth(found.score)),)
            found.slots = (slot,)
            found.grade = found.grade or _grade_beside(slot.text, lexicon)
    if found.score is None:
        item = head.value_of([one for one in items if not _sums_money(one)], "total")
        line = next((line for line in head_lines if lexicon.total_in(line.text)), None)
        stated = _stated_by(item, lexicon) if item else None
        if stated is None and line is not None:
            stated = (lexicon.total_in(line.text) or "", line.place)
        if stated is not None and (quantity := parse_points(stated[0])) is not None:
            found.score, place = stated
            cell = CellPlace("total_score", place.page, place.bbox, place.locator, quantity.raw, step=quantity.width)
            found.cells = (*found.cells, cell)
        if item and found.score and not found.grade:
            found.grade = _grade_beside(item.pair.value or "", lexicon)
    return found


def _stated_by(item: HeadItem, lexicon: Lexicon) -> tuple[str, Place] | None:
    """The score beside a label of the total, alone or told in words."""
    value = head.text_of(item)
    if value and parse_points(value) is not None:
        return value, item.place
    told = score_in_cell(item.pair.label, item.pair.value or "", item.place, lexicon.longest_grades_first)
    return (told, item.place) if told else None


def _grade_beside(text: str, lexicon: Lexicon) -> str | None:
    """The grade beside a score in one cell: 99.5分（优）."""
    return next((part for part in _GRADE_EDGE.split(text) if part in lexicon.grades), None)


def _told(row: Row, lexicon: Lexicon) -> Iterator[tuple[str, Slot]]:
    """The score that a cell of a total row tells in words, with the cell: 自评总分 | 合计99.5分，等级：优."""
    for slot in row.filled[1:]:
        if told := score_in_cell(row.filled[0].text, slot.text, row.place, lexicon.longest_grades_first):
            yield told, slot


def _sums_money(item: HeadItem) -> bool:
    """Whether a label is a bare 合计: above the indicators it sums up the funds, and is no score."""
    return normalise(item.pair.label) in words("bare_sum")


def _by_column(row: Row, columns: tuple[Column, ...], width: int, lexicon: Lexicon) -> dict[str, tuple[Slot, ...]]:
    """The slots of a total row's points and score; empty where it has no number."""
    numbers = [slot for slot in row.filled if worth(slot.text) is not None]
    if not numbers:
        return {}
    both: list[tuple[Slot, ...]] = [(slot,) for slot in numbers] if len(numbers) == 2 else []
    in_order = dict(zip(_order_of(columns), both, strict=False))
    if not row.exact and len(row.slots) != len(columns):
        if len(numbers) == 1:
            return _from_the_right(row, columns) or {_single_total(row, numbers[0], columns): (numbers[0],)}
        return _full_and_reached(numbers) or _from_the_right(row, columns) or in_order
    if len(numbers) == 1 and _reaches_over_scores(numbers[0], columns):
        return {_single_total(row, numbers[0], columns): (numbers[0],)}
    assigned = assign(row, columns, lexicon, width)[0]
    placed = {name: assigned.slots(name) for name in ("points", "score") if worth(assigned.text(name)) is not None}
    if len(placed) < 2 and in_order and not _are_scores(numbers, assigned):
        return in_order  # one stands under some other head: the row is shifted, and only its order counts
    return placed or _only_number(numbers, assigned, row, columns)


def _reaches_over_scores(slot: Slot, columns: Sequence[Column]) -> bool:
    """Whether a cell stands under the heads of points and of score at once."""
    over = {column.concept for column in columns if column.start < slot.stop and slot.start < column.stop}
    return set(_TOTAL_COLUMNS) <= over


def _are_scores(numbers: Sequence[Slot], assigned: Assigned) -> bool:
    """Whether each number stands under a head of scores (单项得分 beside 折算得分, 自评分 beside 复评分)."""
    under = [
        slot
        for column, slots in zip(assigned.columns, assigned.cells, strict=True)
        for slot in slots
        if column.concept in ("score", "other_score")
    ]
    return assigned.row.exact and all(number in under for number in numbers)


def _only_number(
    numbers: Sequence[Slot], assigned: Assigned, row: Row, columns: Sequence[Column]
) -> dict[str, tuple[Slot, ...]]:
    """The only number of a total row that stands under no head of points or score, but where a name would."""
    if len(numbers) != 1:
        return {}
    named = _NAMES_SCORE.search(row.filled[0].text) is not None
    only_scores = not any(column.concept == "points" for column in columns)
    under_name = only_scores or any(numbers[0] in assigned.slots(level) for level in LEVEL_COLUMNS)
    return {_single_total(row, numbers[0], columns): (numbers[0],)} if named or under_name else {}


def _full_and_reached(numbers: Sequence[Slot]) -> dict[str, tuple[Slot, ...]]:
    """Three numbers or more of which the first is the highest and all others are alike: points, and the score twice."""
    values = [value_of(slot.text) or Decimal(0) for slot in numbers]
    alike = len(numbers) > 2 and len(set(values[1:])) == 1 and values[0] > values[1]
    return {"points": (numbers[0],), "score": (numbers[1],)} if alike else {}


def _order_of(columns: Sequence[Column]) -> list[str]:
    """Points and score as the table has them; points first where it does not tell."""
    order = [column.concept for column in columns if column.concept in ("points", "score")]
    return order if len(order) == 2 else ["points", "score"]


def _from_the_right(row: Row, columns: Sequence[Column]) -> dict[str, tuple[Slot, ...]]:
    """Figures of a total row of a sequence, whose label reaches over the level columns: counted from the right.

    Empty where some figure would stand under no head of figures: then blanks are missing, too, and the figures stand
    for the heads of figures in order, where there are as many.
    """
    rest = list(zip(reversed(row.slots[1:]), reversed(columns), strict=False))
    figures = [(slot, column) for slot, column in rest if slot.text]
    if len(row.slots) <= len(columns) and all(column.concept in _SCORED for _, column in figures):
        counted: dict[str, tuple[Slot, ...]] = {column.concept: (slot,) for slot, column in figures}
        return {} if _above_full(counted) else counted
    heads = [column.concept for column in columns if column.concept in _SCORED]
    numbers = [slot for slot in row.filled if parse_points(slot.text) is not None]
    if len(numbers) > 2 and len(numbers) == len(heads) == len(row.filled) - 1:
        return {concept: (slot,) for concept, slot in zip(heads, numbers, strict=True)}
    return {}


def _above_full(counted: Mapping[str, tuple[Slot, ...]]) -> bool:
    """Whether the score would be above the points: then the figures stand under other heads."""
    points, score = (value_of(counted[name][0].text) if name in counted else None for name in _TOTAL_COLUMNS)
    return points is not None and score is not None and score > points


def _single_total(row: Row, slot: Slot, columns: Sequence[Column]) -> str:
    """One number in a total row of a sequence: by its index where the row is whole, else points when it is 100."""
    concepts = [column.concept for column in columns]
    if "points" not in concepts or _NAMES_SCORE.search(row.filled[0].text):
        return "score"
    if "score" not in concepts:
        return "points"
    quantity = worth(slot.text)
    return "points" if quantity is not None and quantity.value == 100 else "score"


def sums_out_of_place(form: FormDraft, totals: Totals, lexicon: Lexicon) -> list[Problem]:
    """Figures of total rows beside those read, under a head of words (偏差原因): a cell too many has moved them."""
    found = []
    for row, columns in form.totals if totals.slots else ():
        assigned = assign(row, columns, lexicon, form.indicator_width)[0]
        for slot in assigned.slots("deviation"):
            if slot.own and slot not in totals.slots and parse_number(slot.text) is not None:
                text = f"{row.place.locator}：总分一行的“{slot.text}”印在文字一栏，各数归入哪一列并不确定，请核对原文。"
                found.append(Problem("stray_cell", text, row.place))
    return found


# -- what else they sum up --------------------------------------------------------------------------------------


def sum_amounts(form: FormDraft, totals: Totals, lexicon: Lexicon) -> list[Amount]:
    """Figures of subtotals, and of total rows under heads that have no column in the dataset (扣分, 一级权重)."""
    rows = [*form.subtotals, *form.totals]
    return [
        amount for row, columns in rows for amount in _sums(row, columns, form.indicator_width, totals.slots, lexicon)
    ]


def _sums(
    row: Row, columns: tuple[Column, ...], width: int, taken: Sequence[Slot], lexicon: Lexicon
) -> Iterator[Amount]:
    heads = _heads(row, columns, width, lexicon)
    label = "/".join(slot.text for slot in row.filled if worth(slot.text) is None)
    for slot in row.filled:
        quantity = None if slot in taken else worth(slot.text)
        if quantity is None:
            continue
        yield replace(row_amount(row, [slot], quantity), label=label, measure=heads.get(slot), context="绩效指标表")


def _heads(row: Row, columns: tuple[Column, ...], width: int, lexicon: Lexicon) -> dict[Slot, str]:
    """The head over each figure of a row of sums, where it can be told."""
    if not row.exact and (counted := _from_the_right(row, columns)):
        headers = {column.concept: column.header for column in columns}
        return {slot: headers[concept] for concept, slots in counted.items() for slot in slots}
    assigned = assign(row, columns, lexicon, width)[0]
    pairs = zip(assigned.columns, assigned.cells, strict=True)
    return {slot: column.header for column, slots in pairs for slot in slots}
