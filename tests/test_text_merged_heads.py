"""Dumped forms whose merged heads, or whose lines, came apart: read as the form that was printed."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from parsers.extract import extract
from schemas.records import DocumentRecords

HEAD = """项目支出绩效自评表 | |||||||
(2022年度) | |||||||
项目名称 | 河道保洁 |||||||
主管部门 | 云山县水务局 | 实施单位 | 云山县河道管理所 | |||||
"""


def read(tmp_path: Path, text: str) -> DocumentRecords:
    path = tmp_path / "form.txt"
    path.write_text(text, encoding="utf-8")
    return extract(path, document_id="d", source_uri="s", file_name=path.name, size_bytes=1)


def rows(records: DocumentRecords) -> list[tuple[str | None, ...]]:
    found = [one for evaluation in records.evaluations for one in evaluation.indicators]
    return [(one.level3, one.target_raw, one.actual_raw, str(one.points), str(one.score)) for one in found]


def test_heads_in_two_rows_with_merged_cells_left_out_head_their_columns(tmp_path: Path) -> None:
    text = f"""{HEAD}绩效指标 | 指标值 | 全年实际完成值 | 分值 | 得分 | |||
一级指标 | 二级指标 | 三级指标 | 符号 | 值 | 单位 | ||
产出指标 | 数量指标 | 保洁河道长度 | ≥ | 35 | 公里 | 36公里 | 25 | 25 |
质量指标 | 保洁达标率 | ≥ | 95 | % | 96% | 25 | 24 |
满意度指标 | 服务对象满意度 | 群众满意度 | ≥ | 90 | % | 91% | 20 | 20 |
"""
    assert rows(read(tmp_path, text)) == [
        ("保洁河道长度", "≥35公里", "36公里", "25", "25"),
        ("保洁达标率", "≥95%", "96%", "25", "24"),
        ("群众满意度", "≥90%", "91%", "20", "20"),
    ]


def test_cells_beyond_the_last_head_are_not_lost_in_silence(tmp_path: Path) -> None:
    text = f"""{HEAD}绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
产出指标 | 数量指标 | 保洁河道长度 | ≥35公里 | 36公里 | 25 | 25 | 7.5 | 3 |
质量指标 | 保洁达标率 | ≥95% | 96% | 25 | 25 |
"""
    records = read(tmp_path, text)
    assert records.document.status == "partial"
    assert Decimal("7.53") not in [amount.value for one in records.evaluations for amount in one.amounts]


def test_lines_of_a_row_joined_by_blanks_are_put_together(tmp_path: Path) -> None:
    text = """古建维修专项经费绩效自评表(2022年度)
项目名称 古建维修专项经费
主管部门 云山县文旅局 实施单位 云山县文物所
项目资金 年初预算数 全年预算数 全年执行数 分值 执行率 得分
(万元) 年度资金总额 29 29 27.8 10 95.86% 9
其中:当年财政拨款 29 29 27.8 10 95.86% 9
绩效指标 一级指标 二级指标 三级指标 年度 实际 分值 得分 偏差原因分析及改进措施
指标值 完成值
产出指标 数量指标 修缮处数 维修祠堂、戏台和门楼 维修祠堂、戏台和门楼
20 20
质量指标 验收通过率 100% 95% 30 25
效益指标 社会效益指标 参观人次 ≥5000人次 6000人次 40 40
"""
    records = read(tmp_path, text)
    assert rows(records) == [
        ("修缮处数", "维修祠堂、戏台和门楼", "维修祠堂、戏台和门楼", "20", "20"),
        ("验收通过率", "100%", "95%", "30", "25"),
        ("参观人次", "≥5000人次", "6000人次", "40", "40"),
    ]
    (total, _) = records.evaluations[0].funding
    assert (total.label, total.executed_wanyuan, total.unit_raw) == ("年度资金总额", Decimal("27.8"), "万元")


def test_a_score_in_the_cell_of_the_title_is_the_total(tmp_path: Path) -> None:
    text = """云山县水务局2022年度河道保洁项目支出绩效自评表（自评得分：97.5分） | | | | | | |
