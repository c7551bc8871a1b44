"""The records: one frozen dataclass per table of the dataset (数据集记录).

A field's metadata carries its column type, unit and meaning in Chinese and English; `schemas.tables` turns them into
Arrow schemas, Parquet metadata and the data dictionary, so nothing is described twice.
Unknown is None, never 0 and never "". What was printed is kept beside what was understood (`*_raw`); a derived value
is never written into a column of printed values.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

BBox = tuple[float, float, float, float]

Status = Literal["ok", "partial", "empty", "failed"]
EvaluationKind = Literal["project", "unit", "transfer", "other", "target"]
FundingRole = Literal["total", "component"]
TargetOp = Literal[">=", "<=", ">", "<", "=", "range"]
AmountOrigin = Literal["table", "prose"]
AmountRole = Literal["total", "sum", "part", "share"]
SectionKind = Literal["overview", "goals", "funding", "results", "problems", "suggestions", "other"]
RelationRole = Literal["result", "plus", "minus", "dividend", "divisor", "factor", "other"]
Outcome = Literal["consistent", "inconsistent", "not_checkable"]
Severity = Literal["error", "warning", "info"]

_REQUIRED: Any = object()


def column(kind: str, zh: str, en: str, unit: str = "", default: Any = None) -> Any:
    """A dataclass field that describes its column: `kind` is a key of `schemas.tables.ARROW_TYPES`."""
    metadata = {"kind": kind, "zh": zh, "en": en, "unit": unit}
    if default is _REQUIRED:
        return field(metadata=metadata)
    return field(default=default, metadata=metadata)


def _suspect() -> Any:
    zh, en = "是否存疑：核对不符可能错在此行", "Whether a contradiction may be this row's mistake"
    return column("flag", zh, en, default=False)


def _finding_count() -> Any:
    return column("int16", "涉及此行的不符之处", "Findings that this row is part of", default=0)


def _max_severity() -> Any:
    return column("text", "其中最重的程度：error、warning、info", "The gravest of them: error, warning, info")


def _suggested(kind: str, zh: str, en: str, unit: str) -> Any:
    return column(kind, f"{zh}：与其他数字相符的值", f"{en}: the value that would fit the other numbers", unit)


@dataclass(frozen=True, slots=True)
class CellPlace:
    """Where the printed value of one column stands, and how it was printed (数值所在位置与原样).

    `raw` is the text of the cell and `unit_raw` the unit it was read in, wherever that is printed (cell, label of the
    row, head of the column, of the block, of the page); null where none is. `step` is what its last printed digit is
    worth, in the unit of the column: 0.0001 for 5元 in 万元. Of an approximate figure it is the width of what the
    figure may stand for. `confidence` is that of this cell. `confirmed` says whether another engine read the same
    digits there when a contradiction was found; null where nobody had to look. All null where the column holds words.
    """

    column: str
    page: int | None = None
    bbox: BBox | None = None
    locator: str | None = None
    raw: str | None = None
    unit_raw: str | None = None
    step: Decimal | None = None
    confidence: float | None = None
    confirmed: bool | None = None

    def rated(self, confidence: float) -> CellPlace:
        """The same with that confidence."""
        return CellPlace(
            self.column,
            self.page,
            self.bbox,
            self.locator,
            self.raw,
            self.unit_raw,
            self.step,
            confidence,
            self.confirmed,
        )


@dataclass(frozen=True, slots=True)
class Subject:
    """One value a check looked at: `table`, the row's `ordinal` there, and its `column` (核对对象)."""

    table: str
    ordinal: int
    column: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What one value would have to be for the numbers to agree (更正建议), never put in its place.

    `value` is in the unit of its column; None where the mistake is another one than the value (a row that is missing).
    """

    table: str
    ordinal: int
    column: str
    value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """documents: one row per file seen, whatever became of it (文件)."""

    document_id: str = column("text", "文件内容的 SHA-256（十六进制）", "SHA-256 of the bytes, hex", default=_REQUIRED)
    source_uri: str = column("text", "来源地址", "Where the file came from", default=_REQUIRED)
    file_name: str = column("text", "文件名", "File name", default=_REQUIRED)
    format: str | None = column("text", "格式：pdf、docx、txt……", "Format: pdf, docx, txt, …")
    size_bytes: int | None = column("int64", "文件大小", "Size of the file", "byte")
    page_count: int | None = column("int32", "页数", "Number of pages", "page")
    text_source: str | None = column(
        "text", "文字来源：native 原生、ocr 识别、mixed 混合", "Where the text came from: native, ocr, mixed"
    )
    recognised_pages: tuple[int, ...] | None = column(
        "pages", "由图像识别的页，页码从 1 起", "Pages read from their pictures, 1-based"
    )
    encoding: str | None = column("text", "文本编码", "Text encoding")
    status: Status = column(
        "text",
        "状态：ok 已读；partial 有未能读取之处；empty 无自评；failed 读取失败",
        "ok; partial: something recognised could not be read; empty: no self-evaluation in it; failed",
        default="ok",
    )
    error_code: str | None = column("text", "原因代码", "Reason code")
    error: str | None = column("text", "原因与处理建议", "Reason, and what to do")
    evaluation_count: int = column("int32", "自评数量", "Number of evaluations", default=0)
    extractor_version: str = column("text", "抽取程序版本", "Version of the extractor", default="")
    ingested_at: datetime | None = column("timestamp", "入库时间（UTC）", "When it was ingested (UTC)")
    duplicate_of: str | None = column(
        "text",
        "内容相同的文件：其自评只在该来源下计一次",
        "Source of the file with the same bytes, under which the content stands once",
    )
    modified_at: datetime | None = column(
        "timestamp", "读取时来源文件的修改时间（UTC）", "When the source had last been modified, as read (UTC)"
    )
    missing_since: datetime | None = column(
        "timestamp",
        "来源不再存在，自何时发现（UTC）；各行保留",
        "Found gone from its source since (UTC); its rows stay",
    )
    rules_version: str | None = column("text", "核对规则的版本", "Version of the rules of the checks")
    failed_since: datetime | None = column(
        "timestamp", "最近一次读取失败，自何时起（UTC）", "The last reading failed: since when (UTC)"
    )
    failed_version: str | None = column(
        "text",
        "失败时的抽取程序版本；来源未能交出文件时为空",
        "Extractor version of the failed reading; null where the source did not deliver the file",
    )
    failed_code: str | None = column("text", "失败原因代码", "Reason code of the failed reading")
    failed_error: str | None = column("text", "失败原因与处理建议", "Reason of the failed reading, and what to do")
    source_name: str | None = column(
        "text", "来源名称（ziping.toml 中的 name）", "Name of the source that delivered it, as in ziping.toml"
    )
    found_on: str | None = column("text", "链接所在网页的地址", "Address of the page that links to it")
    link_text: str | None = column("text", "网页上链接的文字", "Text of the link on that page")
    first_seen_at: datetime | None = column(
        "timestamp",
        "首次在此地址见到这份内容的时间（UTC）",
        "When this content was first seen at this address (UTC)",
    )
    local_path: str | None = column(
        "text",
        "下载或解压所得的文件在输出目录中的位置；直接读取的文件为空",
        "Where the downloaded or unpacked file lies below the output folder; null for files read where they are",
    )
    figures_printed: int | None = column(
        "int32", "页面上印出的数字个数", "Figures that a reader of the pages sees: read + left out + unread"
    )
    figures_read: int | None = column("int32", "其中：已在记录中", "Of these: in a record")
    figures_left_out: int | None = column(
        "int32", "其中：有意不读（日期、文号、序号、其他表等）", "Of these: left out on purpose, for a reason given"
    )
    figures_unread: int | None = column("int32", "其中：未读（见 problems）", "Of these: unread, listed in problems")
    left_out_reasons: tuple[str, ...] = column(
        "words", "有意不读的原因代码与个数", "Codes of the reasons with their counts: date 12", default=()
    )


@dataclass(frozen=True, slots=True)
class Evaluation:
    """evaluations: one row per self-evaluation; a form and the prose about it are one (自评)."""

    evaluation_id: str = column("text", "自评编号", "Id of the evaluation", default="")
    document_id: str = column("text", "所在文件", "Its document", default="")
    ordinal: int = column("int32", "在文件中的次序，从 0 起", "Order in the document, from 0", default=0)
    kind: EvaluationKind = column(
        "text",
        "类别：project 项目、unit 单位整体、transfer 转移支付、target 绩效目标申报、other 其他",
        "project, unit (whole unit), transfer (transfer payment), target (target declaration), other",
        default="other",
    )
    title: str | None = column("text", "标题", "Title")
    fiscal_year: int | None = column("int16", "预算年度", "Fiscal year")
    region: str | None = column("text", "地区", "Region")
    department: str | None = column("text", "主管部门", "Competent department")
    unit: str | None = column("text", "实施单位（填报单位、预算单位）", "Implementing, reporting or budget unit")
    project_name: str | None = column("text", "项目名称", "Project name")
    budget_code: str | None = column("text", "预算编码或项目编码", "Budget or project code")
    report_date: date | None = column("date", "填报日期", "Date of the report")
    period_start: date | None = column("date", "实施开始日期", "Start of the period")
    period_end: date | None = column("date", "实施结束日期", "End of the period")
    total_points: Decimal | None = column("points", "总分值", "Total points as stated", "分")
    total_points_raw: str | None = column("text", "总分值（原文）", "Total points as printed")
    total_score: Decimal | None = column("points", "总得分", "Total score as stated", "分")
    total_score_raw: str | None = column("text", "总得分（原文）", "Total score as printed")
    grade: str | None = column("text", "评价等级（原文）", "Grade as printed")
    goal_expected: str | None = column("text", "预期总体目标", "Expected overall goal")
    goal_actual: str | None = column("text", "总体目标实际完成情况", "Actual completion of the goal")
    page: int | None = column("int32", "页码，从 1 起", "Page, 1-based")
    bbox: BBox | None = column("bbox", "位置框 x0, top, x1, bottom", "Box in points from the page's top left", "pt")
    locator: str | None = column("text", "位置说明", "Where it stands, for a person")
    confidence: float | None = column("float32", "读取把握，0 到 1", "Confidence of the reading, 0 to 1")
    cells: tuple[CellPlace, ...] = column(
        "cells",
        "各值所在位置、原文、单位与末位所值",
        "Where each value stands, as printed, its unit, what its last digit is worth",
        default=(),
    )
    suspect: bool = _suspect()
    finding_count: int = _finding_count()
    max_severity: Severity | None = _max_severity()
    total_points_suggested: Decimal | None = _suggested("points", "总分值", "Total points", "分")
    total_score_suggested: Decimal | None = _suggested("points", "总得分", "Total score", "分")
    unit_key: str | None = column("text", "单位归并键：去空白、标点与上级地区的单位名称", "Unit's name made comparable")
    department_key: str | None = column("text", "主管部门归并键", "Department's name made comparable")
    project_key: str | None = column(
        "text", "项目归并键：单位/项目名称（去年度、期次）", "Unit and project name without year and phase"
    )
    region_code: str | None = column("text", "行政区划代码（GB/T 2260）", "Code of GB/T 2260; null where unclear")
    region_name: str | None = column("text", "该代码的现行名称", "Present name of that code")
    province: str | None = column("text", "所在省级行政区", "Its province")
    city: str | None = column("text", "所在地级行政区", "Its prefecture-level city")
    region_candidates: tuple[str, ...] = column(
        "words", "重名时可能的区划代码", "Codes that a name shared by several places may mean", default=()
    )
    content_key: str | None = column(
        "text", "所印数字的摘要：数字全同的表此键相同", "The same for forms that print the same figures"
    )
    is_current: bool = column(
        "flag",
        "同一单位同一年度同一项目的各份中是否为现行的一份",
        "Whether it stands for its unit, year and project: false for copies and earlier filings",
        default=True,
    )
    duplicate_of: str | None = column(
        "text", "数字全同的另一份自评：汇总时只计那一份", "Evaluation with the same figures that is counted instead"
    )
    superseded_by: str | None = column(
        "text", "取代它的较新一份自评", "Newer filing of the same form that is counted instead"
    )


@dataclass(frozen=True, slots=True)
class FundingRow:
    """funding: one row per line of the funding block (项目资金)."""

    evaluation_id: str = column("text", "所属自评", "Its evaluation", default="")
    ordinal: int = column("int32", "行次，从 0 起", "Order in the evaluation, from 0", default=0)
    label: str = column("text", "行名（原文，去空白）", "Label as printed, white space removed", default="")
    source: str = column("text", "资金来源代码", "Code of the source of funds", default="other")
    role: FundingRole = column("text", "total 总额，component 分项", "total or component", default="component")
    initial_budget_wanyuan: Decimal | None = column("money", "年初预算数", "Initial budget", "万元")
    initial_budget_raw: str | None = column("text", "年初预算数（原文）", "Initial budget as printed")
    annual_budget_wanyuan: Decimal | None = column("money", "全年预算数", "Budget of the year (adjusted)", "万元")
    annual_budget_raw: str | None = column("text", "全年预算数（原文）", "Budget of the year as printed")
    executed_wanyuan: Decimal | None = column("money", "全年执行数", "Executed", "万元")
    executed_raw: str | None = column("text", "全年执行数（原文）", "Executed as printed")
    arrived_wanyuan: Decimal | None = column("money", "到位数", "Arrived", "万元")
    arrived_raw: str | None = column("text", "到位数（原文）", "Arrived as printed")
    points: Decimal | None = column("points", "分值", "Points", "分")
    points_raw: str | None = column("text", "分值（原文）", "Points as printed")
    execution_rate_pct: Decimal | None = column("percent", "执行率", "Execution rate", "%")
    execution_rate_raw: str | None = column("text", "执行率（原文）", "Execution rate as printed")
    score: Decimal | None = column("points", "得分", "Score", "分")
    score_raw: str | None = column("text", "得分（原文）", "Score as printed")
    unit_raw: str | None = column("text", "金额单位（原文）", "Money unit as printed")
    page: int | None = column("int32", "页码，从 1 起", "Page, 1-based")
    bbox: BBox | None = column("bbox", "位置框 x0, top, x1, bottom", "Box in points from the page's top left", "pt")
    locator: str | None = column("text", "位置说明", "Where it stands, for a person")
    confidence: float | None = column("float32", "读取把握，0 到 1", "Confidence of the reading, 0 to 1")
    cells: tuple[CellPlace, ...] = column(
        "cells",
        "各值所在位置、原文、单位与末位所值",
        "Where each value stands, as printed, its unit, what its last digit is worth",
        default=(),
    )
    fiscal_year: int | None = column("int16", "预算年度，同其自评", "Fiscal year of its evaluation")
    unit_name: str | None = column("text", "实施单位，同其自评", "Unit of its evaluation")
    suspect: bool = _suspect()
    finding_count: int = _finding_count()
    max_severity: Severity | None = _max_severity()
    initial_budget_wanyuan_suggested: Decimal | None = _suggested("money", "年初预算数", "Initial budget", "万元")
    annual_budget_wanyuan_suggested: Decimal | None = _suggested("money", "全年预算数", "Budget of the year", "万元")
    executed_wanyuan_suggested: Decimal | None = _suggested("money", "全年执行数", "Amount executed", "万元")
    arrived_wanyuan_suggested: Decimal | None = _suggested("money", "到位数", "Amount arrived", "万元")
    points_suggested: Decimal | None = _suggested("points", "分值", "Points", "分")
    execution_rate_pct_suggested: Decimal | None = _suggested("percent", "执行率", "Execution rate", "%")
    score_suggested: Decimal | None = _suggested("points", "得分", "Score", "分")
    execution_rate_pct_derived: Decimal | None = column(
        "percent",
        "由所印金额算得的执行率：执行数÷全年预算数（无则年初预算数）",
        "Rate worked out of the printed amounts: executed by the budget of the year, else the initial",
        "%",
    )

    @property
    def raw_figures(self) -> tuple[str | None, ...]:
        """Its figures as printed, column by column (各栏原文)."""
        return (
            self.initial_budget_raw,
            self.annual_budget_raw,
            self.executed_raw,
            self.arrived_raw,
            self.points_raw,
            self.execution_rate_raw,
            self.score_raw,
        )


@dataclass(frozen=True, slots=True)
class Indicator:
    """indicators: one row per level-3 indicator (三级指标)."""

    evaluation_id: str = column("text", "所属自评", "Its evaluation", default="")
    ordinal: int = column("int32", "行次，从 0 起", "Order in the evaluation, from 0", default=0)
    level1: str | None = column("text", "一级指标（不含分值）", "Level-1 indicator, without its points")
    level1_points: Decimal | None = column("points", "一级指标所注分值", "Points stated in the level-1 name", "分")
    level2: str | None = column("text", "二级指标", "Level-2 indicator")
    level3: str | None = column("text", "三级指标", "Level-3 indicator")
    category: str | None = column("text", "指标类别代码", "Code of the category")
    target_raw: str | None = column("text", "年度指标值（原文）", "Target as printed")
    target_op: TargetOp | None = column("text", "指标值关系", "Relation of the target; null when qualitative")
    target_value: Decimal | None = column("value", "指标值", "Target value", "target_unit")
    target_high: Decimal | None = column("value", "指标值上限（区间）", "Upper end of a range", "target_unit")
    target_unit: str | None = column("text", "指标值单位", "Unit of the target")
    actual_raw: str | None = column("text", "实际完成值（原文）", "Actual as printed")
    actual_value: Decimal | None = column("value", "实际完成数值", "Actual value", "actual_unit")
    actual_unit: str | None = column("text", "实际完成值单位", "Unit of the actual")
    points: Decimal | None = column("points", "分值", "Points", "分")
    points_raw: str | None = column("text", "分值（原文）", "Points as printed")
    score: Decimal | None = column("points", "得分", "Score", "分")
    score_raw: str | None = column("text", "得分（原文）", "Score as printed")
    deviation: str | None = column("text", "偏差原因分析及改进措施", "Reasons for deviation and measures")
    page: int | None = column("int32", "页码，从 1 起", "Page, 1-based")
    bbox: BBox | None = column("bbox", "位置框 x0, top, x1, bottom", "Box in points from the page's top left", "pt")
    locator: str | None = column("text", "位置说明", "Where it stands, for a person")
    confidence: float | None = column("float32", "读取把握，0 到 1", "Confidence of the reading, 0 to 1")
    cells: tuple[CellPlace, ...] = column(
        "cells",
        "各值所在位置、原文、单位与末位所值",
        "Where each value stands, as printed, its unit, what its last digit is worth",
        default=(),
    )
    fiscal_year: int | None = column("int16", "预算年度，同其自评", "Fiscal year of its evaluation")
    unit_name: str | None = column("text", "实施单位，同其自评", "Unit of its evaluation")
    suspect: bool = _suspect()
    finding_count: int = _finding_count()
    max_severity: Severity | None = _max_severity()
    points_suggested: Decimal | None = _suggested("points", "分值", "Points", "分")
    score_suggested: Decimal | None = _suggested("points", "得分", "Score", "分")
    indicator_key: str | None = column(
        "text", "指标归并键：名称|基本单位|关系", "Indicator's name, base unit and relation, made comparable"
    )
    target_value_base_derived: Decimal | None = column(
        "value", "指标值换算到基本单位", "Target in its base unit", "target_base_unit_derived"
    )
    target_high_base_derived: Decimal | None = column(
        "value", "指标值上限换算到基本单位", "Upper end of the target in its base unit", "target_base_unit_derived"
    )
    target_base_unit_derived: str | None = column("text", "指标值的基本单位", "Base unit of the target")
    actual_value_base_derived: Decimal | None = column(
        "value", "实际完成数值换算到基本单位", "Actual in its base unit", "actual_base_unit_derived"
    )
    actual_base_unit_derived: str | None = column("text", "实际完成值的基本单位", "Base unit of the actual")


@dataclass(frozen=True, slots=True)
class Amount:
    """amounts: every other figure, from tables and from sentences (其他数额).

    A figure from a sentence has `measure` as a code (`initial_budget`, `annual_budget`, `increased`, `reduced`,
    `allocated`, `arrived`, `executed`, `carryover`, `balance`, `income`, `execution_rate`, `share`, `score`, …; the
    sections of `schemas/prose.toml` list them) and, in `context`, its sentence. Figures of one sentence have the same
    `context`, so that 预算100万元，执行92.25万元，完成预算的92.25% can be compared by their measures.

    Composition (构成), as in 基本支出132.90万元，其中：人员经费75.65万元，占基本支出的56.92%，公用经费57.25万元: the
    rows that form it share an id, unique in the document. The amount that is composed has it in `total_of`, the others
    in `part_of`; an amount can be a part of one composition and the total of another.
      total  the amount before 其中. Its parts need not be all of it, but are not more.
      sum    an amount said to be all of its parts together (共计, 合计, 分别为). A part whose measure is `reduced`
             counts negative.
      part   a part; its label is the path total/part (基本支出/人员经费).
      share  a percentage: the part with the same label, divided by the composition's total.
    `role` is total or sum wherever `total_of` is set (though the row may be a part, too).
    """

    document_id: str = column("text", "所在文件", "Its document", default="")
    evaluation_id: str | None = column("text", "所属自评（可空）", "Its evaluation, may be null")
    ordinal: int = column("int32", "在文件中的次序，从 0 起", "Order in the document, from 0", default=0)
    label: str = column("text", "名称：行的路径或句中的名称", "Row path, or the phrase that names it", default="")
    measure: str | None = column(
        "text", "计量项：列的路径或句中的动作", "Column path, or the kind of figure in a sentence"
    )
    fiscal_year: int | None = column("int16", "年度", "Year")
    value: Decimal | None = column("value", "数值（金额为万元，百分比为百分点）", "Value", "unit")
    unit: str | None = column("text", "单位代码：wanyuan、pct、person……", "Code of the unit: wanyuan, pct, person, …")
    value_raw: str | None = column("text", "数值（原文）", "Value as printed")
    unit_raw: str | None = column("text", "单位（原文）", "Unit as printed")
    origin: AmountOrigin = column("text", "table 表格，prose 正文", "table or prose", default="table")
    context: str | None = column("text", "所在句子或表名", "The sentence, or the table's title")
    page: int | None = column("int32", "页码，从 1 起", "Page, 1-based")
    bbox: BBox | None = column("bbox", "位置框 x0, top, x1, bottom", "Box in points from the page's top left", "pt")
    locator: str | None = column("text", "位置说明", "Where it stands, for a person")
    confidence: float | None = column("float32", "读取把握，0 到 1", "Confidence of the reading, 0 to 1")
    role: AmountRole | None = column(
        "text",
        "在构成关系中的角色：total 总额、sum 合计、part 分项、share 占比（可空）",
        "Role in a composition: total, sum, part or share; may be null",
    )
    part_of: str | None = column("text", "是哪一构成的分项或占比（可空）", "Composition it is a part or share of")
    total_of: str | None = column("text", "是哪一构成的总额或合计（可空）", "Composition it is the total or sum of")
    step: Decimal | None = column(
        "step", "末位数字所值；约数则为其所指的宽度", "What its last digit is worth; of about how wide it is", "unit"
    )
    confirmed: bool | None = column(
        "flag",
        "发现不符时另一引擎复读是否一致（没有复读则空）",
        "Whether another engine read the same digits when a contradiction was found; null where nobody had to look",
    )
    suspect: bool = _suspect()
    finding_count: int = _finding_count()
    max_severity: Severity | None = _max_severity()
    value_suggested: Decimal | None = _suggested("value", "数值", "Value", "unit")


@dataclass(frozen=True, slots=True)
class Section:
    """sections: the prose of a report (正文章节)."""

    document_id: str = column("text", "所在文件", "Its document", default="")
    evaluation_id: str | None = column("text", "所属自评（可空）", "Its evaluation, may be null")
    ordinal: int = column("int32", "在文件中的次序，从 0 起", "Order in the document, from 0", default=0)
    heading: str | None = column("text", "标题", "Heading")
    kind: SectionKind = column("text", "类别", "Kind of section", default="other")
    text: str = column("text", "正文", "Text", default="")
    keywords: tuple[str, ...] = column("words", "关键词", "Keywords", default=())
    page: int | None = column("int32", "页码，从 1 起", "Page, 1-based")
    locator: str | None = column("text", "位置说明", "Where it stands, for a person")


@dataclass(frozen=True, slots=True)
class CheckPlace:
    """Where one value of a check across forms stands (跨表所涉之处): its form, a word that tells the forms apart."""

    document_id: str
    evaluation_id: str | None
    whose: str


@dataclass(frozen=True, slots=True)
class Check:
    """checks: one row per check made, passed or not (核对)."""

    check_id: str = column(
        "text", "核对编号（同一发现在各次运行间不变）", "Stable id of the finding", default=_REQUIRED
    )
    document_id: str = column("text", "所在文件", "Its document", default=_REQUIRED)
    evaluation_id: str | None = column("text", "所属自评（可空）", "Its evaluation, may be null")
    rule: str = column("text", "规则代码", "Code of the rule", default="")
    outcome: Outcome = column("text", "结果", "consistent, inconsistent or not_checkable", default="consistent")
    severity: Severity = column(
        "text",
        "程度：error 数字自相矛盾；warning 存疑；info 提示",
        "error: printed numbers contradict each other; warning: a judgement; info",
        default="info",
    )
    reported: str | None = column("text", "所报数", "What was reported, with units")
    expected: str | None = column("text", "应为", "What was expected, with units")
    difference: str | None = column("text", "差额", "Difference, with units")
    difference_value: Decimal | None = column("value", "差额数值", "Difference as a number")
    tolerance: str | None = column("text", "允许误差", "Tolerance: the width of the intervals")
    message: str = column("text", "说明", "One Chinese sentence with the numbers", default="")
    subjects: tuple[Subject, ...] = column("subjects", "涉及的数值", "The values looked at", default=())
    places: tuple[CheckPlace, ...] = column(
        "places",
        "跨表核对：各数值所在的文件、自评与称呼，与 subjects 逐一对应；只涉及本份自评的为空",
        "Of checks across forms: the document, the evaluation and a short name of where each of the subjects stands; "
        "empty where all are of the check's own evaluation",
        default=(),
    )
    relation: str | None = column(
        "text",
        "数间关系：sum 合计、quotient 商、product 积、at_least 不小于、at_most 不大于、scale 数量级、grade 等次",
        "How the values hang together: sum, quotient, product, at_least, at_most, scale, grade; null where they do not",
    )
    roles: tuple[RelationRole, ...] = column(
        "words",
        "各数值在关系中的角色，与 subjects 逐一对应",
        "What each of the subjects is in the relation: result, plus, minus, dividend, divisor, factor, other",
        default=(),
    )
    root_id: str | None = column(
        "text",
        "同一原因的主要发现：其核对编号；主要发现记自己的编号，单独的发现也是",
        "The finding that stands for all those one cause explains, itself included; null where nothing is wrong",
    )
    likely_cause: str | None = column("text", "可能原因", "Likely cause")
    suggestions: tuple[Suggestion, ...] = column(
        "suggestions",
        "可能原因所指的数值及其应有之数；同样可能的几处并列",
        "The values that the likely cause points at and what they would be; equally likely ones side by side",
        default=(),
    )


@dataclass(frozen=True, slots=True)
class ProblemRow:
    """problems: what was recognised but could not be read, and where (未能读取之处)."""

    document_id: str = column("text", "所在文件", "Its document", default=_REQUIRED)
    ordinal: int = column("int32", "次序，从 0 起", "Order in the document, from 0", default=0)
    code: str = column("text", "代码", "Code", default="")
    message: str = column("text", "说明", "One Chinese sentence", default="")
    page: int | None = column("int32", "页码，从 1 起", "Page, 1-based")
    locator: str | None = column("text", "位置说明", "Where it stands, for a person")
    word: str | None = column("text", "不认识的词（列标题等）", "The word nobody listed, a header for example")


@dataclass(frozen=True, slots=True)
class EvaluationRecords:
    """One evaluation with everything that belongs to it: what a check sees (一份自评的全部记录)."""

    evaluation: Evaluation
    funding: tuple[FundingRow, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    amounts: tuple[Amount, ...] = ()
    sections: tuple[Section, ...] = ()


@dataclass(frozen=True, slots=True)
class DocumentRecords:
    """What was understood of one document (一份文件的全部记录).

    `amounts` and `sections` hold those that belong to no evaluation.
    """

    document: DocumentRow
    evaluations: tuple[EvaluationRecords, ...] = ()
    amounts: tuple[Amount, ...] = ()
    sections: tuple[Section, ...] = ()
    problems: tuple[ProblemRow, ...] = ()
