"""The list of rules as a page, generated from the registered checks (规则一览).

`python -m pipeline.checks.catalog` prints it; `docs/checks.md` is that text, and a test keeps it current.
"""

from __future__ import annotations

import inspect

from pipeline.checks.run import SUBJECT_FILES, all_rules

_SEVERITY = {"error": "错误", "warning": "存疑", "info": "提示"}
_HEAD = """\
# 核对规则

本页由 `python -m pipeline.checks.catalog > docs/checks.md` 生成，请勿手改。

每项核对对每份自评都给出结果：`consistent` 相符、`inconsistent` 不符、`not_checkable` 无法核对（并说明原因）。
“程度”是不符时的程度：错误（error）指填列的数字自相矛盾；存疑（warning）、提示（info）是判断，合规而少见。
同一规则的个别发现可以更轻，例如差额可由另一种计分办法解释时；读取把握不足的地方，错误一律降为存疑，请人核对原文。

数字按区间比较：填列的数代表四舍五入后会印成它的一切数，合计代表各区间之和，区间不相交才算矛盾。
分值是定出来的，0.5 的整倍数视为准确值；收支等数表里，带小数的数旁边印一个光秃秃的 0，就是没有，不是四舍五入的结果。
界限、等次标准、程度和用词在 `pipeline/checks/rules.toml`，改那里即可。
"""


def catalog() -> str:
    """The page as Markdown."""
    lines = [_HEAD]
    for module in SUBJECT_FILES:
        title = (inspect.getdoc(module) or "").splitlines()[0]
        zh = title[title.rfind("(") + 1 : title.rfind(")")]
        lines += [f"## {zh}", "", "| 代码 | 核对什么 | 程度 | 依据 |", "|---|---|---|---|"]
        for rule in all_rules():
            if rule.run.__module__ == module.__name__:
                lines.append(f"| `{rule.code}` | {rule.title} | {_SEVERITY[rule.severity]} | {rule.source} |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    print(catalog(), end="")
