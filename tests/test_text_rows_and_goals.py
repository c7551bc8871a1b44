"""Tables of texts joined by single blanks: rows are no wrapped lines, goals no heads, results no reasons."""

from __future__ import annotations

from pathlib import Path

from parsers.extract import extract
from schemas.records import DocumentRecords

TITLE = "2023年度水毁道路修复项目支出绩效自评表"


def read(tmp_path: Path, text: str) -> DocumentRecords:
    path = tmp_path / "form.txt"
    path.write_text(text, encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)


def rows(records: DocumentRecords) -> list[tuple[str | None, ...]]:
    (form,) = records.evaluations
    return [(row.level3, row.target_raw, row.actual_raw, row.deviation) for row in form.indicators]


def test_goals_told_right_above_the_heads_are_no_upper_row_of_them(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        f"""{TITLE}
项目资金(万元) 全年预算数(A) 全年执行数(B) 分值 执行率(B/A) 得分
年度资金总额 412 380 10 92.23% 9.22
年度绩效目标 修复水毁路段 完成情况 已完成
一级指标 二级指标 三级指标 年度指标值 全年完成值 分值 得分 未完成原因
产出指标 数量指标 修复路段 ≥14处 14处 30 30
质量指标 验收合格率 ≥95% 91% 20 19 两处返工，已复验
效益指标 社会效益指标 绕行时间 有所减少 有所减少 30 30
满意度指标 服务对象满意度指标 沿线居民满意度 ≥90% 93% 10 10
总分 100 98.22
""",
    )
    assert rows(records)[1] == ("验收合格率", "≥95%", "91%", "两处返工，已复验")
    assert len(rows(records)) == 4


def test_words_that_tell_a_result_are_no_reason(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        f"""{TITLE}
一级指标 二级指标 三级指标 指标值 全年实际完成值 未完成原因和改进措施
产出指标 数量指标 修复路段 ≥14处 14处
质量指标 验收合格率 ≥95% 91% 两处返工，已复验
效益指标 社会效益指标 绕行时间 明显减少 有所减少
可持续影响指标 养护机制 持续完善 基本达成
""",
    )
    assert rows(records)[2:] == [
        ("绕行时间", "明显减少", "有所减少", None),
        ("养护机制", "持续完善", "基本达成", None),
    ]


def test_rows_as_long_as_each_other_are_no_lines_of_a_wrapped_text(tmp_path: Path) -> None:
    lines = [
        "产出指标 数量指标 修复路段 ≥14处 14处",
        "路肩培土 ≥2600米 2650米",
        "效益指标 社会效益指标 绕行时间 明显改善 有所改善",
        "急救通达 持续改善 明显改善",
        "校车正点 长期保持 明显改善",
        "生态效益指标 边坡复绿 持续改善 明显改善",
        "满意度指标 服务对象满意度指标 沿线居民满意度 ≥90% 93%",
    ]
    heads = "一级指标 二级指标 三级指标 预期指标值 实际完成指标值"
    records = read(tmp_path, "\n".join([TITLE, heads, *lines]) + "\n")
    assert [row[0] for row in rows(records)] == [
        "修复路段",
        "路肩培土",
        "绕行时间",
        "急救通达",
        "校车正点",
        "边坡复绿",
        "沿线居民满意度",
    ]


def test_a_line_that_begins_with_a_label_of_the_form_goes_on_none(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        f"""{TITLE.replace("水毁道路修复", "")}
主管部门 柳沟县交通运输局 实施单位 柳沟县交通运输局
项目名称 水毁道路修复
预算执行情况（万元） 预算数 1139.41 执行数 1139.41
其中：省级资金 707.25 其中：省级资金 707.25
一级指标 二级指标 三级指标 预期指标值 实际完成指标值
产出指标 数量指标 修复路段 ≥14处 14处
""",
    )
    (form,) = records.evaluations
    assert (form.evaluation.project_name, form.evaluation.fiscal_year) == ("水毁道路修复", 2023)


def test_a_source_left_blank_among_pairs_does_not_part_those_below(tmp_path: Path) -> None:
    path = tmp_path / "form.html"
    pairs = [
        ("预算数", "90", "执行数", "80"),
        ("上年结转资金", "", "上年结转资金", ""),
        ("其他资金", "40", "其他资金", "35"),
    ]
    body = "".join("<tr>" + "".join(f"<td>{text}</td>" for text in pair) + "</tr>" for pair in pairs)
    heads = "<tr><td>一级指标</td><td>三级指标</td><td>指标值</td><td>完成值</td></tr>"
    row = "<tr><td>产出指标</td><td>修复路段</td><td>≥14处</td><td>14处</td></tr>"
    path.write_text(f"<p>{TITLE}（单位：万元）</p><table>{body}{heads}{row}</table>", encoding="utf-8")
    records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    (form,) = records.evaluations
    assert [(str(line.annual_budget_wanyuan), str(line.executed_wanyuan)) for line in form.funding] == [
        ("90", "80"),
        ("40", "35"),
    ]