项目名称 | 河道保洁 | | | | | |
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
产出指标 | 数量指标 | 保洁河道长度 | ≥35公里 | 36公里 | 50 | 50 |
满意度指标 | 满意度指标 | 群众满意度 | ≥90% | 88% | 50 | 47.5 |
"""
    evaluation = read(tmp_path, text).evaluations[0].evaluation
    assert evaluation.total_score == Decimal("97.5")
    assert evaluation.title == "云山县水务局2022年度河道保洁项目支出绩效自评表"


SCRAMBLED = (
    "项目支出绩效自评表 (2021年度) 项目名称 基本公共卫生服务 主管部门 云山县卫生健康局 项目资金(万元) 年初预算数 "
    "年度资金总额 实施单位 云山县青禾镇卫生院 全年预算数 全年执行数 分值 执行率 得分 0 20.74 10 100% 10 20.74 年度 "
    "总体 目标 一级 指标 年度 实际 指标值 完成值 指标1:健康档案 3850人 指标2:教育资料 二级指标 三级指标 指标3:知识讲座 "
    "分值 得分 3744人 3 3 14种 1 1 28次 1 1 指标4:咨询活动 12次 96次 1 1 指标5:建立预防 接种证 221人 221人 2 2 "
    "指标6:0-6岁儿童管理数 208人 200人 2 1.9 指标7:报告数 指标8:签约率 14例 14例 2 2 246人 225人 2 1.7"
)


def test_of_a_form_whose_order_is_lost_only_what_is_whole_by_itself_is_read(tmp_path: Path) -> None:
    records = read(tmp_path, SCRAMBLED)
    assert rows(records) == [
        ("指标5:建立预防接种证", "221人", "221人", "2", "2"),
        ("指标6:0-6岁儿童管理数", "208人", "200人", "2", "1.9"),
    ]
    evaluation = records.evaluations[0].evaluation
    assert (evaluation.unit, evaluation.department) == ("云山县青禾镇卫生院", "云山县卫生健康局")
    assert records.document.status == "partial"
    assert "rows_lost" in [problem.code for problem in records.problems]


def test_a_second_line_of_funds_is_not_lost_behind_the_first(tmp_path: Path) -> None:
    text = (
        "项目支出绩效自评表 (2021年度) 项目名称 司法业务 主管部门 云山县司法局 实施单位 云山县司法局 年初预算数 "
        "全年预算数 全年执行数 分值 执行率 得分 年度资金总额: 62万元 62万元 62万元 10 100% 10 其中:当年财政 拨款 "
        "60万元 60万元 60万元 10 100% 10 上年结转资金 其他资金 预期目标 实际完成情况 完成业务 完成业务"
    )
    funding = read(tmp_path, text).evaluations[0].funding
    assert [(line.label, line.executed_wanyuan) for line in funding][:2] == [
        ("年度资金总额:", Decimal("62")),
        ("其中:当年财政拨款", Decimal("60")),
    ]


FOUR_BLOCKS = (
    ("2022年度预算项目绩效自评表",),
    ("项目名称", "信访维稳经费", "实施(主管)单位", "云山县信访局"),
    ("预算安排情况(调整后)", "资金到位情况", "资金执行情况", "预算执行进度(%)"),
    ("预算数", "6.84", "到位数", "6.80", "执行数", "6.50", "95.03"),
    ("其中:财政资金", "6.84", "其中:财政资金", "6.80", "其中:财政资金", "6.50"),
    (
        *("一级指标", "二级指标", "三级指标", "指标分值", "预期指标值"),
        *("单项指标实际完成值", "单项指标完成情况", "自评得分"),
    ),
    ("符号", "值", "单位(文字描述)", "单项指标得分", "权重占比(%)", "单项指标折算得分"),
    ("产出指标", "数量指标", "接待件次", "30", "≥", "500", "件", "618件", "完成", "100", "30", "30"),
    ("质量指标", "办结率", "30", "≥", "90", "%", "85%", "未完成", "95", "30", "28.5"),
    ("效益指标", "社会效益指标", "矛盾化解", "30", "文字描述", "化解", "化解", "完成", "100", "30", "30"),
    ("满意度指标", "服务对象满意度指标", "群众满意度", "10", "≥", "80", "%", "85%", "完成", "100", "10", "10"),
    ("自评总分", "98.5"),
)


@pytest.mark.parametrize(
    ("between", "end"),
    [(" | ", " | | | |\n"), (" ", "\n"), (" ", " "), ("\n", "\n")],
    ids=["bars", "blanks", "one line", "lines"],
)
def test_a_form_of_four_blocks_is_read_in_every_way_it_is_dumped(tmp_path: Path, between: str, end: str) -> None:
    records = read(tmp_path, "".join(between.join(row) + end for row in FOUR_BLOCKS))
    assert rows(records) == [
        ("接待件次", "≥500件", "618件", "30", "30"),
        ("办结率", "≥90%", "85%", "30", "28.5"),
        ("矛盾化解", "化解", "化解", "30", "30"),
        ("群众满意度", "≥80%", "85%", "10", "10"),
    ]
    (evaluation,) = records.evaluations
    whole, source = evaluation.funding
    assert (whole.label, source.label) == ("预算数", "其中:财政资金")
    assert (whole.execution_rate_pct, evaluation.evaluation.total_score) == (Decimal("95.03"), Decimal("98.5"))
    for line in (whole, source):
        money = (line.annual_budget_wanyuan, line.arrived_wanyuan, line.executed_wanyuan)
        assert money == (Decimal("6.84"), Decimal("6.80"), Decimal("6.50"))


PROSE = "本项目安排资金120万元，全部用于校舍维修，资金使用规范，群众反映良好，工程质量合格，按期完工交付使用。" * 3


def test_a_label_alone_on_its_line_has_its_value_below(tmp_path: Path) -> None:
    lines = ("绩效自评报告", "项目名称", "校舍维修", "主管部门：", "云山县教育局", "实施单位", "资金使用情况良好")
    evaluation = read(tmp_path, "\n".join((*lines, PROSE, "自评得分96分。"))).evaluations[0].evaluation
    assert (evaluation.project_name, evaluation.department, evaluation.unit) == ("校舍维修", "云山县教育局", None)


@pytest.mark.parametrize(
    ("label", "name"), [("是否涉及政府采购资金", None), ("是否为专项资金", "云山县政法转移支付资金")]
)
def test_a_value_that_ends_within_a_run_of_words_is_left_open_unless_the_next_label_is_known(
    label: str, name: str | None, tmp_path: Path
) -> None:
    glued = f"项目名称:云山县政法转移支付资金{label}:否"
    text = "\n".join(("云山县法院2021年度绩效自评报告", glued, PROSE, "自评得分96分。"))
    assert read(tmp_path, text).evaluations[0].evaluation.project_name == name


def test_a_line_that_begins_with_a_bar_goes_on_behind_a_blank_cell(tmp_path: Path) -> None:
    text = """项目支出绩效自评表 |
