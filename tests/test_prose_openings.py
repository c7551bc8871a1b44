"""What openings, labels and boxes of texts name: office, year, project, and who evaluated."""

from __future__ import annotations

from pathlib import Path

from parsers.extract import extract
from parsers.interpret.titles import opening_names, short_named_office
from schemas.records import DocumentRecords

PROSE = "本项目安排资金120万元，全部用于校舍维修，资金使用规范，群众反映良好，工程质量合格，按期完工交付使用。" * 3


def read(folder: Path, *lines: str) -> DocumentRecords:
    path = folder / "text.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)


def test_a_form_whose_boxes_tick_another_evaluator_is_none(tmp_path: Path) -> None:
    form = ("项目名称 | 路灯维护", "年度资金总额 | 10 | 10 | 9", "产出指标 | 数量指标 | 路灯 | 80盏 | 80盏 | 20 | 20")
    table = ("资金 | 年初预算数 | 全年预算数 | 全年执行数", form[1])
    heads = "一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分"
    lines = (*table, heads, form[2])
    other = read(tmp_path, "项目支出绩效评价报告", "评价机构：第三方机构t 部门评价组□", *lines)
    own = read(tmp_path, "项目支出绩效自评报告", "评价机构：第三方机构□ 单位自评组t", *lines)
    assert (other.document.status, other.evaluations) == ("empty", ())
    assert len(own.evaluations) == 1


def test_units_that_are_counted_are_no_label(tmp_path: Path) -> None:
    head = "松林县水务局纳入预算共3个单位：局本级、河道所、供水站。"
    records = read(tmp_path, "松林县水务局2022年度部门整体支出绩效自评报告", head, PROSE)
    assert records.evaluations[0].evaluation.unit == "松林县水务局"


def test_a_label_spread_over_its_line_is_read(tmp_path: Path) -> None:
    records = read(tmp_path, "松林县2022年度部门整体支出绩效自评报告", "预 算 编 码：   404010", PROSE)
    assert records.evaluations[0].evaluation.budget_code == "404010"


def test_words_that_every_project_has_are_no_name(tmp_path: Path) -> None:
    records = read(tmp_path, "松林县水务局绩效自评报告", "我局对2023年度项目支出资金进行了绩效自评。", PROSE)
    assert records.evaluations[0].evaluation.project_name is None


def test_the_year_is_the_one_whose_end_the_text_tells_of(tmp_path: Path) -> None:
    title = "松林县水务局部门整体支出绩效自评报告"
    records = read(tmp_path, title, "截至2024年12月31日，在职人员14人。", "截止2024年底，退休11人。", PROSE)
    several = read(tmp_path, title, PROSE[14:45] + "截至2023年底，在职13人，截至2024年底，在职14人。" * 2)
    assert records.evaluations[0].evaluation.fiscal_year == 2024
    assert several.evaluations[0].evaluation.fiscal_year is None


def test_an_opening_that_tells_of_work_done_names_the_project() -> None:
    parts = opening_names("我省认真组织，完成了2022年度粮食风险基金绩效自评工作。")
    assert parts is not None and (parts.project, parts.year) == ("粮食风险基金", 2022)
    whole = opening_names("我院开展了2020年度部门绩效自评。")
    assert whole is not None and (whole.project, whole.year) == (None, 2020)


def test_a_heading_over_another_over_its_text_makes_a_self_evaluation(tmp_path: Path) -> None:
    lines = ("松林县水务局河道资金使用说明", "三、绩效自评情况", "（一）绩效目标分解下达情况的说明", PROSE)
    assert len(read(tmp_path, *lines).evaluations) == 1


def test_an_opening_names_the_first_of_several_offices() -> None:
    parts = opening_names("按要求，松林省住房和城乡建设厅、财政厅认真组织开展了2024年度安居工程补助资金绩效自评工作")
    assert parts is not None
    assert (parts.office, parts.year, parts.project) == ("松林省住房和城乡建设厅", 2024, "安居工程补助资金")


def test_an_opening_names_the_office_before_what_it_went_by() -> None:
    sentence = "2021年3月，教育部在对各地自评材料进行审核的基础上，对2020年度支持幼儿教育资金项目进行了绩效自评。"
    parts = opening_names(sentence)
    assert parts is not None and (parts.office, parts.year, parts.project) == ("教育部", 2020, "支持幼儿教育资金项目")


def test_a_name_ends_before_the_aspects_that_were_evaluated() -> None:
    sentence = "我中心开展2020年重点项目绩效评价工作，对小区改造配套工程资金投入情况、目标完成情况等进行了自评"
    parts = opening_names(sentence)
    assert parts is not None and (parts.project, parts.year) == ("小区改造配套工程", 2020)


def test_an_opening_of_a_report_without_amounts_is_enough(tmp_path: Path) -> None:
    opening = "我们对2020年度支持幼儿教育资金项目进行了绩效自评，现将有关情况报告如下："
    records = read(tmp_path, opening, "一、基本情况", PROSE.replace("120万元", "若干") * 2)
    assert (records.document.status, len(records.evaluations)) == ("ok", 1)


def test_openings_name_the_office() -> None:
    parts = opening_names("根据安排，市交通运输局对2021年度“四好”路建设情况进行了绩效自评")
    assert parts is not None and (parts.office, parts.year) == ("市交通运输局", 2021)
    assert short_named_office("根据要求，松林省残疾人联合会（以下简称“省残联”）成立专班") == "松林省残疾人联合会"


def test_an_opening_that_reports_names_office_and_project() -> None:
    sentence = "根据安排，现将2023年松林县交通运输局乡村振兴资金项目绩效自评总结报告如下"
    parts = opening_names(sentence)
    assert parts is not None
    assert (parts.office, parts.project, parts.year) == ("松林县交通运输局", "乡村振兴资金项目", 2023)
    assert opening_names("我单位对该项目资金使用的效果情况进行自评") is None
