"""No phone number and no private person's name gets through; figures and words of the trade do."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.privacy import IDENTITY, MAIL, NAME, PHONE, redact


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("组  长： 王小明\n副组长：赵刚\n成  员： 孙向国、钱林、欧阳治国",
         f"组  长： {NAME}\n副组长：{NAME}\n成  员： {NAME}、{NAME}、{NAME}"),
        ("填表人：王磊     联系电话：13900000000  单位负责人签字：      填报日期：2023-06-10",
         f"填表人：{NAME}     联系电话：{PHONE}  单位负责人签字：      填报日期：2023-06-10"),
        ("填报人（签名）：魏红          联系电话：07301234567", f"填报人（签名）：{NAME}          联系电话：{PHONE}"),
        ("联系人：方军联络电话：0730-1234567", f"联系人：{NAME}联络电话：{PHONE}"),
        ("组长：王飞（局长），副组长：赵刚 副局长、钱五，成员：各股室负责人",
         f"组长：{NAME}（局长），副组长：{NAME} 副局长、{NAME}，成员：各股室负责人"),
        ("由局长张三任组长，副局长李四同志任副组长", f"由局长{NAME}任组长，副局长{NAME}同志任副组长"),
        ("组长：\n张三\n李四\n二、概况", f"组长：\n{NAME}\n{NAME}\n二、概况"),
        ("负责人：李 飞", f"负责人：{NAME}"),
        ("成员：古丽·买买提、阿依·艾合买提，办公室", f"成员：{NAME}、{NAME}，办公室"),
        ("会计：杨柳出纳：王五", f"会计：{NAME}出纳：{NAME}"),
        ("咨询电话(0513)85210000，传真 0513-85210000转8001", f"咨询电话{PHONE}，传真 {PHONE}"),
        ("联系电话：2280000", f"联系电话：{PHONE}"),
        ("邮箱 abc.def@example.com", f"邮箱 {MAIL}"),
        ("身份证11010519491231002X", f"身份证{IDENTITY}"),
    ],
)  # fmt: skip
def test_private_data_is_replaced(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "（1）组长职责：审批绩效自评方案；（2）副组长职责：审核",
        "2021年支出15073053666元，项目编码50011200000000000123",
        "评价组组长（签字）：\n   年    月    日",
        "成员单位：财政局",
        "填表人：    审核人：    ",
        "主任务完成，领导干部任职情况良好",
        "其中：人员经费75.65万元，占基本支出的56.92%",
        "某财〔2021〕85号5000万元",
        "12,345,678.90元，110105194912310021",
        "",
    ],
)
def test_the_rest_is_left_alone(text: str) -> None:
    assert redact(text) == text


names = st.builds(
    str.__add__,
    st.sampled_from("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"),
    st.text("伟芳娜敏静丽强磊军洋勇艳杰娟涛超霞", min_size=1, max_size=2),
)


@settings(deadline=None)
@given(
    st.sampled_from(["填表人：", "联系人: ", "组 长：", "副组长：", "成　员：", "经办人（签字）：", "项目负责人："]),
    st.lists(names, min_size=1, max_size=5, unique=True),
    st.sampled_from(["、", " ", "，", "\n"]),
)
def test_every_name_behind_a_label_is_replaced(label: str, people: list[str], separator: str) -> None:
    masked = redact(f"{label}{separator.join(people)}\n二、绩效目标")
    assert not any(name in masked for name in people)
    assert masked.startswith(label) and masked.endswith("二、绩效目标")


@settings(deadline=None)
@given(st.from_regex(r"1[3-9][0-9]{9}|0[0-9]{2,3}-[0-9]{7,8}", fullmatch=True))
def test_every_phone_number_is_replaced(number: str) -> None:
    assert redact(f"电话：{number}。") == f"电话：{PHONE}。"


@settings(deadline=None)
@given(st.text(max_size=80))
def test_no_text_raises_and_nothing_is_masked_twice(text: str) -> None:
    assert redact(redact(text)) == redact(text)


@pytest.mark.parametrize("unit", ["组长：", "1", "李飞、", "组 ", "a@", "组长：李飞、", " ", "0"])
def test_a_long_text_is_masked_in_bounded_time(unit: str) -> None:
    started = time.process_time()
    redact(unit * (100_000 // len(unit)))
    assert time.process_time() - started < 5
