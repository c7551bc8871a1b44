"""Every notation for money, percent, points, targets and counts, and nothing read that is not certain."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.quantities import (
    Quantity,
    find_quantities,
    interval_of,
    is_blank,
    money_factor,
    parse_actual,
    parse_count,
    parse_money,
    parse_number,
    parse_percent,
    parse_points,
    parse_target,
)

D = Decimal


@pytest.mark.parametrize(
    ("raw", "value", "step"),
    [
        ("1,463.50", "1463.5", "0.01"),
        ("1，463．50", "1463.5", "0.01"),
        ("１２３４", "1234", "1"),
        ("0.00", "0", "0.01"),
        ("23.123456", "23.123456", "0.000001"),
        ("二十三万元", "23", "1"),
        ("壹佰万元整", "100", "0.000001"),
        ("一千二百三十四万五千六百元", "1234.56", "0.0001"),
        ("一亿零五百万元", "10500", "1"),
        ("两千元", "0.2", "0.0001"),
        ("三点五万元", "3.5", "0.1"),
        ("60万8千元", "60.8", "0.1"),
        ("1亿2000万元", "12000", "1"),
        ("608000元", "60.8", "0.0001"),
        ("5万兀", "5", "1"),
        ("3元5角", "0.00035", "0.00001"),
        ("伍拾元零贰分", "0.005002", "0.000001"),
        ("3亿", "30000", "10000"),
        ("2.5百万元", "250", "10"),
        ("8千元", "0.8", "0.1"),
        ("￥1,234.00", "1234", "0.01"),
        ("人民币5万元整", "5", "0.000001"),
        ("-5.2", "-5.2", "0.1"),
        ("－5.2", "-5.2", "0.1"),
        ("（5.2）", "-5.2", "0.1"),
        ("12345\n.67", "12345.67", "0.01"),
        ("1,23\n4.56", "1234.56", "0.01"),
        ("15 万元", "15", "1"),
        ("壹萬圓整", "1", "0.000001"),
    ],
)
def test_money(raw: str, value: str, step: str) -> None:
    amount = parse_money(raw)
    assert amount is not None
    assert (amount.value, amount.step, amount.unit) == (D(value), D(step), "wanyuan")
    assert not amount.approximate


@pytest.mark.parametrize("raw", ["约15万元", "5000余万元", "58多万", "近30万", "4万元左右", "大约7万元"])
def test_about(raw: str) -> None:
    amount = parse_money(raw)
    assert amount is not None and amount.approximate
    assert amount.interval.high - amount.interval.low >= amount.value / 10


@pytest.mark.parametrize(
    "raw",
    [
        "", "—", "－", "-", "/", "无", "……", "**", "#DIV/0!", "1484631.00%", "415万元附", "12**.5", "1**", "XX万元",
        "6万5", "12 34", "12\n34", "148 46", "1,23", "1.234.5", "12,34,567", "3元/亩", "3万元/公里", "2022年", "100.",
        "百万元", "一百五", "三五万元", "几十万", "1/2", "400（含结转20）", "9" * 30, "1万2千3万", "97%",
        "100万-200万元",
    ],
)  # fmt: skip
def test_no_amount_is_guessed(raw: str) -> None:
    assert parse_money(raw) is None


@pytest.mark.parametrize(
    ("unit", "factor"),
    [("元", "0.0001"), ("千元", "0.1"), ("万元", "1"), ("百万元", "100"), ("亿元", "10000"), ("（单位：万元）", "1")],
)
def test_the_unit_of_the_head_rules_unless_the_cell_has_its_own(unit: str, factor: str) -> None:
    assert money_factor(unit) == D(factor)
    amount, own = parse_money("12.34", unit), parse_money("12.34万元", unit)
    assert amount is not None and own is not None
    assert amount.value == D("12.34") * D(factor)
    assert amount.step == D("0.01") * D(factor)
    assert own.value == D("12.34")


def test_what_is_no_unit_of_money_has_no_factor() -> None:
    assert money_factor("人") is None
    assert parse_money("12.34", "人") is None


@pytest.mark.parametrize(
    ("raw", "value", "step"),
    [
        ("92.25%", "92.25", "0.01"),
        ("92.25", "92.25", "0.01"),
        ("9１．5％", "91.5", "0.1"),
        ("5‰", "0.5", "0.1"),
        ("百分之九十五", "95", "1"),
        ("百分之三点五", "3.5", "0.1"),
        ("千分之五", "0.5", "0.1"),
        ("100.00(%)", "100", "0.01"),
        ("100百分比", "100", "1"),
        ("3个百分点", "3", "1"),
        ("129.6%", "129.6", "0.1"),
        ("-12.5%", "-12.5", "0.1"),
    ],
)
def test_percent(raw: str, value: str, step: str) -> None:
    found = parse_percent(raw)
    assert found is not None
    assert (found.value, found.step, found.unit) == (D(value), D(step), "pct")


@pytest.mark.parametrize("raw", ["—", "1484631.00%", "≥98%", "98%以上", "5万%", "100元", "1%2%", "0.5 10%", "百分之"])
def test_no_percentage_is_guessed(raw: str) -> None:
    assert parse_percent(raw) is None


def test_a_bare_ratio_is_a_percentage_only_where_asked() -> None:
    points, ratio, whole = parse_percent("0.92"), parse_percent("0.92", "auto"), parse_percent("20", "auto")
    assert points is not None and ratio is not None and whole is not None
    assert (points.value, ratio.value, ratio.step, whole.value) == (D("0.92"), D(92), D(1), D(20))


@pytest.mark.parametrize(
    ("raw", "value", "unit"),
    [("10", "10", "number"), ("9.23分", "9.23", "point"), ("１０", "10", "number"), ("十", "10", "number"),
     ("九点五分", "9.5", "point"), ("10（分）", "10", "point"), ("22.5", "22.5", "number"), ("-2", "-2", "number")],
)  # fmt: skip
def test_points(raw: str, value: str, unit: str) -> None:
    found = parse_points(raw)
    assert found is not None
    assert (found.value, found.unit) == (D(value), unit)


@pytest.mark.parametrize(
    "raw", ["10人", "1 0", "10\n9", "12.5.", "100%", "（10）", "优", "5万", "10/10", "≥10", "—", "1234567"]
)
def test_no_points_are_guessed(raw: str) -> None:
    assert parse_points(raw) is None


@pytest.mark.parametrize(
    ("raw", "value", "unit"),
    [("152,300人", "152300", "person"), ("4.29万例", "42900", "case"), ("12.5公里", "12.5", "kilometre"),
     ("3台（套）", "3", "item"), ("3年", "3", "year")],
)  # fmt: skip
def test_a_count_with_its_unit(raw: str, value: str, unit: str) -> None:
    found = parse_count(raw)
    assert found is not None and (found.value, found.unit) == (D(value), unit)


@pytest.mark.parametrize("raw", ["2022年", "3", "3人5台", "约", "3-5人", "12万元", "50%", "人"])
def test_what_is_no_single_count(raw: str) -> None:
    assert parse_count(raw) is None


@pytest.mark.parametrize("raw", ["152300", "1,523,000", "１００００００", "99999999.5"])
def test_a_number_is_not_limited_as_points_are(raw: str) -> None:
    found = parse_number(raw)
    assert found is not None and (found.value >= 100_000, found.unit) == (True, "number")
    assert parse_points(raw) is None


@pytest.mark.parametrize(
    "raw", [None, "", " ", "\u3000", "—", "－", "-", "--", "/", "无", "……", "...", "**", "N/A", "＊＊"]
)
def test_blank(raw: str | None) -> None:
    assert is_blank(raw)


@pytest.mark.parametrize("raw", ["0", "0.00", "不", "12**", "无烟率", "x光机"])
def test_not_blank(raw: str) -> None:
    assert not is_blank(raw)


@pytest.mark.parametrize(
    ("raw", "op", "value", "high", "unit"),
    [
        ("=100.00(%)", "=", "100", None, "%"),
        ("≥6000.00(人)", ">=", "6000", None, "人"),
        ("=100.00 (%)", "=", "100", None, "%"),
        ("≥100百分比", ">=", "100", None, "百分比"),
        ("≥112.00(台（套）)", ">=", "112", None, "台（套）"),
        ("≥123台（套）", ">=", "123", None, "台（套）"),
        ("8-10月", "range", "8", "10", "月"),
        ("90%-95%", "range", "90", "95", "%"),
        ("8～10", "range", "8", "10", None),
        ("5至8次", "range", "5", "8", "次"),
        ("10-20万元", "range", "10", "20", "万元"),
        ("0起", "=", "0", None, "起"),
        ("5‰以内", "<=", "5", None, "‰"),
        ("不低于87%", ">=", "87", None, "%"),
        ("不少于三次", ">=", "3", None, "次"),
        ("至少3次", ">=", "3", None, "次"),
        ("大于等于90%", ">=", "90", None, "%"),
        ("90分以上", ">=", "90", None, "分"),
        ("达到95%以上", ">=", "95", None, "%"),
        ("百分之九十五以上", ">=", "95", None, "%"),
        ("控制在100万元以内", "<=", "100", None, "万元"),
        ("不超过2万元/公里", "<=", "2", None, "万元/公里"),
        ("低于5%", "<", "5", None, "%"),
        ("高于5%", ">", "5", None, "%"),
        ("≧81%", ">=", "81", None, "%"),
        ("≦3万元/公里", "<=", "3", None, "万元/公里"),
        ("═5", "=", "5", None, None),
        ("≤300元/人*月", "<=", "300", None, "元/人*月"),
        ("300元/人×月", "=", "300", None, "元/人×月"),
        ("≤300元/人/月", "<=", "300", None, "元/人/月"),
        ("≤2000元/人.月", "<=", "2000", None, "元/人.月"),
        ("1200元/户/年以内", "<=", "1200", None, "元/户/年"),
        ("≥3次/人*年", ">=", "3", None, "次/人*年"),
        ("=>90", ">=", "90", None, None),
        ("＞5", ">", "5", None, None),
        ("﹤5", "<", "5", None, None),
        ("小于等于1425元/人年", "<=", "1425", None, "元/人年"),
        ("0.5元/人·月", "=", "0.5", None, "元/人·月"),
        ("不低于110万页", ">=", "110", None, "万页"),
        ("≥1,234.50万元", ">=", "1234.5", None, "万元"),
        ("≥-5%", ">=", "-5", None, "%"),
        ("合格率≥95%", ">=", "95", None, "%"),
        ("98%", "=", "98", None, "%"),
        ("3家公立医院", "=", "3", None, "家"),
        ("46小时", "=", "46", None, "小时"),
        ("22年", "=", "22", None, "年"),
        ("二十三万元", "=", "23", None, "万元"),
        ("60万8千元", "=", "608000", None, "元"),
        ("=2022年12月底前", "=", "2022", None, "年12月底前"),
        ("≥95%（含）", ">=", "95", None, "%"),
    ],
)
def test_target(raw: str, op: str, value: str, high: str | None, unit: str | None) -> None:
    target = parse_target(raw)
    assert (target.op, target.value, target.high, target.unit) == (op, D(value), high and D(high), unit)


@pytest.mark.parametrize(
    "raw",
    [
        "12月底前", "前3名", "全省排名前10位", "2022年12月底前", "2022年", "7*24小时", "及时", "不超过预算投入",
        "每月不少于2次", "65岁以上老人体检",
        "2017版规范", "5G覆盖", "ISO9001认证", "≥3次，≤5次", "2021-2023年", "2022.01-2022.12", "12 34", "1/2", "1:3",
        "≥20xx户", "≥**%", "××人", "20xx年", "≥95*%", "5X人", "≥××人次",
        "全年完成", "高于上年", "6月", "—", "", "≥", "%", "100-", "2021-12-31", "20-10次",
    ],
)  # fmt: skip
def test_a_target_in_words_has_no_value(raw: str) -> None:
    target = parse_target(raw)
    assert (target.op, target.value, target.high, target.unit) == (None, None, None, None)


@pytest.mark.parametrize(
    ("raw", "value", "unit"),
    [
        ("45739", "45739", None), ("100%", "100", "%"), ("已完成100%", "100", "%"), ("≥98%", "98", "%"),
        ("1712批次", "1712", "批次"), ("2008余人次", "2008", "人次"), ("注册率100%", "100", "%"),
        ("9,478人", "9478", "人"),
        ("132.90万元", "132.9", "万元"), ("完成 100 %", "100", "%"),
    ],
)  # fmt: skip
def test_actual(raw: str, value: str, unit: str | None) -> None:
    assert (parse_actual(raw).value, parse_actual(raw).unit) == (D(value), unit)


@pytest.mark.parametrize(
    "raw", ["达成", "2022年12月", "未完成100%", "甲得99.24分。乙得96.53分", "2家医院及18家中心", "90%-95%", "—", "完成"]
)
def test_an_actual_in_words_has_no_value(raw: str) -> None:
    assert (parse_actual(raw).value, parse_actual(raw).unit) == (None, None)


def mentioned(text: str, default_unit: str | None = None) -> list[tuple[str, str]]:
    return [(f"{f.quantity.value.normalize():f}", f.quantity.unit) for f in find_quantities(text, default_unit)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "预算数578.71万元，执行533.87 万元，执行率92.25%。",
            [("578.71", "wanyuan"), ("533.87", "wanyuan"), ("92.25", "pct")],
        ),
        ("下达经费（某财〔2021〕85号5000万元）", [("5000", "wanyuan")]),
        ("村网络运行服务费6万。", [("6", "wanyuan")]),
        ("全县83万人口", [("830000", "person")]),
        ("检查4.2949万例", [("42949", "case")]),
        ("去年节约40万元", [("40", "wanyuan")]),
        ("培训10余次，2008余人次", [("10", "times"), ("2008", "person_times")]),
        ("补助300元/人*月、500元/人/月、3元/人月", [("300", "元/人*月"), ("500", "元/人/月"), ("3", "元/人月")]),
        ("补助3元/亩、每人每月0.5元/人·月", [("3", "元/亩"), ("0.5", "元/人·月")]),
        ("支出1，234.56万元，100人", [("1234.56", "wanyuan"), ("100", "person")]),
        ("共投入1亿2000万元", [("12000", "wanyuan")]),
        ("壹佰万元整用于建设", [("100", "wanyuan")]),
        ("占比百分之九十五", [("95", "pct")]),
        ("提高3.5个百分点", [("3.5", "pct")]),
        ("结余-5.2万元", [("-5.2", "wanyuan")]),
        ("二是统一100万元", [("100", "wanyuan")]),
        ("2021年3月15日第3次会议，2017版规范“46312”，电话15073053666，0730-2280632", []),
        ("投入12**.5万元", []),
        ("投入XX万元", []),
        ("100-200万元", []),
        ("8时30分", []),
        ("几十万元", []),
        ("数十万元", []),
        ("0-6岁儿童", []),
        ("2.15家医院", []),
        ("预算100，200人参加", []),
        ("2022.01  项目开始", []),
        ("五个数据库，一是完成", []),
        ("元旦3元素", []),
    ],
)
def test_mentions(text: str, expected: list[tuple[str, str]]) -> None:
    assert mentioned(text) == expected


def test_a_bare_number_is_an_amount_where_the_unit_is_given() -> None:
    assert mentioned("一般公共预算：132.90", "万元") == [("132.9", "wanyuan")]
    assert mentioned("一般公共预算：1329000", "元") == [("132.9", "wanyuan")]
    assert mentioned("一般公共预算：132.90") == []


def test_about_belongs_to_the_mention_but_not_to_another_word() -> None:
    about, saved = (next(iter(find_quantities(t))) for t in ("支出约40万元。", "节约40万元。"))
    assert about.quantity.approximate and about.quantity.raw == "约40万元"
    assert not saved.quantity.approximate and saved.quantity.raw == "40万元"


amounts = st.decimals(min_value=0, max_value=10**8, places=6)
places = st.integers(min_value=0, max_value=6)


@settings(deadline=None)
@given(amounts, places, st.sampled_from(["", "元", "千元", "万元", "百万元", "亿元"]), st.booleans(), st.booleans())
def test_what_is_printed_is_what_is_read(value: Decimal, digits: int, unit: str, commas: bool, wide: bool) -> None:
    rounded = round(value, digits)
    printed = f"{rounded:{',' if commas else ''}.{digits}f}{unit}"
    if wide:
        printed = printed.translate({ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789.,"})
    amount = parse_money(printed)
    factor = money_factor(unit or "万元")
    assert amount is not None and factor is not None
    assert amount.value == rounded * factor
    assert amount.step == D(1).scaleb(-digits) * factor
    assert amount.interval.low <= amount.value <= amount.interval.high
    in_sentence = list(find_quantities(f"本年支出{printed}。", "万元"))
    assert len(in_sentence) == 1 or wide
    assert not in_sentence or in_sentence[0].quantity.value == amount.value


def chinese(n: int, digits: str = "零一二三四五六七八九", small: str = " 十百千") -> str:
    """An independent writer of Chinese numerals, as the reader's oracle."""
    if n == 0:
        return digits[0]
    out, zero, groups = "", False, []
    while n:
        n, group = divmod(n, 10**4)
        groups.append(group)
    for index in range(len(groups) - 1, -1, -1):
        group, text = groups[index], ""
        for place in (3, 2, 1, 0):
            digit = group // 10**place % 10
            if digit:
                text += (digits[0] if zero else "") + digits[digit] + small[place].strip()
                zero = False
            elif out or text:
                zero = True
        if text:
            out += text + ["", "万", "亿"][index]
    return out


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**12 - 1))
def test_chinese_numerals(n: int) -> None:
    for digits, small in (("零一二三四五六七八九", " 十百千"), ("零壹贰叁肆伍陆柒捌玖", " 拾佰仟")):
        amount = parse_money(chinese(n, digits, small) + "元")
        assert amount is not None
        assert amount.value == D(n) / 10**4