项目名称 | 收容所建设项目 |
主管部门 | 云山县林业局 | 实施单位 | 云山县林业局 |
项目资金 (万元) |
| 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 |
年度资金总额 |
| 32.4 | 31.69 | 10 | 97.80% | 9 |
其中:当年财政拨款 |
| 32.4 | 31.69 | 10 | 97.80% | 9 |
绩效指标 | 一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 |
产出指标 | 数量指标 | 收容所面积 | ≥200平方米 | 204平方米 | 60 | 60 |
质量指标 | 验收率 | 100% | 100% | 30 | 30 |
"""
    whole, _ = read(tmp_path, text).evaluations[0].funding
    assert (whole.initial_budget_wanyuan, whole.annual_budget_wanyuan) == (None, Decimal("32.4"))
    assert (whole.executed_wanyuan, whole.points, whole.score) == (Decimal("31.69"), Decimal(10), Decimal(9))


def test_a_report_on_the_whole_unit_that_speaks_of_its_own_project_is_a_self_evaluation(tmp_path: Path) -> None:
    told = "本项目由基本支出和项目支出构成，2021年支出799.12万元，其中人员经费434.89万元，公用经费77.4万元。"
    records = read(tmp_path, "\n".join(("部门整体支出绩效评价报告", "一、基本情况", told, told.replace("799", "798"))))
    assert [one.evaluation.kind for one in records.evaluations] == ["unit"]
    other = told.replace("本项目", "该会计师事务所认为，本项目")
    assert read(tmp_path, "\n".join(("部门整体支出绩效评价报告", other, other))).document.status == "empty"


def test_a_page_that_shows_a_users_document_is_none(tmp_path: Path) -> None:
    said = "版权说明:本文档由用户提供并上传,收益归属内容提供方,若内容存在侵权,请进行举报"
    told = "云山县档案馆2020年度项目绩效自评报告自评得分100分，专项经费预算10万元，实际支出10万元，执行率100%。"
    assert read(tmp_path, "\n".join(("全文预览已结束", said, told, PROSE))).document.status == "empty"
