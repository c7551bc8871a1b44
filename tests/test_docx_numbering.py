"""Automatic list numbers of Word documents, as printed."""

from __future__ import annotations

from pathlib import Path

import pytest
from docx_build import grids, lines, p, read, tbl, tc, tr

from parsers.docx.numerals import format_number


def level(index: int, style: str, text: str, more: str = "", start: int = 1) -> str:
    return (
        f'<w:lvl w:ilvl="{index}"><w:start w:val="{start}"/><w:numFmt w:val="{style}"/>{more}'
        f'<w:lvlText w:val="{text}"/></w:lvl>'
    )


def abstract(number: int, *levels: str) -> str:
    return f'<w:abstractNum w:abstractNumId="{number}">{"".join(levels)}</w:abstractNum>'


def num(number: int, of: int, more: str = "") -> str:
    return f'<w:num w:numId="{number}"><w:abstractNumId w:val="{of}"/>{more}</w:num>'


def item(text: str, number: int = 1, depth: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


OUTLINE = abstract(
    0,
    level(0, "chineseCountingThousand", "%1、"),
    level(1, "chineseCounting", "（%2）"),
    level(2, "decimal", "%3."),
    level(3, "decimal", "%1.%3.%4", "<w:isLgl/>"),
)


def test_outline_of_a_chinese_report(tmp_path: Path) -> None:
    body = "".join(
        item(text, depth=depth)
        for text, depth in [
            ("概况", 0),
            ("预算", 1),
            ("执行", 1),
            ("细项", 2),
            ("绩效", 0),
            ("目标", 1),
            ("其一", 2),
            ("x", 3),
        ]
    )
    assert lines(read(tmp_path, body, numbering=OUTLINE + num(1, 0))) == [
        "一、概况",
        "（一）预算",
        "（二）执行",
        "1. 细项",
        "二、绩效",
        "（一）目标",
        "1. 其一",
        "2.1.1 x",
    ]


def test_restarts_shared_counters_and_overrides(tmp_path: Path) -> None:
    numbering = (
        OUTLINE
        + num(1, 0)
        + num(2, 0)
        + num(3, 0, '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="5"/></w:lvlOverride>')
        + num(4, 0, f'<w:lvlOverride w:ilvl="0">{level(0, "upperRoman", "%1)")}</w:lvlOverride>')
    )
    body = item("甲", 1) + item("乙", 2) + item("丙", 3) + item("丁", 3) + item("戊", 4) + item("己", 99)
    assert lines(read(tmp_path, body, numbering=numbering)) == ["一、甲", "二、乙", "五、丙", "六、丁", "VII) 戊", "己"]


def test_level_that_never_restarts(tmp_path: Path) -> None:
    levels = level(0, "decimal", "%1."), level(1, "lowerLetter", "%2)", '<w:lvlRestart w:val="0"/>')
    body = item("x") + item("x", depth=1) + item("x") + item("x", depth=1)
    assert lines(read(tmp_path, body, numbering=abstract(0, *levels) + num(1, 0))) == ["1. x", "a) x", "2. x", "b) x"]


def test_numbers_by_style_and_opting_out(tmp_path: Path) -> None:
    styles = (
        '<w:style w:type="paragraph" w:styleId="h2"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>'
        '<w:outlineLvl w:val="1"/></w:pPr></w:style>'
    )
    numbering = abstract(0, level(0, "decimal", "%1"), level(1, "decimal", "第%2章", '<w:pStyle w:val="h2"/>')) + num(
        1, 0
    )
    body = p("总则", '<w:pStyle w:val="h2"/>') + p(
        "附录", '<w:pStyle w:val="h2"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    )
    assert lines(read(tmp_path, body, styles=styles, numbering=numbering)) == ["第1章 总则", "附录"]


def test_serial_numbers_of_table_rows(tmp_path: Path) -> None:
    numbering = abstract(0, level(0, "decimal", "%1", '<w:suff w:val="nothing"/>')) + num(1, 0)
    body = tbl(*(tr(f"<w:tc>{item('')}</w:tc>", tc(name)) for name in ("甲", "乙", "丙")))
    (grid,) = grids(read(tmp_path, body, numbering=numbering))
    assert [cell.text for cell in grid.cells] == ["1", "甲", "2", "乙", "3", "丙"]


def test_bullets_are_left_out_but_boxes_stay(tmp_path: Path) -> None:
    fonts = '<w:rPr><w:rFonts w:ascii="Wingdings"/></w:rPr>'
    numbering = (
        abstract(0, level(0, "bullet", "\uf06c", fonts)) + abstract(1, level(0, "bullet", "\uf06f", fonts)) + num(1, 0)
    )
    body = item("要点", 1) + item("优", 2)
    assert lines(read(tmp_path, body, numbering=numbering + num(2, 1))) == ["要点", "□优"]


def test_deleted_paragraphs_do_not_count(tmp_path: Path) -> None:
    properties = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="1"/></w:rPr>'
    deleted = f'<w:p><w:pPr>{properties}</w:pPr><w:del w:id="2"><w:r><w:delText>旧</w:delText></w:r></w:del></w:p>'
    numbering = abstract(0, level(0, "decimal", "%1、")) + num(1, 0)
    assert lines(read(tmp_path, item("一") + deleted + item("二"), numbering=numbering)) == ["1、一", "2、二"]


@pytest.mark.parametrize(
    ("style", "number", "expected"),
    [
        ("chineseCountingThousand", 10, "十"),
        ("chineseCountingThousand", 21, "二十一"),
        ("chineseCountingThousand", 110, "一百一十"),
        ("chineseCountingThousand", 1005, "一千零五"),
        ("chineseCountingThousand", 20010, "二万零一十"),
        ("chineseCounting", 99, "九十九"),
        ("chineseCounting", 105, "一○五"),
        ("japaneseCounting", 111, "百十一"),
        ("ideographDigital", 20, "二〇"),
        ("chineseLegalSimplified", 12, "壹拾贰"),
        ("ideographTraditional", 3, "丙"),
        ("ideographZodiac", 12, "亥"),
        ("ideographZodiacTraditional", 60, "癸亥"),
        ("upperRoman", 1994, "MCMXCIV"),
        ("lowerLetter", 28, "bb"),
        ("decimalZero", 7, "07"),
        ("decimalFullWidth", 10, "１０"),
        ("decimalEnclosedCircleChinese", 21, "㉑"),
        ("decimalEnclosedParen", 2, "⑵"),
        ("numberInDash", 4, "- 4 -"),
        ("ordinal", 22, "22nd"),
        ("none", 3, ""),
        ("unheardOf", 3, "3"),
        ("ideographTraditional", 11, "11"),
    ],
)
def test_number_formats(style: str, number: int, expected: str) -> None:
    assert format_number(number, style) == expected
