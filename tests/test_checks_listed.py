"""Lists, deductions, bounds and means that reports tell in sentences: right ones pass, one slip is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.reading.one_file import read_file
from schemas.records import Check

HEAD = "2023年度灌渠修复项目绩效自评报告\n一、项目情况\n"
FORM = """项目支出绩效自评表
（2023年度）
项目名称\t灌渠修复\t\t\t\t\t\t
主管部门\t临川县水利局\t\t\t实施单位\t临川县灌区管理所\t\t
项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分
\t年度资金总额\t80.00\t80.00\t76.00\t10\t95.00%\t9.5
一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施
产出指标\t数量指标\t修复渠道\t≥12公里\t12.6公里\t30\t30\t
\t质量指标\t验收合格率\t≥95%\t93%\t20\t19.5\t一处渗漏返工，已复验
\t小计\t\t\t\t50\t{}\t
效益指标\t社会效益指标\t受益农户\t≥600户\t640户\t30\t30\t
满意度指标\t服务对象满意度\t农户满意度\t≥90%\t94%\t10\t10\t
总分\t\t\t\t\t100\t99\t
"""


def said_of(folder: Path, text: str) -> list[Check]:
    path = folder / "report.txt"
    path.write_text(text, encoding="utf-8")
    return [one for one in read_file(str(path)).checks if one.outcome == "inconsistent" and one.severity != "info"]


@pytest.mark.parametrize(("rule", "text", "right", "wrong"), [
    ("prose_list", "下达资金452万元。分解下达各县：南山186万元、北屿{}万元、东坪112万元，下达率100%。", "154", "145"),
    ("prose_list", "上半年拨付{}万元，下半年拨付186.4万元，全年共拨付348.2万元。", "161.8", "168.1"),
    ("prose_list", "追加预算96.4万元，主要是：渠道清淤52.4万元，闸门更换{}万元，管护经费12万元。", "32", "38"),
    ("prose_list", "聘用管水员214人，分布在{}个乡镇。各乡镇人数为：石门镇86人、柳沟镇72人、白水镇56人。", "3", "4"),
    ("prose_list", "管水员214人。各乡镇人数为：石门镇86人、柳沟镇72人、白水镇56人。{}人数最多。", "石门镇", "柳沟镇"),
    ("prose_composition", "修复渠系建筑物236座，其中渡槽{}座、涵洞127座、水闸61座。", "48", "84"),
    ("prose_composition", "年末在岗护渠员64人，其中男{}人、女23人。", "41", "47"),
    ("prose_deduction", "主要扣分：投入扣0.5分，过程扣2分，效益扣1.5分，共扣{}分。", "4", "5"),
    ("prose_deduction", "项目自评总分96分。扣分原因：进度滞后，扣2.5分；资料不全，扣{}分。", "1.5", "2.5"),
    ("prose_bound", "渠系漏损率为{}，控制在8%以内。", "7.4%", "9.4%"),
    ("prose_bound", "第二批资金要求9月底前支付完毕，实际于{}支付完毕，共支付96万元。", "9月20日", "11月20日"),
    ("prose_product", "全年供水1.46万吨，日均供水{}吨。", "40", "30"),
    ("prose_product", "灌溉农田6.4万亩次，支付水费1.28亿元，次均水费{}元。", "2000", "2600"),
    ("counted_rate", "参保农户3860户，应参保4000户，参保率{}。", "96.5%", "95.6%"),
    ("counted_rate", "培训护渠员240人。结业228人，结业率{}。", "95%", "98%"),
    ("counted_rate", "走访农户300户，其中非常满意180户，比较满意105户，不满意15户，满意度{}。", "95%", "97%"),
    ("counted_rate", "闸门拍卖成交价63万元，起拍价60万元，溢价率{}。", "5%", "8%"),
    ("prose_balance", "年末资产总额864.2万元，负债总额120.6万元，净资产{}万元。", "743.6", "734.6"),
    ("prose_balance", "到位资金320万元，实际支出284万元，尚有{}万元未支付。", "36", "63"),
    ("plan_rate", "节水4.32万吨，较目标值4万吨增加0.32万吨，超目标{}。", "8%", "18%"),
    ("prose_list", "项目分布在石门、柳沟、白水{}个乡镇，修复渠道18公里。", "3", "4"),
    ("prose_list", "共214人，分三类：一类86人，每人90元；二类{}人，每人60元；三类56人，每人30元。", "72", "27"),
    ("prose_deduction", "进度滞后，扣0.5分；资料不全，扣1分。合计扣{}分。", "1.5", "2.5"),
    ("prose_bound", "渠系漏损率由9.8%降至{}个百分点，低于目标7%的要求。", "6.4%，下降3.4", "8.4%，下降1.4"),
    ("counted_rate", "招标采购节约资金38万元，预算760万元，成交722万元，节约38万元，节约率{}。", "5%", "8%"),
    ("prose_change", "灌区产值26.8亿元，其中粮食15.6亿元、果蔬11.2亿元，同比增长{}（上年25亿元）。", "7.2%", "12.7%"),
    ("prose_rate", "年初预算3200万元，年中追加660万元，实际支出3782.8万元，执行率{}。", "98%", "95%"),
    ("prose_share", "项目资金1368万元。中央负担957.6万元（{}），省级负担410.4万元（30%）。", "70%", "75%"),
    ("prose_share", "职工856人，其中技术人员728人、管理人员64人、工勤人员64人，技术人员占比{}。", "85.05%", "80.55%"),
    ("prose_product", "建设任务8.5万亩，总投资12750万元，亩均投资{}元。", "1500", "1800"),
    ("plan_rate", "新增节水农田273亩，比计划多13亩，完成率{}。", "105%", "115%"),
    ("prose_share", "下达864万元，其中：渠道216万元、闸门475.2万元、管护172.8万元，分别占25%、{}、20%。", "55%", "50%"),
    ("prose_product", "全年开放342天，接待37.62万人次，日均{}人次。", "1100", "1300"),
    ("prose_product", "监测点位64个，监测水样256份，每个点位{}份。", "4", "5"),
    ("prose_composition", "收入965.6万元。收入包括：公共预算480.2万元、专项120万元、其他{}万元。", "365.4", "356.4"),
    ("prose_deduction", "经自评，得96.7分。扣分3.3分：进度扣0.3分，质量扣2分，投诉扣{}分。", "1", "2"),
    ("prose_balance", "共下达资金2650万元。上年结转186万元，当年可用资金{}万元。", "2836", "2386"),
    ("counted_rate", "抽查260人，其中满意251人、一般6人、不满意3人，满意度{}。", "96.54%", "99.54%"),
    ("prose_composition", "下设水管站12个，其中城区站3个、乡镇站{}个。", "9", "8"),
    ("prose_product", "防治面积14.7万平方米，每平方米{}元，支出58.8万元。", "4", "5"),
    ("prose_score", "项目得分{}分，其中决策18分、过程19.5分、产出40分、效益20分。", "97.5", "95.7"),
    ("prose_share", "考核护渠员760人。优秀152人，占{}；合格600人，占78.95%；不合格8人，占1.05%。", "20%", "22%"),
])  # fmt: skip
def test_a_slip_in_what_a_report_tells(tmp_path: Path, rule: str, text: str, right: str, wrong: str) -> None:
    assert said_of(tmp_path, HEAD + text.format(right)) == []
    found = said_of(tmp_path, HEAD + text.format(wrong))
    assert [one.rule for one in found] == [rule]


def test_rates_told_one_after_another(tmp_path: Path) -> None:
    text = HEAD + (
        "项目分为三个子项目：渠道清淤70万元，闸门更换65万元，护坡加固45万元。全年支出174.6万元。渠道清淤支出69.2万元，"
        "闸门更换支出62.4万元，护坡加固支出43万元。三个子项目预算执行率分别为98.86%、{}和95.56%。\n"
    )
    assert said_of(tmp_path, text.format("96%")) == []
    assert [one.rule for one in said_of(tmp_path, text.format("94%"))] == ["prose_rate"]


@pytest.mark.parametrize("text", [
    "下达资金960万元，主要用于渠道清淤420万元、闸门更换210万元、护坡加固180万元。",  # a selection
    "培训186人，其中党员74人、妇女96人、脱贫人口52人。",  # people counted more than once
    "每处渗漏扣0.5分，未按期完工扣2分，共扣不超过5分。",  # how points are taken off
    "亩均投入512元，低于控制标准38元。",  # a difference, no bound
    "要求9月底前完工，实际于11月20日完工，因汛情延期。",  # told to be late
    "全年供水1.46万吨，日均供水52吨，运行280天。",  # fewer days
])  # fmt: skip
def test_what_is_open_is_not_accused(tmp_path: Path, text: str) -> None:
    assert said_of(tmp_path, HEAD + text) == []


def test_a_subtotal_row_is_held_against_the_rows_above_it(tmp_path: Path) -> None:
    assert said_of(tmp_path, FORM.format("49.5")) == []
    (found,) = said_of(tmp_path, FORM.format("50"))
    assert (found.rule, found.expected) == ("subtotal", "49.5分")


COUNTIES = """2023年度危房改造补助资金绩效自评报告
一、资金执行情况
省财政下达危房改造补助资金1200万元，全部分解到{}个县（区）。资金执行情况见下表，{}执行率最高。
各县（区）资金执行情况表（单位：万元）
县（区）\t下达资金\t实际支出\t执行率\t改造户数
云台县\t640.00\t608.00\t95.00%\t320
松河县\t320.00\t310.40\t97.00%\t160
梅岭区\t240.00\t230.40\t96.00%\t{}
合计\t1200.00\t1148.80\t95.73%\t600
"""


@pytest.mark.parametrize(("told", "rule"), [
    (("3", "松河县", "120"), None),
    (("4", "松河县", "120"), "prose_digest"),
    (("3", "梅岭区", "120"), "prose_list"),
    (("3", "松河县", "210"), "column_total"),
])  # fmt: skip
def test_a_table_of_counties_beside_what_is_told_of_it(tmp_path: Path, told: tuple[str, ...], rule: str | None) -> None:
    assert [one.rule for one in said_of(tmp_path, COUNTIES.format(*told))] == ([rule] if rule else [])


def test_what_is_beyond_the_target_of_an_indicator(tmp_path: Path) -> None:
    def of(rate: str) -> list[str]:
        goal = f"年度总体目标\t预期目标\t\t\t实际完成情况\n\t修复渠道12公里。\t\t\t修复渠道12.6公里，超目标{rate}。\n"
        text = FORM.format("49.5").replace("一级指标", f"{goal}一级指标", 1)
        return [one.rule for one in said_of(tmp_path, text)]

    assert of("5%") == []
    assert of("15%") == ["goal_indicator"]
