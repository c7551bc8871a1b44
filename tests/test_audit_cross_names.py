"""Names of offices and projects: what is one office, what may be, what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dataset.keys.names import office, project_key, similar_offices, similarity


def alike(one: str, other: str) -> float:
    return similarity(office(one), office(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云台山区财政局", "云台市云台山区财政局"),
        ("湖南省 云台市财政局", "云台市财政局"),
        ("市级机关事务管理局", "机关事务管理局"),
    ],
)
def test_regions_above_and_blanks_make_no_difference(one: str, other: str) -> None:
    assert office(one).identity == office(other).identity
    assert alike(one, other) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云台山区卫生计生信息管理服务中心", "云台市云台山区卫生健康信息中心"),
        ("甲县国土资源局", "甲县自然资源局"),
        ("甲县城市管理行政执法局", "甲县城市管理和综合执法局"),
        ("财政局", "云台山区财政局"),
    ],
)
def test_renamed_offices_are_similar_never_the_same(one: str, other: str) -> None:
    assert office(one).identity != office(other).identity
    assert 0.8 <= alike(one, other) < 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("云台市财政局", "云台市云台山区财政局"),
        ("清溪区财政局", "云台山区财政局"),
        ("云台山区民政局", "云台山区财政局"),
        ("甲县洞庭街道第一中心小学", "甲县洞庭街道第二中心小学"),
        ("城南社区卫生服务中心", "城北社区卫生服务中心"),
    ],
)
def test_other_offices_are_not_similar(one: str, other: str) -> None:
    assert alike(one, other) < 0.9
    if "社区" not in one:
        assert alike(one, other) < 0.8


def test_words_that_only_look_like_regions() -> None:
    for name in ("城南社区卫生服务中心", "乡村振兴局", "城乡居民社会养老保险局", "市场监督管理局", "城市管理局"):
        assert office(name).region == "", name


def test_the_region_of_the_form_serves_where_the_name_has_none() -> None:
    assert office("财政局", "云台市云台山区").region == "云台山区"


def test_projects_keep_their_phase_and_lose_their_year() -> None:
    assert project_key("2022年度农村公路养护项目") == project_key("农村公路养护") != project_key("农村公路养护（二期）")
    assert project_key("设备购置（一期）") != project_key("设备购置（二期）")


@given(
    st.text("甲乙市县区局中心服务管理卫生健康一二", min_size=1, max_size=14), st.text("甲乙市县区局中心", max_size=8)
)
def test_similarity_is_symmetric_and_bounded(one: str, other: str) -> None:
    if other:
        assert 0 <= alike(one, other) == alike(other, one) <= 1
    assert alike(one, one) == 1


def test_similar_offices_are_found_without_comparing_all() -> None:
    names = [f"{place}县{what}" for place in "甲乙丙丁戊己" for what in ("农业局", "农业农村局", "财政局", "教育局")]
    found = similar_offices(map(office, names), 0.8)
    pairs = {(one, other) for one, others in found.items() for other in others}
    expected = {((f"{place}县", "农业局"), (f"{place}县", "农业农村局")) for place in "甲乙丙丁戊己"}
    assert pairs == expected | {(other, one) for one, other in expected}