@settings(deadline=None)
@given(st.decimals(min_value=0, max_value=1000, places=4), places)
def test_percentages_round_trip(value: Decimal, digits: int) -> None:
    rounded = round(value, min(digits, 4))
    for printed, factor in ((f"{rounded}%", D(1)), (f"{rounded}％", D(1)), (f"{rounded}‰", D("0.1"))):
        found = parse_percent(printed)
        assert found is not None and found.value == rounded * factor


words = st.sampled_from(
    ["≥", "不低于", "以上", "以内", "%", "‰", "百分之", "万", "亿", "元", "一", "二十", "零", "点", "-", "~", "至", "(",
     ")", "（", "）", "/", ".", ",", "，", "1", "23", "456", "00", "年", "月", "人", "约", "余", "〔2021〕", "号", " ",
     "\n", "*", "分"]
)  # fmt: skip
messy = st.one_of(st.text(max_size=60), st.lists(words, max_size=14).map("".join))


@settings(deadline=None)
@given(messy)
def test_no_text_raises_and_every_value_fits_the_dataset(text: str) -> None:
    found = [f.quantity for f in find_quantities(text)]
    found += [f.quantity for f in find_quantities(text, "元")]
    cells = [
        parse_money(text),
        parse_money(text, "元"),
        parse_percent(text),
        parse_percent(text, "auto"),
        parse_number(text),
    ]
    for quantity in found + [cell for cell in cells if cell is not None]:
        assert isinstance(quantity, Quantity)
        assert quantity.value.is_finite() and quantity.step > 0
        assert quantity.interval.low <= quantity.value <= quantity.interval.high
        assert abs(quantity.value) < 10**13
    target = parse_target(text)
    assert (target.op is None) == (target.value is None)
    assert (target.op == "range") == (target.high is not None)
    parse_actual(text)
    is_blank(text)
    for mention in find_quantities(text):
        assert text[mention.start : mention.end] == mention.quantity.raw


