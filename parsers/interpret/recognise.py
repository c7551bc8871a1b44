"""What single rows and lines are: numbers, totals, labels, headings (逐行识别)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import zip_longest
from typing import Literal

import regex

from parsers.interpret.align import Assigned
from parsers.interpret.column import Column
from parsers.interpret.concepts import BUDGETS, LEVEL_COLUMNS, MONEY_COLUMNS
from parsers.interpret.rows import Row, Slot
from parsers.interpret.titles import title_parts
from schemas.lexicon import Lexicon, normalise, squeeze
from schemas.quantities import is_blank, parse_money, parse_number, parse_percent, parse_points
from schemas.traditional import simplified
from schemas.vocabulary import names_any, pattern, words

PAIR_COLUMNS = frozenset({*MONEY_COLUMNS, "other_money", "execution_rate", "other_rate", "points", "score"})
"""Concepts that may stand as a label beside their figure (`预算数： | 100`)."""
HEAD_LINE = 45
"""Characters of the longest line of a head: a year, a unit, an office."""
_GOAL_LABEL = 14
"""Characters of the longest label of a goal."""
_RESULTS = frozenset({"target", "actual"})
"""In a funding table these are words about a line (任务1 | 完成情况), not what it is called."""
_NOT_LABELS = frozenset({"unknown", "criteria", *_RESULTS})
"""Concepts of columns before the figures that say something of a line beside its label (指标文号 | 资金来源)."""
_BEFORE_FIGURES = _NOT_LABELS | {"blank", "side", "levels", "level3", "funding_label", "spending_label", "name"}
_ENDS_IN_TABLE = pattern("ends_in_table")
_CONTINUED = pattern("continued_table")
_TITLE_NOUN = pattern("title_noun")
_NUMBERED = pattern("list_number")
_NO_TITLE = pattern("as_follows")
_FILE_MARK = pattern("file_mark")


def is_title(text: str, lexicon: Lexicon) -> bool:
    """A short line with a title word, not numbered like a heading, not a sentence."""
    if len(text) > 60 or _NUMBERED.match(text) or regex.search(r"[。；;，,：:]", text.rstrip("：:")):
        return False
    if _NO_TITLE.search(simplified(text)) or simplified(text).startswith(words("publication_label")):
        return False
    if (lexicon.key(text) and title_parts(text) is None) or not _TITLE_NOUN.search(simplified(text)):
        return False
    return lexicon.title_has("words", text)


def names_table(text: str, lexicon: Lexicon) -> bool:
    """Whether a line is the name of a table: it ends in 表 and is no heading, label or sentence; 续表 names none."""
    text = _FILE_MARK.sub("", text)  # 附件2：项目支出绩效自评表
    if len(text) > HEAD_LINE or regex.search(r"[。；;，,：:]", text) or _NUMBERED.match(text):
        return False
    if _CONTINUED.fullmatch(text):
        return False
    return bool(_ENDS_IN_TABLE.search(text)) and not lexicon.key(text)


def is_indicator(assigned: Assigned) -> bool:
    """A row with a name and with points or a score: an indicator whatever its first word (绩效目标, 资金投入)."""
    numbers = [assigned.text("points"), assigned.text("score")]
    return bool(assigned.text("level3")) and any(parse_points(text) is not None for text in numbers)


def is_total(assigned: Assigned) -> bool:
    """An unlabelled total row: nothing but numbers under points and score (总分行可无标签)."""
    numbers = ["".join(slot.text for slot in assigned.slots(c) if slot.own) for c in ("points", "score")]
    if not any(parse_points(text) is not None for text in numbers):
        return False
    names = [assigned.text(c) for c in ("level3", "target", "actual") if any(s.own for s in assigned.slots(c))]
    names += [slot.text for slot in assigned.slots("criteria") if slot.own and not is_figure(slot.text)]
    own_levels = [s.text for c in ("level1", "level2") for s in assigned.slots(c) if s.own]
    return not any(names) and not any(own_levels) and not assigned.strays and len(assigned.filled) <= 3


def is_subtotal(assigned: Assigned, lexicon: Lexicon) -> bool:
    """A row that adds up the rows of a level above it (小计): no indicator, and not the form's total."""
    words = [slot.text for slot in assigned.filled if not is_figure(slot.text)]
    levels = [slot.text for concept in LEVEL_COLUMNS for slot in assigned.slots(concept)]
    stated = any(text not in levels and lexicon.key(text) != "subtotal" for text in words)
    return not stated and any(lexicon.key(text) == "subtotal" for text in words)


