"""Whole forms of many templates, as text in each dialect, understood end to end."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from parsers.extract import extract
from schemas.records import DocumentRecords, EvaluationRecords

MERGED = "<"
SICHUAN = """
2023年部门预算项目支出绩效自评表
项目名称|51000022T000000312345-乡村道路维护|<|<|<|<|<|<
主管部门|红岭县交通局|<|<|实施单位|红岭县公路站|<|<
项目预算执行情况（万元）||年初预算|调整后预算数|预算执行数|预算执行率|权重|得分|原因
|总额|120.00|150.00|135.00|90.00%|10|9.0|
|其中：财政资金|120.00|150.00|135.00|90.00%|/|/|
|其他资金|0.00|0.00|0.00|0.00%|/|/|
年度目标|预期目标|<|<|<|实际完成情况|<|<|<
|维护乡道八十公里。|<|<|<|完成维护八十二公里。|<|<|<
绩效指标|一级指标|二级指标|三级指标|指标性质|指标值|度量单位|完成值|权重|得分|未完成原因分析
|产出指标|数量指标|维护里程|≥|80|公里|82|22.5|22.5|
|||维护路段|＝|12|段|11|12.5|11.46|一段因汛期未开工
||质量指标|验收合格率|≥|95|%|96|15|15|
|效益指标|可持续影响指标|养护机制|定性|健全||健全|30|30|
|满意度指标|服务对象满意度|群众满意度|≥|90|%|92|10|10|
合计|<|<|<|<|<|<|<|100|97.96|
存在问题|无|<|<|<|<|<|<|<|<|<
"""
CHONGQING = """
2022年度部门整体绩效自评表
部门(单位)名称|江桥区文化馆|<|<|部门联系人|王某|联系电话|023-61234567|<
年初预算（万元）|<|全年（调整）预算数（万元）|<|全年执行数（万元）|<|执行率|执行率权重|执行率得分
1200.5|<|1350.25|<|1350.25|<|100%|10|10
指标名称|计量单位|指标性质|年初指标值|调整指标值|指标权重|全年完成值|指标得分|说明
举办活动场次|场|≥|50||20|52|20|
参与群众人数|万人次|≥|3.5|4|20|3.8|19|天气影响
设施完好率|%|≥|95||20|97|20|
群众满意度|%|≥|90||30|93|30|
总分|||||100||99|
"""
HUBEI = """
2021年度青石市博物馆整体绩效自评表
单位名称|青石市博物馆|<|<|填报日期|2022年3月5日
预算执行情况（万元）（20分）||预算数(A)|执行数(B)|执行率(B/A)|得分（20分*执行率）
|部门整体支出总额|800|760|95%|19
年度绩效指标|一级指标|二级指标|三级指标|年初目标值(A)|实际完成值(B)|得分
|产出指标（40分）|数量指标|文物修复件数|≥30件|32件|20
||质量指标|修复合格率|100%|100%|20
|效益指标（30分）|社会效益指标|观众人次|≥20万人次|18万人次|27
|满意度指标（10分）|服务对象满意度指标|观众满意度|≥90%|95%|10
总分|<|<|<|<|<|96
偏差大或目标未完成原因分析|观众人次受闭馆影响|<|<|<|<|<
"""
HUNAN = """
附件2-1
2023年度部门整体支出绩效自评表
预算部门名称|白沙县农业农村局|<|<|<|<|<|<
年度预算申请（万元）|||年初预算数|全年预算数|全年执行数|分值|执行率|得分
|年度资金总额||5200.10|5600.00|5488.00|10|98.00%|9.8
|按收入性质分：|<|<|<|按支出性质分：|<|<|<
|其中：一般公共预算：5000.00|<|<|<|其中：基本支出：3000.00|<|<|<
|政府性基金拨款：600.00|<|<|<|项目支出：2488.00|<|<|<
|其他资金：|<|<|<||<|<|<
年度总体目标|预期目标|<|<|<|实际完成情况|<|<|<
|稳粮增收|<|<|<|粮食增产百分之三|<|<|<
绩效指标|一级指标|二级指标|三级指标|年度指标值|实际完成值|得分|得分|偏差原因分析及改进措施
|产出指标（50分）|数量指标|粮食产量|≥20万吨|20.6万吨|25|25|
||质量指标|抽检合格率|≥98%|97.5%|25|24|部分批次不合格
|效益指标（30分）|经济效益指标|农民增收|≥5%|6%|30|30|
|满意度指标（10分）|服务对象满意度指标|农户满意度|≥90%|91%|10|10|
总分|<|<|<|<|<|100|98.8|
"""
SCORE_SHEET = """
2022年度市级财政专项资金绩效自评价评分表
项目名称：城区绿化养护
一级指标|二级指标|三级指标|分值|评分标准|目标值|实际完成值|自评得分|扣分原因
决策（15分）|项目立项|立项依据充分性|5|符合得满分，否则不得分|充分|充分|5|
|绩效目标|目标合理性|5|同上|合理|合理|5|
|资金投入|预算编制科学性|5|同上|科学|科学|4|测算偏粗
过程（25分）|资金管理|资金到位率|15|到位率×15|100%|100%|15|
||预算执行率|10|执行率×10|100%|92.5%|9.25|支付滞后
产出（35分）|产出数量|养护面积|35|完成率×35|50万平方米|50万平方米|35|
效益（25分）|社会效益|环境改善|25|同上|改善|改善|25|
合计|||100||||98.25|
"""
TRANSFER = """
中央对地方专项转移支付区域绩效目标自评表
（2020年度）
转移支付（项目）名称|农村饮水安全补助资金|<|<|<|<
中央主管部门|水务部门|<|<|<|<
地方主管部门|白河省水务厅|<|资金使用单位|白河县水务局|<
资金情况（万元）||全年预算数（A）|全年执行数（B）|预算执行率（B/A×100%）|<
|年度资金总额|1,200.00|1,080.00|90.00%|<
|其中：中央财政资金|800.00|700.00|87.50%|<
|省级资金|300.00|280.00|93.33%|<
|旗县资金|100.00|100.00|100.00%|<
|其他资金||||<
资金管理情况|情况说明|<|存在问题和改进措施|<|<
分配科学性|按因素法分配|<|无|<|<
总体目标完成情况|总体目标|<|全年实际完成情况|<|<
|改善一万二千人饮水|<|改善一万三千人饮水|<|<
绩效指标|一级指标|二级指标|三级指标|指标值|全年实际完成值|未完成原因和改进措施
|产出指标|数量指标|改善人数|≥1.2万人|1.3万人|
||质量指标|水质达标率|≥95%|96%|
|满意度指标|服务对象满意度指标|群众满意度|≥90%|94%|
说明|无|<|<|<|<|<
"""
ZHEJIANG = """
项目支出绩效自评表
（2023年度）
项目名称|智慧档案建设|<|主管部门|清浦区档案局|<
预算资金（万元）|资金来源|计划数|实际到位数|支出数|<
|合计|300|300|285|<
|财政拨款|300|300|285|<
|其他|0|0|0|<
一级指标|二级指标|三级指标|指标目标值|实际完成值|分值|自评得分
产出|数量|数字化页数|100万页|102万页|40|40
|质量|差错率|≤0.3%|0.2%|20|20
效益|社会效益|利用便利度|提高|提高|30|28
满意度|服务对象|查档满意率|≥95%|98%|10|10
总分|<|<|<|<|100|98
自评等级|优秀☑ 良好□ 合格□ 不合格□|<|<|<|<|<
填表人：张三 电话：13800000000 填报日期：2024年1月20日
"""


def dump(form: str, dialect: str) -> str:
    """The form as a spreadsheet dump (tabs, merges blank) or a word-processor dump (merges collapsed)."""
    rows = [[cell.strip() for cell in line.split("|")] for line in form.strip().split("\n")]
    if dialect == "tabs":
        return "\n".join("\t".join("" if cell == MERGED else cell for cell in row) for row in rows)
    blocks = []
    for row in rows:
        cells = [cell for cell in row if cell != MERGED]
        blocks.append(row[0] if len(row) == 1 else "\n".join("\t" + cell for cell in cells))
    return "\n\n".join(blocks)


def understand(text: str, folder: Path) -> DocumentRecords:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri=str(path), file_name=path.name, size_bytes=0)


@pytest.fixture(params=["tabs", "cells"])
def dialect(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def only(form: str, dialect: str, folder: Path) -> EvaluationRecords:
    records = understand(dump(form, dialect), folder)
    assert records.document.status == "ok", records.problems
    assert len(records.evaluations) == 1
    return records.evaluations[0]


def test_sichuan_weights_code_and_split_targets(dialect: str, tmp_path: Path) -> None:
    form = only(SICHUAN, dialect, tmp_path)
    head = form.evaluation
    assert (head.project_name, head.budget_code) == ("乡村道路维护", "51000022T000000312345")
    assert (head.department, head.unit, head.fiscal_year) == ("红岭县交通局", "红岭县公路站", 2023)
    assert (head.total_points, head.total_score) == (Decimal(100), Decimal("97.96"))
    total = form.funding[0]
    assert (total.role, total.initial_budget_wanyuan, total.annual_budget_wanyuan) == ("total", 120, 150)
    assert (total.execution_rate_pct, total.points, total.score) == (90, 10, 9)
    assert [row.source for row in form.funding] == ["total", "fiscal", "other"]
    first, second = form.indicators[:2]
    assert (first.target_raw, first.target_op, first.target_value, first.target_unit) == ("≥80公里", ">=", 80, "公里")
    assert (second.level1, second.level2, second.points) == ("产出指标", "数量指标", Decimal("12.5"))
    assert head.goal_expected == "维护乡道八十公里。"
    assert head.goal_actual == "完成维护八十二公里。"


def test_chongqing_flat_list_without_levels(dialect: str, tmp_path: Path) -> None:
    form = only(CHONGQING, dialect, tmp_path)
    assert form.evaluation.kind == "unit"
    (total,) = form.funding
    assert (total.role, total.executed_wanyuan, total.points, total.score) == ("total", Decimal("1350.25"), 10, 10)
    assert [(i.level3, i.target_raw, i.points, i.score) for i in form.indicators] == [
        ("举办活动场次", "≥50场", 20, 20),
        ("参与群众人数", "≥4万人次", 20, 19),
        ("设施完好率", "≥95%", 20, 20),
        ("群众满意度", "≥90%", 30, 30),
    ]
    assert "王某" not in str(form)
    assert "61234567" not in str(form)


def test_hubei_points_only_in_the_level_names(dialect: str, tmp_path: Path) -> None:
    form = only(HUBEI, dialect, tmp_path)
    assert [(i.level1, i.level1_points, i.points, i.score) for i in form.indicators] == [
        ("产出指标", 40, None, 20),
        ("产出指标", 40, None, 20),
        ("效益指标", 30, None, 27),
        ("满意度指标", 10, None, 10),
    ]
    assert (form.evaluation.total_points, form.evaluation.total_score) == (None, 96)
    assert form.funding[0].role == "total"


def test_hunan_two_columns_headed_alike_and_amounts_in_labels(dialect: str, tmp_path: Path) -> None:
    form = only(HUNAN, dialect, tmp_path)
    assert [(i.points, i.score) for i in form.indicators] == [(25, 25), (25, 24), (30, 30), (10, 10)]
    assert [(a.label, a.value) for a in form.amounts] == [
        ("按收入性质分/一般公共预算", 5000),
        ("按支出性质分/基本支出", 3000),
        ("按收入性质分/政府性基金拨款", 600),
        ("按支出性质分/项目支出", 2488),
    ]
    assert [row.label for row in form.funding] == ["年度资金总额"]


def test_score_sheet_with_criteria_between_points_and_values(dialect: str, tmp_path: Path) -> None:
    form = only(SCORE_SHEET, dialect, tmp_path)
    assert [(i.level2, i.category, i.points) for i in form.indicators][:3] == [
        ("项目立项", "decision", 5),
        ("绩效目标", "decision", 5),
        ("资金投入", "decision", 5),
    ]
    assert form.indicators[2].deviation == "测算偏粗"
    assert form.evaluation.total_score == Decimal("98.25")
    assert form.evaluation.project_name == "城区绿化养护"


def test_transfer_payment_without_points(dialect: str, tmp_path: Path) -> None:
    form = only(TRANSFER, dialect, tmp_path)
    head = form.evaluation
    assert (head.kind, head.department, head.unit) == ("transfer", "水务部门", "白河县水务局")
    assert (head.fiscal_year, head.total_points, head.total_score) == (2020, None, None)
    assert [row.source for row in form.funding] == ["total", "central", "provincial", "county"]
    assert len(form.indicators) == 3


def test_ticked_boxes_and_money_that_arrived(dialect: str, tmp_path: Path) -> None:
    form = only(ZHEJIANG, dialect, tmp_path)
    assert form.evaluation.grade == "优秀"
    assert str(form.evaluation.report_date) == "2024-01-20"
    total = form.funding[0]
    assert (total.initial_budget_wanyuan, total.arrived_wanyuan, total.executed_wanyuan) == (300, 300, 285)


def test_an_unknown_header_is_reported_with_its_word(tmp_path: Path) -> None:
    text = dump(ZHEJIANG.replace("|自评得分", "|自评得分|神秘列").replace("|40|40", "|40|40|7.5"), "tabs")
    records = understand(text, tmp_path)
    assert records.document.status == "partial"
    assert any("神秘列" in problem.message for problem in records.problems)
    assert any(a.measure == "神秘列" and a.value == Decimal("7.5") for a in records.evaluations[0].amounts)


def test_an_unfilled_form_and_a_list_are_no_evaluations(tmp_path: Path) -> None:
    lines = []
    for line in ZHEJIANG.strip().split("\n"):
        cells = line.split("|")
        lines.append(
            "|".join(cells[:3] + ["" for _ in cells[3:]]) if cells[0] in ("产出", "", "效益", "满意度") else line
        )
    unfilled = "\n".join(line for line in lines if not line.startswith(("总分", "自评等级", "|合计", "|财政", "|其他")))
    blank = unfilled.replace("智慧档案建设", "/").replace("清浦区档案局", "/")
    for name in ("数字化页数", "差错率", "利用便利度", "查档满意率"):
        blank = blank.replace(name, "")
    records = understand(dump(blank, "tabs"), tmp_path)
    assert (records.document.status, records.document.error_code) == ("empty", "unfilled_form")
    foreign = understand(dump(SCORE_SHEET.replace("绩效自评价评分表", "绩效自评工作考核评分表"), "tabs"), tmp_path)
    assert (foreign.document.status, foreign.document.error_code) == ("empty", "foreign_form")


def test_a_target_declaration_is_kept_apart(tmp_path: Path) -> None:
    rows = []
    for line in SCORE_SHEET.strip().split("\n"):
        cells = line.split("|")
        rows.append("|".join([*cells[:4], cells[5]]) if len(cells) > 6 else line)
    text = "\n".join(rows).replace("绩效自评价评分表", "绩效目标申报表")
    records = understand(dump(text, "tabs"), tmp_path)
    assert [form.evaluation.kind for form in records.evaluations] == ["target"]


def test_several_forms_in_one_file(tmp_path: Path) -> None:
    text = "\n\n".join(dump(form, "tabs") for form in (SICHUAN, HUNAN, TRANSFER))
    records = understand(text, tmp_path)
    assert [form.evaluation.kind for form in records.evaluations] == ["project", "unit", "transfer"]
    assert [form.evaluation.ordinal for form in records.evaluations] == [0, 1, 2]
    assert [len(form.indicators) for form in records.evaluations] == [5, 4, 3]