@pytest.mark.parametrize(
    "unit", ["1", "1,", "一", "万", "1.", "(", "〔2021〕", "百分之", "1万", " ", "-", "1-", "约", "，1", "12 "]
)
def test_a_long_text_is_read_in_bounded_time(unit: str) -> None:
    text = unit * (100_000 // len(unit))
    started = time.process_time()
    for parse in (parse_money, parse_percent, parse_number, parse_target, parse_actual, is_blank):
        parse(text)
    sum(1 for _ in find_quantities(text))
    assert time.process_time() - started < 5


@pytest.mark.parametrize(
    ("value", "raw", "kind", "unit", "low", "high"),
    [
        ("1463.5", "1,463.50", "money", "万元", "1463.495", "1463.505"),
        ("0.14635", "1463.5", "money", "元", "0.146345", "0.146355"),
        ("0.14635", "1463.5", "money", "万元", "0.146345", "0.146355"),
        ("1463.5", None, "money", "万元", "1463.45", "1463.55"),
        ("1463.500000", "看不清", "money", "万元", "1463.45", "1463.55"),
        ("100", None, "money", "万元", "99.5", "100.5"),
        ("92.25", "92.25%", "percent", "万元", "92.245", "92.255"),
        ("92", "0.92", "percent", "万元", "91.5", "92.5"),
        ("9.23", "9.23分", "number", "万元", "9.225", "9.235"),
        ("0", "0.00", "money", "万元", "-0.005", "0.005"),
    ],
)
def test_the_interval_of_a_printed_value(
    value: str, raw: str | None, kind: str, unit: str, low: str, high: str
) -> None:
    interval = interval_of(D(value), raw, kind, unit)  # type: ignore[arg-type]
    assert (interval.low, interval.high) == (D(low), D(high))


@pytest.mark.parametrize(
    "text", ["一般", "一致", "一流", "一次性验收合格", "三级医院", "一户一档", "两不愁三保障", "三公经费下降"]
)
def test_words_that_begin_with_a_numeral_are_no_numbers(text: str) -> None:
    assert parse_target(text).op is None
    assert parse_actual(text).value is None


@pytest.mark.parametrize(
    "text, value", [("十项", 10), ("二十三项", 23), ("不少于三百人", 300), ("零事故", 0), ("百分之九十五", 95)]
)
def test_numbers_in_chinese_have_their_unit_and_no_more(text: str, value: int) -> None:
    assert parse_target(text).value == value


def test_an_amount_with_what_it_is_made_of_in_brackets() -> None:
    found = parse_money("854万(农田建设400万元,示范建设454万元)")
    assert found is not None and (found.value, found.raw) == (854, "854万(农田建设400万元,示范建设454万元)")
    assert parse_money("100元(每人)") is None
    assert parse_money("12(万元)") is None


def test_numbers_of_a_list_share_the_unit_told_once() -> None:
    found = [
        (mention.quantity.value, mention.quantity.unit) for mention in find_quantities("分别为1,320.50、1,468.9万元")
    ]
    assert found == [(D("1320.50"), "wanyuan"), (D("1468.9"), "wanyuan")]
    assert [mention.quantity.raw for mention in find_quantities("一、85、86号文件安排5000万元")] == ["5000万元"]
    assert [mention.quantity.raw for mention in find_quantities("2022、580万元")] == ["580万元"]


def test_blanks_that_group_thousands_in_a_sentence() -> None:
    assert [mention.quantity.value for mention in find_quantities("全年预算1 864.00万元")] == [D("1864.00")]
    assert [mention.quantity.value for mention in find_quantities("批次1 864万元")] == [D(864)]