def funding_label(assigned: Assigned, lexicon: Lexicon) -> str:
    """The label of a funding row: the texts before the money columns, without the vertical side label.

    Where those are blank, words under a head nobody listed, or one that numbers rows (行次) or cites papers (指标文号),
    are the label; figures under such a head never are. A line
    that has nothing but the name of the block (项目资金) goes by it.
    """
    places = (("label", "side"), ("unknown",), ("sequence",), ("criteria",))
    own = (_label_under(place, assigned, lexicon, tall=False) for place in places)
    tall = (_label_under(place, assigned, lexicon, tall=True) for place in places)
    found = next(filter(None, (*own, *tall)), "")
    slots = (*assigned.slots("label"), *assigned.slots("unknown"))
    return found or next((slot.text for slot in slots if slot.own and _names_block(slot.text, lexicon)), "")


def _label_under(concepts: tuple[str, ...], assigned: Assigned, lexicon: Lexicon, *, tall: bool) -> str:
    """The label that stands under heads of those concepts, with the side labels that reach over more rows if `tall`."""
    parts: list[Slot] = []
    for column, slots in zip(assigned.columns, assigned.cells, strict=True):
        if column.concept in MONEY_COLUMNS:
            break
        for slot in slots if column.concept in concepts else ():
            is_tall = assigned.row.grid.geometry == "spans" and slot.cell.row_span > 1
            if slot.own and _is_label(slot.text, lexicon) and (tall or not is_tall):
                parts.append(slot)
    single = [slot for slot in parts if slot.cell.row_span == 1]
    if single and assigned.row.grid.geometry == "slots":
        # Where no rule says in which row a side label begins, it is the one that reaches over more rows.
        parts = single
    alone = [slot for slot in parts if not _is_repeated(slot, assigned.row)] if len(parts) > 1 else parts
    return "".join(_without_block(list(dict.fromkeys(slot.text for slot in alone or parts)), lexicon))


def _without_block(texts: list[str], lexicon: Lexicon) -> list[str]:
    """The texts of a label, without the name of its block where it stands beside a source: there it has lost the rows
    it reached over."""
    own = [text for text in texts if not _names_block(text, lexicon)]
    is_cut = lexicon.is_funding_total("".join(texts))
    return own if any(map(lexicon.knows_source, own)) and not is_cut else texts


def _is_repeated(slot: Slot, row: Row) -> bool:
    """Whether a text stands in the row above or below as well, in the same place: a side label put into every row."""
    beside = (cell for cell in row.grid.cells if cell.col == slot.start and abs(cell.row - row.index) == 1)
    return any(squeeze(cell.text) == slot.text for cell in beside)


def _is_label(text: str, lexicon: Lexicon) -> bool:
    """Whether a cell before the money columns names its row: no figure, and not the name of the whole block."""
    if not normalise(text) or is_blank(text) or is_figure(text):
        return False
    return lexicon.is_funding_total(text) or not _names_block(text, lexicon)


def _names_block(text: str, lexicon: Lexicon) -> bool:
    """Whether a text is the vertical label of rows (项目资金, 资金来源), not the label of one."""
    return lexicon.key(text) == "funding" or lexicon.column(text) == "funding_label"


def without_side_cell(row: Row, columns: tuple[Column, ...], lexicon: Lexicon) -> Row:
    """A row of a sequence without the cell of a vertical label (资金来源) that the header has no cell for."""
    first = row.slots[0]
    extra = not row.exact and len(row.slots) == len(columns) + 1 and columns[0].concept == "label"
    side = not first.text or (_names_block(first.text, lexicon) and not lexicon.is_funding_total(first.text))
    return replace(row, slots=row.slots[1:]) if extra and side and not is_figure(row.slots[1].text) else row


def with_label_column(row: Row, columns: tuple[Column, ...], lexicon: Lexicon) -> tuple[Column, ...]:
    """The columns of a block that begin with money by their heads, over a row that begins with words: these are labels.

    A sequence has lost the blank over them; elsewhere their head only names the block: 年度预算资金 | 预算数 | 执行数.
    """
    if columns[0].concept not in MONEY_COLUMNS:
        return columns
    if not row.exact:
        return (Column(0, 0, "label", ()), *columns) if lexicon.knows_source(row.slots[0].text) else columns
    first, label = row.slots[0], replace(columns[0], concept="label", inferred=True)
    tells_budget = any(column.concept in BUDGETS for column in columns[1:])
    is_word = not (is_blank(first.text) or is_figure(first.text))
    return (label, *columns[1:]) if tells_budget and is_word and first.start == label.start else columns


@dataclass(frozen=True, slots=True)
class MoneyPair:
    """A label of money with its value; `heading` is the name of the block that stands before the label in its row."""

    label: Slot
    value: Slot | None
    heading: str = ""


def pair_concept(label: str, lexicon: Lexicon) -> str | None:
    """The column that a label beside its figure stands for; None where it names none of money, rates or points."""
    if label in words("bare_budget"):
        return "annual_budget"
    if label in words("bare_spending"):
        return "executed"
    found = lexicon.column(label) or ""
    concept = lexicon.column_stands_for(found) or found
    return concept if concept in PAIR_COLUMNS else None


