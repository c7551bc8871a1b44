"""Which texts are self-evaluations, and which only speak of them; what their titles and openings name."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.extract import extract
from parsers.interpret.localities import locality_of
from parsers.interpret.titles import TitleParts, glued_title, title_parts
from pipeline.findings import run_checks
from schemas.records import DocumentRecords

PROSE = "本项目安排资金120万元，全部用于校舍维修，资金使用规范，群众反映良好，工程质量合格，按期完工交付使用。" * 3


def read(folder: Path, *lines: str) -> DocumentRecords:
    path = folder / "text.txt"
    path.write_text("\n".join(lines), encoding="utf-8")
    return extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)


@pytest.mark.parametrize(
    "lines",
    [
        ("松林县财政局关于开展2023年度绩效自评工作的通知", "各预算单位：", "自评满分100分，涉及资金5.6亿元。", PROSE),
        (
            "松林学院预算绩效管理办法",
            "第一条 为规范自评结果应用，制定本办法。",
            "第二条 本办法适用于学校。",
            "第三条 各部门开展自评，金额100万元以上的须报告。",
        ),
        ("项目绩效自评报告（通用6篇）", "项目绩效自评报告1", "我单位开展了自评。", PROSE),
        ("项目绩效自评报告", "我要投稿", "以下是小编整理的自评报告。", PROSE),
        (
            "松林县农田建设资金绩效评价报告",
            "某会计师事务所受松林县财政局委托，对该资金开展评价。",
            "单位自评得分95分。",
            PROSE,
        ),
        ("财政部门近日启动绩效自评", "财政部门要求对本部门及所属单位开展绩效自评，覆盖率达到100%。", PROSE),
        ("松林县人大常委会办公室部门决算目录", "一、收支情况", "二、部门绩效自评情况", "三、名词解释", PROSE),
        ("研究院配合主管部门完成2021年度绩效目标自评工作", "研究院抽调骨干，按时上报了材料，涉及资金30万元。", PROSE),
        (
            "松林省财政厅近日印发通知，启动省级部门绩效自评。",
            "通知明确，自评要履行主体责任。各单位是本部门资金绩效管理的主体，要对本部门所有项目开展绩效自评。" * 3,
        ),
        ("年度工作安排", "各处要牢记，本单位应当在3月底前完成绩效自评，覆盖率达到100%，涉及资金3亿元。" * 3),
        ("【自评表填写样例】为规范自评，本文提供一份“自评表填写样例”。", "一、自评表的基本结构", PROSE[:28] + "。"),
        (
            (
                "松林县人大常委会2020年度部门决算",
                "第四部分 其他重要事项",
                "四、部门绩效自评情况",
                "(一)项目支出绩效自评情况报告",
                "(二)部门整体支出绩效自评情况报告",
                "五、其他重要事项",
                "第一部分 松林县人大常委会机关概况",
                PROSE,
            )
        ),
        ("松林县2022年度部门决算", "、部门整体支出绩效自评情况表", "、项目支出绩效自评表", "、其他情况", PROSE),
        ("自评表填写样例.DOC_第1页", "项目支出绩效自评表", "趋势报告次数2000次，培训200人次。", PROSE),
    ],
    ids=[
        *("notice", "rule", "samples", "collector", "third party", "news", "contents", "news of work done"),
        *("news of a notice", "duties", "how to fill in", "contents in brackets", "contents without numbers"),
        "file in capitals",
    ],
)
def test_texts_that_speak_of_self_evaluations_are_none(tmp_path: Path, lines: tuple[str, ...]) -> None:
    records = read(tmp_path, *lines)
    assert (records.document.status, records.evaluations) == ("empty", ())


@pytest.mark.parametrize(
    "lines",
    [
        ("松林县水务局2023年度河道整治项目绩效自评报告", PROSE),
        ("河道整治项目情况", "现将自评情况报告如下：", PROSE),
        ("一、绩效目标分解下达情况", PROSE, "二、绩效情况分析", PROSE),
        ("河道整治项目绩效评价报告", PROSE, "综上，自评得分93分。"),
        ("关于报送绩效自评报告的函", "松林县水务局2023年度河道整治项目绩效自评报告", PROSE),
    ],
    ids=["title", "opening", "outline of transfers", "score", "letter before a report"],
)
def test_texts_that_are_self_evaluations(tmp_path: Path, lines: tuple[str, ...]) -> None:
    records = read(tmp_path, *lines)
    assert (records.document.status, len(records.evaluations)) == ("ok", 1)


def test_a_report_without_figures_is_an_evaluation_by_its_title(tmp_path: Path) -> None:
    words = "单位成立工作小组，查阅账簿凭证，核对项目资料，听取业务科室意见，认真开展了各项工作。" * 4
    records = read(tmp_path, "松林县2022年度河道整治资金", "绩效评价自评报告", words)
    evaluation = records.evaluations[0].evaluation
    assert (evaluation.title, evaluation.fiscal_year) == ("松林县2022年度河道整治资金绩效评价自评报告", 2022)
    assert (evaluation.project_name, records.document.status) == ("河道整治资金", "ok")


def test_a_cover_alone_is_an_evaluation_with_its_rest_said_unread(tmp_path: Path) -> None:
    records = read(
        tmp_path, "松林县2022年度部门整体支出", "绩效自评报告", "单位全称：松林县水务局（公章）", "预算编码：404010"
    )
    assert records.evaluations[0].evaluation.unit == "松林县水务局"
    assert (records.document.status, records.problems[0].code) == ("partial", "self_evaluation_not_read")


def test_what_a_page_says_of_its_text_gives_the_publisher(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "索引号 | 0152-X-/2020 | 发布机构 | 松林县水务局 |",
        "公开目录 | 自评报告 | 发布日期 | 2020-12-30 |",
        "文号 | 浏览量 | 10 |",
        "2019年度河道整治项目绩效自评报告",
        PROSE,
    )
    evaluation = records.evaluations[0].evaluation
    assert (evaluation.unit, evaluation.fiscal_year) == ("松林县水务局", 2019)
    assert not [row for row in records.evaluations[0].amounts if row.value == 10]


def test_a_title_in_one_line_with_its_text_is_found() -> None:
    text = "青禾镇学校2017年度专项资金绩效自评报告为做好自评工作，根据通知精神"
    assert text[: glued_title(text)] == "青禾镇学校2017年度专项资金绩效自评报告"
    assert glued_title("我单位的绩效自评报告已经公开") == 0


@pytest.mark.parametrize(
    ("title", "office", "project"),
    [
        ("健全现代医院管理制度项目绩效自评报告", None, "健全现代医院管理制度项目"),
        ("青禾县人民医院设备购置项目绩效自评报告", "青禾县人民医院", "设备购置项目"),
        ("青禾县残联中央转移支付2023年度绩效自评报告(残疾人事业补助资金)", "青禾县残联", "残疾人事业补助资金"),
        ("标题：保障性安居工程绩效自评报告", None, "保障性安居工程"),
    ],
)
def test_an_office_in_the_middle_of_a_title_is_certain(title: str, office: str | None, project: str | None) -> None:
    parts = title_parts(title)
    assert parts is not None and (parts.office, parts.project) == (office, project)


def test_a_city_before_its_bureau_of_civil_affairs_is_a_place() -> None:
    assert locality_of("青禾市民政局") == "青禾市"
    assert locality_of("青禾市场监督管理局") is None


def test_heads_without_their_table_are_said(tmp_path: Path) -> None:
    title = "松林县水务局2022年度河道整治项目绩效自评报告"
    records = read(tmp_path, title, PROSE, "一级指标 二级指标 三级指标 年度指标值 实际完成值 分值 得分")
    assert (records.document.status, records.problems[0].code) == ("partial", "heads_outside_table")


def test_a_report_beside_a_blank_form_is_an_evaluation(tmp_path: Path) -> None:
    heads = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分"
    records = read(tmp_path, "松林县水务局2022年度河道整治项目绩效自评报告", PROSE, "自评得分95分。", heads)
    assert [part.evaluation.total_score for part in records.evaluations] == [95]


def test_labels_only_titled_self_evaluation_are_read(tmp_path: Path) -> None:
    records = read(
        tmp_path,
        "松林县项目资金绩效自评报告表（实施单位用）",
        "项目名称：河道整治项目",
        "实施单位：松林县水务局",
        "资金总额及构成：共120万元，其中中央80万元、县级40万元",
        "实际采购金额：98万元",
        "自评得分：96",
    )
    (part,) = records.evaluations
    assert (part.evaluation.title, part.evaluation.total_score) == ("松林县项目资金绩效自评报告表（实施单位用）", 96)
    assert ("资金总额及构成", "total") in [(row.label, row.role) for row in part.amounts]


def test_a_unit_of_money_in_a_sentence_is_no_office(tmp_path: Path) -> None:
    records = read(tmp_path, "松林县水务局2022年度绩效自评报告", PROSE, "单位：万元的分项为中央80、县级40。")
    assert records.evaluations[0].evaluation.unit == "松林县水务局"


def test_a_few_indicators_told_in_a_report_need_not_make_its_score(tmp_path: Path) -> None:
    told = "数量指标：新建泵站目标值为10座，实际完成9座，分值20分，得分18分。"
    records = read(tmp_path, "松林县水务局2022年度河道整治项目绩效自评报告", PROSE, "自评得分95分。", told)
    assert [row.score for row in records.evaluations[0].indicators] == [18]
    found = [one.rule for one in run_checks(records) if one.outcome == "inconsistent" and one.severity != "info"]
    assert found == []


def test_the_title_is_the_line_that_names_most(tmp_path: Path) -> None:
    title = "松林市林业局2021年度中央对地方转移支付预算执行情况绩效自评报告"
    records = read(tmp_path, title, title, "（略）分林业改革发展资金绩效自评", PROSE)
    evaluation = records.evaluations[0].evaluation
    assert (evaluation.title, evaluation.unit, evaluation.project_name) == (title, "松林市林业局", None)


def test_a_publisher_ends_where_the_next_label_begins(tmp_path: Path) -> None:
    line = "发布单位:林业局 发布时间: 2023-06-12 15:56 浏览次数: 字体: [ ]"
    records = read(tmp_path, "松林区2022年度造林资金绩效自评报告", line, PROSE)
    assert records.evaluations[0].evaluation.unit == "林业局"


@pytest.mark.parametrize(
    "lines",
    [
        ("一、项目基本情况", PROSE, "二、项目绩效自评工作开展情况", "1.前期准备。", PROSE),
        ("五、评价结论及建议", "（一）评价结论。", "我局通过自查认为" + PROSE),
    ],
    ids=["how the work was done", "own conclusion"],
)
def test_sections_only_own_reports_have_make_a_text_a_self_evaluation(tmp_path: Path, lines: tuple[str, ...]) -> None:
    assert len(read(tmp_path, *lines).evaluations) == 1


def test_a_title_in_two_lines_names_office_and_project(tmp_path: Path) -> None:
    records = read(
        tmp_path, "松林县公路局2023年度公路养护类项目", "自评结果", PROSE, "附件：2023年度养护类项目自评表（附后）"
    )
    evaluation = records.evaluations[0].evaluation
    assert (evaluation.unit, evaluation.project_name) == ("松林县公路局", "公路养护类项目")


def test_rows_of_indicators_that_lost_their_heads_are_said(tmp_path: Path) -> None:
    text = "产出指标数量指标足额率=100%20时效指标及时率≥95%10效益指标经济效益指标结余率≤5%20合计50"
    records = read(tmp_path, text + "评价结论良好。存在问题暂无。改进措施：加快支付。项目负责人：财务负责人：")
    assert (records.document.status, records.document.error_code) == ("partial", "heads_missing")


def test_heads_of_columns_nobody_read_a_table_under_forbid_ok(tmp_path: Path) -> None:
    heads = "三级指标 年度指标值 全年完成值 未完成原因和改进措施"
    records = read(tmp_path, "松林县水务局2023年度河道整治项目绩效自评报告", PROSE, heads, PROSE)
    assert [problem.code for problem in records.problems] == ["heads_outside_table"]


def test_a_value_below_its_label_that_no_table_took_is_unread(tmp_path: Path) -> None:
    records = read(tmp_path, "松林县水务局2023年度河道整治项目绩效自评报告", PROSE, "全年执行数", "35.6", PROSE)
    assert (records.document.figures_unread, records.document.status) == (1, "partial")


def test_a_report_on_its_own_whole_spending_that_a_unit_published_is_a_self_evaluation(tmp_path: Path) -> None:
    title = "松林县人民检察院2023年度部门整体支出绩效评价报告"
    own = read(tmp_path, "当前位置：首页 > 新闻发布 > 通知公告", title, "来源：松林县人民检察院    作者：", PROSE)
    others = read(tmp_path, title, "来源：松林县财政局    作者：", PROSE)
    assert (len(own.evaluations), len(others.evaluations)) == (1, 0)


def test_the_year_behind_the_number_of_an_annex_stays_whole() -> None:
    parts = title_parts("附件3:2021年度松林县青禾学校部门整体支出绩效自评表.pdf")
    assert parts is not None
    assert (parts.office, parts.year) == ("松林县青禾学校", 2021)
    parts = title_parts("我办2023年专项工作经费绩效自评报告")
    assert parts is not None and parts.project == "专项工作经费"


def test_a_table_by_its_name_of_which_nothing_was_read_is_said(tmp_path: Path) -> None:
    words = "单位名称 年度整体 围绕中心工作，履行各项职能，促进事业发展。未能完成原因 活动减少。" * 4
    records = read(tmp_path, "松林县青禾学校部门整体支出绩效自评表.pdf", "单位基本情况", words)
    assert (records.document.status, records.document.error_code) == ("partial", "self_evaluation_not_read")


def test_heads_in_one_line_that_make_no_table_are_said_not_read_as_sentences(tmp_path: Path) -> None:
    cells = (
        "地方财政部门 松林县 全年预算数(A) 全年执行数(B) 165.32 92.95 其中:中央财政资金 44.00 44.00 县财政资金 26.90 "
    )
    more = "94.84 年度资金总额 资金投入情况 地方主管部 门 松林县财政局 情况说明 分配科学性 合理 一级 指标 二级指标 "
    records = read(
        tmp_path, "2023年度就业补助资金绩效自评表", cells + more + "数量指标 三级指标 年度指标值 补贴人数 4443"
    )
    assert (records.document.status, records.document.error_code) == ("partial", "rows_lost")


def test_a_day_behind_the_label_of_an_office_is_no_name(tmp_path: Path) -> None:
    found = read(tmp_path, "松林镇养老服务站项目绩效自评报告", PROSE, "项目单位（盖章） 2020年7月16日")
    (form,) = found.evaluations
    assert form.evaluation.unit is None
    assert str(form.evaluation.report_date) == "2020-07-16"


def test_a_word_cut_before_the_target_is_no_name_of_an_indicator(tmp_path: Path) -> None:
    told = "补助对象对项目满意率，初目标值≥90%，实际完成值≥92%，自评得分20分。"
    found = read(tmp_path, "松林乡动物防疫项目绩效自评报告", "因此评价分98分，自评等级为优秀。", told, PROSE)
    (form,) = found.evaluations
    assert [row.level3 for row in form.indicators] == ["补助对象对项目满意率"]
    assert form.evaluation.total_score == 98


CUT = "年度资金总额（万元）： 1 52.80\n52.80 52.80 100.00% 30.80 58.33%"


@pytest.mark.parametrize(
    "text",
    [
        f"2024年林业改革发展资金绩效评价表\n行次 全年预算数\n（A）\n{CUT}\n其中：中央财政资金 2 52.80\n52.80 100.00%",
        "资金管理 资金分配\n3 3 资金使用\n4 4 执行规范\n2 2 合计 自评情况，经评价，自评得分95分，等级为优",
    ],
)
def test_torn_rows_of_a_self_evaluation_are_said_to_be_unread(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, *text.split("\n")).document.status == "partial"


LIST = "序号\t项目名称\t全年预算数\t全年执行数\t自评得分\n1\t校舍维修\t120\t118\t96\n2\t教师培训\t30\t30\t98\n"


@pytest.mark.parametrize(
    ("lines", "status", "code"),
    [
        (("松林市2022年度项目支出绩效自评结果汇总表", LIST), "partial", "list_of_evaluations"),
        (("《校舍维修项目绩效自评报告.docx》由会员分享，可在线阅读", PROSE), "empty", "sample_page"),
        (("松林县校舍维修项目绩效评价报告", "受松林县财政局委托，我所开展评价。", PROSE), "empty", "foreign_report"),
        (("松林县预算绩效自评管理办法的通知", "现印发给你们，请遵照执行。", PROSE), "empty", "rule_text"),
    ],
)
def test_what_a_text_without_an_evaluation_is_instead_is_said(
    tmp_path: Path, lines: tuple[str, ...], status: str, code: str
) -> None:
    found = read(tmp_path, *lines)
    assert (found.document.status, found.document.error_code) == (status, code)


def test_a_report_on_the_whole_unit_that_says_we_is_a_self_evaluation(tmp_path: Path) -> None:
    text = "一、基本情况。2021年支出799.12万元。我县文化事业进一步发展。" + PROSE
    assert read(tmp_path, "松林县文化馆", "部门整体支出绩效评价报告", text).evaluations
    assert not read(tmp_path, "部门整体支出绩效评价报告", text, "本报告由松林会计师事务所出具。").evaluations


def test_the_column_of_a_site_names_the_office(tmp_path: Path) -> None:
    way = "首页 >> 部门信息公开 >> 松林县交通运输局 >> 正文"
    (form,) = read(tmp_path, "松林县人民政府", way, "松林县公路防护工程绩效自评报告", PROSE).evaluations
    assert form.evaluation.unit == "松林县交通运输局"


def test_of_the_names_of_a_site_and_its_owner_none_is_the_office(tmp_path: Path) -> None:
    names = ("全国职业教育教学指导委员会", "国家培训学院", "来源:松林省教育厅")
    (form,) = read(tmp_path, *names, "职业教育质量提升资金2022年度绩效自评报告", PROSE).evaluations
    assert form.evaluation.unit == "松林省教育厅"


@pytest.mark.parametrize(
    "lines",
    [
        ("一、绩效目标分解下达情况", "（一）中央下达预算情况。2021年中央下达我区资金463142万元。" + PROSE),
        ("松林区2023年度农机购置补贴实施情况", "绩效目标分解下达情况", PROSE + "绩效目标完成情况分析", PROSE),
    ],
)
def test_the_outline_of_transfers_makes_a_text_a_self_evaluation(tmp_path: Path, lines: tuple[str, ...]) -> None:
    (form,) = read(tmp_path, *lines).evaluations
    assert form.evaluation.kind == "transfer"


def test_the_way_to_a_page_is_no_title() -> None:
    assert title_parts("首页>精品范文>校舍维修项目自评报告") is None


def test_a_sum_of_funds_above_the_indicators_is_no_score(tmp_path: Path) -> None:
    head = "松林区宗教事务局2020年部门整体支出绩效自评表 |\n单位名称 | 松林区宗教事务局 | 实施单位 | 松林区宗教事务局 |"
    funds = "资金情况（万元） | | 上年度安排数额 | 差异 |\n合计 | 88 | 88 | |\n其中：财政拨款 | 88 | 88 | |"
    heads = "一级指标 | 二级指标 | 三级指标 | 指标值 | 全年实际完成值 | 改进措施 |"
    rows = "产出指标 | 数量指标 | 开放天数 | =365天 | =365天 | |\n质量指标 | 设施完好率 | =100% | =100% | |"
    (form,) = read(tmp_path, head, funds, heads, rows).evaluations
    assert form.evaluation.total_score is None


def test_a_row_of_funds_whose_heads_were_torn_is_said(tmp_path: Path) -> None:
    heads = ("松林县林业局2024年度资金绩效评价表", "资金投入情况", "行次 全年预算数", "(A)", "全年执行资金", "(E)")
    said = read(tmp_path, *heads, "年度资金总额(万元): 1 52.80 52.80 100.00% 30.80 58.33%")
    told = read(tmp_path, *heads[:2], "年度资金总额为52.80万元。")
    assert (said.document.status, said.document.error_code) == ("partial", "heads_missing")
    assert told.document.status == "empty"


@pytest.mark.parametrize(
    ("lines", "score"),
    [
        (("云山县图书馆2022年度免费开放经费绩效自评报告", "（一）自评得分", "100分。"), "100"),
        (("云山县林业局2021年度造林补助项目绩效自评报告", "自评得分：", "91", "其余从略"), "91"),
        (
            (
                "云山县消防大队2024年度部门预算",
                "执行情况绩效自评整改报告",
                "云山县消防大队部门绩效自评总体得分为84.47分。",
            ),
            "84.47",
        ),
        (("云山县水务局2023年度河道保洁项目绩效自评报告 自评总得分：93.8分",), "93.8"),
        (("云山县图书馆2022年度免费开放经费绩效自评报告", "产出指标得48.5分，效益指标得28分，合计76.5分。"), "76.5"),
        (("云山县图书馆2022年度免费开放经费绩效自评报告", "对照指标体系，我馆自评总得分为96分。"), "96"),
        (("云山县图书馆2022年度免费开放经费绩效自评报告", "产出50分，效益30分，满意度20分，合计100分。"), "None"),
    ],
)
def test_the_score_of_the_whole_where_its_words_stand_apart(tmp_path: Path, lines: tuple[str, ...], score: str) -> None:
    evaluation = read(tmp_path, *lines, PROSE).evaluations[0].evaluation
    assert str(evaluation.total_score) == score
    assert evaluation.unit is not None and lines[0].startswith(evaluation.unit)


def test_a_name_in_brackets_behind_a_title_is_the_project(tmp_path: Path) -> None:
    assert title_parts("云山县图书馆2022年度项目支出绩效自评报告（2022年文化馆（站）免费开放经费）") == TitleParts(
        "文化馆（站）免费开放经费", 2022, "云山县图书馆"
    )
    above = ("• 公开目录", "• 自评报告")
    evaluation = read(tmp_path, *above, "云山县图书馆2022年度项目支出绩效自评报告", PROSE).evaluations[0].evaluation
    assert (evaluation.unit, evaluation.project_name) == ("云山县图书馆", None)


def test_a_report_that_blots_out_its_years_is_a_sample(tmp_path: Path) -> None:
    told = "20_年我镇安排饮水工程资金120万元，20_年底支出118万元，自评得分95分。"
    assert read(tmp_path, "饮水安全项目绩效自评报告", told, PROSE).document.status == "empty"
    printed = "2022年我镇安排资金120万元，2022年底支出118万元，自评得分95分，样表名为20xx年表。"
    assert read(tmp_path, "云山镇2022年饮水项目绩效自评报告", printed, PROSE).document.status == "ok"


@pytest.mark.parametrize(
    "lines",
    [
        (
            "2020年度绩效评价",
            "项目全年预算数为105万元，执行数为105万元，完成预算的100%。项目绩效目标完成情况：一是送戏下乡19场，"
            "二是新建文化礼堂6家，三是全面做好免费开放工作，各项公共文化建设任务完成较好。",
        ),
        (
            "一、投入（14分）",
            "（1）项目立项（2分）我县按照程序编报项目建议书，执行程序规范。自评得2分。",
            "（2）资金落实（6分）今年安排项目资金129.3万元，其中设备资金120.7万元，已全部到位。自评得6分。",
        ),
    ],
)
def test_the_usual_words_of_digests_and_of_part_scores_name_a_self_evaluation(
    tmp_path: Path, lines: tuple[str, ...]
) -> None:
    found = read(tmp_path, *lines, PROSE)
    assert len(found.evaluations) == 1
    assert found.evaluations[0].evaluation.total_score is None


def test_what_stands_before_the_name_of_a_page_is_no_part_of_its_title() -> None:
    line = "发布日期：2023-07-03 废止时间：暂无 名称：松林市危房改造转移支付2022年度绩效自评报告"
    assert title_parts(line) == TitleParts("松林市危房改造转移支付", 2022, None)


def test_a_period_told_in_a_sentence_tells_the_year(tmp_path: Path) -> None:
    found = read(tmp_path, "移民后期扶持项目绩效自评报告", "项目起止时间为2020年1月1日至2020年12月31日。", PROSE)
    assert found.evaluations[0].evaluation.fiscal_year == 2020


def test_a_time_of_day_behind_a_date_does_not_make_it_the_fiscal_year(tmp_path: Path) -> None:
    lines = ("松林市电视台专题节目制作经费项目绩效自评报告", "2018-06-19 10:40:38", "2017年度项目绩效自评报告", PROSE)
    evaluation = read(tmp_path, *lines).evaluations[0].evaluation
    assert (evaluation.fiscal_year, evaluation.unit) == (2017, "松林市电视台")


def test_an_office_within_a_sentence_is_not_the_one_that_reports(tmp_path: Path) -> None:
    lines = (
        "2023年度松林县委巡察办整体支出绩效自评报告",
        "巡察办下辖一个全额拨款事业单位：松林县委巡察信息中心。",
        PROSE,
    )
    assert read(tmp_path, *lines).evaluations[0].evaluation.unit == "松林县委巡察办"


def test_a_score_told_behind_the_grade_is_that_of_the_whole(tmp_path: Path) -> None:
    evaluation = read(tmp_path, "图书馆项目绩效自评报告", PROSE, "自评绩效等级为“优”，分数为97分。").evaluations[0]
    assert (evaluation.evaluation.total_score, evaluation.evaluation.grade) == (97, "优")


def test_the_year_of_an_own_evaluation_is_told_behind_the_word_for_the_own_office(tmp_path: Path) -> None:
    lines = (
        "学前教育促进工程项目绩效评价自评报告",
        "对照指标，对我县2021年学前教育促进工程项目进行自评。",
        PROSE,
    )
    assert read(tmp_path, *lines).evaluations[0].evaluation.fiscal_year == 2021


def test_a_title_in_the_table_of_what_a_page_says_of_its_text_is_one(tmp_path: Path) -> None:
    lines = (
        "索引号： | 113417/202404-00136 | 组配分类： | 财政资金信息 |",
        "发布机构： | 市应急局 | 主题分类： | 财政、金融、审计 |",
        "名称： | 松林市应急局2023年度中央自然灾害救灾资金（抢险救援）绩效自评报告 | 文号： | 无 |",
        "公开目录： | 自评报告 | 发布日期： | 2024-04-09 |",
        "一、绩效目标分解下达情况",
        PROSE,
    )
    evaluation = read(tmp_path, *lines).evaluations[0].evaluation
    named = (evaluation.unit, evaluation.project_name, evaluation.fiscal_year)
    assert named == ("松林市应急局", "中央自然灾害救灾资金（抢险救援）", 2023)


def test_a_table_of_a_notice_that_did_not_come_out_leaves_it_a_notice(tmp_path: Path) -> None:
    heads = ("序号 |", "部门 |", "项目名称 |", "预算数 |", "执行数 |", "执行率 |")
    row = ("合计 |", "17,758.87 |", "14,520.34 |", "81.76% |", "一 |", "甲处 |", "助学金 |", "1,548.44 |", "72.08% |")
    told = ("各相关部门：", "根据上级关于项目绩效自评的通知，现将有关事项通知如下：", "单位：万元")
    found = read(tmp_path, "关于开展2022年度专项资金绩效评价工作的紧急通知", *told, *heads, *row, *row)
    assert (found.document.status, found.document.error_code) == ("empty", "rule_text")


@pytest.mark.parametrize(
    ("told", "read_as"),
    [
        ("我局统一自评标准，到项目区进行现场评价，根据综合意见形成自评报告。", 1),
        ("我局统一标准，到项目区进行现场评价，根据综合意见形成评价结论。", 0),
        ("我局配合第三方机构现场评价，并根据综合意见形成自评报告。", 0),
    ],
)
def test_an_evaluation_report_is_the_units_own_where_it_says_so(tmp_path: Path, told: str, read_as: int) -> None:
    lines = ("松林县水利局2019年度河道治理工程专项资金绩效评价报告", *[PROSE] * 6, "二、绩效评价工作情况", told)
    assert len(read(tmp_path, *lines).evaluations) == read_as