def money_pairs(row: Row, lexicon: Lexicon) -> list[MoneyPair]:
    """The row's labels of money with their values where there are any, or nothing when anything else stands there."""
    pairs: list[MoneyPair] = []
    heading = ""
    for slot, following in zip_longest(row.filled, row.filled[1:]):
        names_block = lexicon.key(slot.text) == "funding" and not lexicon.is_funding_total(slot.text)
        if names_block and not (following and is_figure(following.text)):
            heading = slot.text
        elif inside := _pair_inside(slot, heading, lexicon):
            pairs.append(inside)
            heading = ""
        elif _labels_money(slot.text, lexicon):
            pairs.append(MoneyPair(slot, None, heading))
            heading = ""
        elif pairs and pairs[-1].value is None and (is_blank(slot.text) or is_figure(slot.text)):
            pairs[-1] = replace(pairs[-1], value=slot)
        else:
            return []
    return pairs


def _pair_inside(slot: Slot, heading: str, lexicon: Lexicon) -> MoneyPair | None:
    """A label of money and its figure in one cell (预算金额（万元）：230.00)."""
    label, colon, value = slot.text.replace(":", "：").partition("：")
    if not (colon and is_figure(value) and pair_concept(label, lexicon)):
        return None
    return MoneyPair(slot._replace(text=label), slot._replace(text=value), heading)


def labels_inside(assigned: Assigned, lexicon: Lexicon) -> dict[int, Slot]:
    """The labels that stand beside their figures under one head each, by column: 资金到位情况 over 到位数 | 96.3.

    One alone is the label of its row.
    """
    found: dict[int, Slot] = {}
    for index, slots in enumerate(assigned.cells):
        texts = [slot for slot in slots if slot.text]
        if len(texts) == 2 and is_figure(texts[1].text) and _labels_money(texts[0].text, lexicon):
            found[index] = texts[0]
    return found if len(found) > 1 else {}


def _labels_money(text: str, lexicon: Lexicon) -> bool:
    return pair_concept(text, lexicon) is not None or lexicon.knows_source(text)


def without_labels_inside(assigned: Assigned, lexicon: Lexicon) -> Assigned:
    """The row without such labels; they name the columns whose heads do not."""
    labels = labels_inside(assigned, lexicon)
    columns, cells = list(assigned.columns), list(assigned.cells)
    for index, label in labels.items():
        concept = pair_concept(label.text, lexicon)
        if concept in MONEY_COLUMNS and columns[index].concept not in MONEY_COLUMNS:
            columns[index] = replace(columns[index], concept=concept, inferred=True)
        cells[index] = tuple(slot for slot in cells[index] if slot is not label)
    return replace(assigned, columns=tuple(columns), cells=tuple(cells)) if labels else assigned


def label_columns(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Mark the columns before the first figure: where labels stand, and the vertical side label before it.

    Labels stand in the last column whose head is blank, a side label or says so (资金来源); a head nobody listed stays
    unknown unless it is the first.
    """
    figures = [i for i, column in enumerate(columns) if column.concept not in _BEFORE_FIGURES]
    leading = columns[: figures[0]] if figures else columns
    named = [i for i, column in enumerate(leading) if column.concept not in _NOT_LABELS]
    places = named or ([0] if leading else [])
    marked = [
        replace(column, concept="label" if index == places[-1] else "side")
        if index <= places[-1] and column.concept != "criteria"
        else column
        for index, column in enumerate(leading)
    ]
    return (*marked, *columns[len(leading) :])


def names_goal(slot: Slot, headed: bool, lexicon: Lexicon) -> Literal["goal", "goal_expected", "goal_actual"] | None:
    """A goal label behind others heads a side: … | 总体目标 | 实际完成情况; `headed` if one is headed already."""
    concept = lexicon.key(slot.text)
    if concept == "goal":
        done = names_any("goal_done", slot.text)
        return "goal_actual" if done and headed else "goal_expected" if slot.start > 0 and not done else "goal"
    if concept == "goal_expected" or concept == "goal_actual":
        return "goal_expected" if concept == "goal_expected" else "goal_actual"
    plain = normalise(slot.text)
    if names_any("goal_word", plain) and len(plain) <= _GOAL_LABEL and not pattern("goal_exclusion").search(plain):
        return "goal_actual" if names_any("goal_done", plain) else "goal_expected"
    return None


def side_alone(text: str) -> Literal["goal_expected", "goal_actual"] | None:
    """A side of the goal by a word that says nothing elsewhere: 年度目标 | 预期 | 完成."""
    if text in words("goal_side_expected"):
        return "goal_expected"
    return "goal_actual" if text in words("goal_side_actual") else None


def has_number(row: Row) -> bool:
    return any(is_figure(slot.text) for slot in row.filled)


def is_figure(text: str) -> bool:
    return parse_number(text) is not None or parse_money(text) is not None or parse_percent(text) is not None
