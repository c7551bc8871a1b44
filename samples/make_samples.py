"""Writes the sample reports and their truth beside this file:  python samples/make_samples.py [FOLDER]

Needs python-docx, reportlab and xlsxwriter. The output is the same on every run; the files are committed.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from making import carriers, content, errors, layouts
from making.model import Form, Page, truth_of
from making.writers import Dialect, Rules, text, write_docx, write_pdf

HERE = Path(__file__).parent
_FUNDING = [layouts.national(form) for form in errors.FUNDING_ERRORS]
_SCORES = [layouts.national(form) for form in errors.SCORE_ERRORS]

TXT: tuple[tuple[str, Dialect, str, Sequence[Page], Sequence[Form]], ...] = (
    ("national", "tabs", "utf-8", [layouts.national(content.NATIONAL)], [content.NATIONAL]),
    ("national", "blanks", "utf-8", [layouts.national(content.NATIONAL_YUAN)], [content.NATIONAL_YUAN]),
    ("cost", "cells", "utf-8-sig", [layouts.national(content.COST_2021, letters=True)], [content.COST_2021]),
    ("shanghai", "tabs", "utf-16", [layouts.shanghai(form) for form in content.SHANGHAI], content.SHANGHAI),
    ("chongqing", "tabs", "gb18030", [layouts.chongqing(content.CHONGQING)], [content.CHONGQING]),
    ("hubei", "cells", "utf-8", [layouts.hubei(content.HUBEI)], [content.HUBEI]),
    ("hunan", "cells", "gb18030", [layouts.hunan(content.HUNAN)], [content.HUNAN]),
    ("prose", "blanks", "utf-8", content.PROSE_TEXT, [content.PROSE]),
    ("unfilled", "tabs", "gb18030", [layouts.unfilled()], []),
    ("errors_funding", "tabs", "utf-8", _FUNDING, errors.FUNDING_ERRORS),
    ("errors_scores", "cells", "gb18030", _SCORES, errors.SCORE_ERRORS),
    ("errors_balance", "cells", "utf-8", [layouts.hunan(errors.UNIT_BALANCE)], [errors.UNIT_BALANCE]),
    ("errors_rollup", "cells", "utf-8", layouts.rollup(errors.ROLLUP), [errors.ROLLUP]),
)
DOCX: tuple[tuple[str, Sequence[Page], Sequence[Form]], ...] = (
    ("national", [layouts.national(content.NATIONAL, level1_points=True)], [content.NATIONAL]),
    ("cost", [layouts.national(content.COST_2021, letters=True)], [content.COST_2021]),
    ("shanghai", [layouts.shanghai(form) for form in content.SHANGHAI], content.SHANGHAI),
    ("yunnan", [layouts.yunnan(content.YUNNAN)], [content.YUNNAN]),
    ("sichuan", [layouts.sichuan(content.SICHUAN)], [content.SICHUAN]),
    ("chongqing", [layouts.chongqing(content.CHONGQING)], [content.CHONGQING]),
    ("hubei", [layouts.hubei(content.HUBEI)], [content.HUBEI]),
    ("hunan", [layouts.hunan(content.HUNAN)], [content.HUNAN]),
    ("transfer", [layouts.transfer(content.TRANSFER)], [content.TRANSFER]),
    ("jiangsu", [layouts.jiangsu(content.JIANGSU)], [content.JIANGSU]),
    ("target", [layouts.target(content.TARGET)], [content.TARGET]),
    ("prose", content.PROSE_TEXT, [content.PROSE]),
)
PDF: tuple[tuple[str, Rules, Sequence[Page], Sequence[Form]], ...] = (
    ("national_ruled", "ruled", [layouts.national(content.NATIONAL)], [content.NATIONAL]),
    ("national_borderless", "borderless", [layouts.national(content.NATIONAL_YUAN)], [content.NATIONAL_YUAN]),
    ("shanghai_ruled", "ruled", [layouts.shanghai(form) for form in content.SHANGHAI], content.SHANGHAI),
    ("yunnan_ruled", "ruled", [layouts.yunnan(content.YUNNAN)], [content.YUNNAN]),
    ("sichuan_ruled", "ruled", [layouts.sichuan(content.SICHUAN)], [content.SICHUAN]),
    ("chongqing_threeline", "threeline", [layouts.chongqing(content.CHONGQING)], [content.CHONGQING]),
    ("transfer_threeline", "threeline", [layouts.transfer(content.TRANSFER)], [content.TRANSFER]),
    ("jiangsu_ruled", "ruled", [layouts.jiangsu(content.JIANGSU)], [content.JIANGSU]),
    ("target_ruled", "ruled", [layouts.target(content.TARGET)], [content.TARGET]),
    ("unfilled_ruled", "ruled", [layouts.unfilled()], []),
    ("prose", "borderless", content.PROSE_TEXT, [content.PROSE]),
    ("errors_scores_ruled", "ruled", _SCORES, errors.SCORE_ERRORS),
)

Writer = Callable[[Sequence[Page], Path], None]
_YUNNAN, _SICHUAN = [layouts.yunnan(content.YUNNAN)], [layouts.sichuan(content.SICHUAN)]
_NATIONAL, _TRANSFER = [layouts.national(content.NATIONAL)], [layouts.transfer(content.TRANSFER)]
_COST = [layouts.national(content.COST_2021, letters=True)]
_SHANGHAI = [layouts.shanghai(form) for form in content.SHANGHAI]
CARRIERS: tuple[tuple[str, Writer, Sequence[Page], Sequence[Form]], ...] = (
    ("national.html", carriers.write_html, _NATIONAL, [content.NATIONAL]),
    ("prose.html", carriers.write_html, content.PROSE_TEXT, [content.PROSE]),
    ("yunnan.xlsx", carriers.write_xlsx, _YUNNAN, [content.YUNNAN]),
    ("shanghai.xlsx", carriers.write_xlsx, _SHANGHAI, content.SHANGHAI),
    ("transfer.odt", carriers.write_odt, _TRANSFER, [content.TRANSFER]),
    ("sichuan.ods", carriers.write_ods, _SICHUAN, [content.SICHUAN]),
    ("national.rtf", carriers.write_rtf, _NATIONAL, [content.NATIONAL]),
    ("shanghai.ofd", carriers.write_ofd, _SHANGHAI, content.SHANGHAI),
)
SAVED: tuple[tuple[str, Sequence[Form]], ...] = (
    ("yunnan.doc", [content.YUNNAN]),
    ("transfer.wps", [content.TRANSFER]),
    ("sichuan.xls", [content.SICHUAN]),
)
"""Formats nobody writes anew: DOCX and workbooks of this folder as LibreOffice saves them, kept as they are."""
PACKED: tuple[tuple[str, Writer, Sequence[Page], Sequence[Form]], ...] = (
    (
        "附件/成本指标自评表.rtf",
        carriers.write_rtf,
        [layouts.national(content.COST_2021, letters=True)],
        [content.COST_2021],
    ),
    ("整体支出自评表.odt", carriers.write_odt, [layouts.hunan(content.HUNAN)], [content.HUNAN]),
)


def make(folder: Path) -> dict[str, list[dict[str, object]]]:
    """Writes every sample and truth.json into `folder`; gives the truth."""
    for kind in ("txt", "docx", "pdf", "carriers"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    truth: dict[str, list[dict[str, object]]] = {}
    for name, dialect, encoding, pages, forms in TXT:
        path = folder / "txt" / f"{name}_{dialect}_{encoding}.txt"
        path.write_bytes(text(pages, dialect).encode(encoding))
        truth[f"txt/{path.name}"] = [truth_of(form) for form in forms]
    for name, pages, forms in DOCX:
        write_docx(pages, folder / "docx" / f"{name}.docx")
        truth[f"docx/{name}.docx"] = [truth_of(form) for form in forms]
    for name, rules, pages, forms in PDF:
        write_pdf(pages, folder / "pdf" / f"{name}.pdf", rules)
        truth[f"pdf/{name}.pdf"] = [truth_of(form) for form in forms]
    for name, write, pages, forms in CARRIERS:
        write(pages, folder / "carriers" / name)
        truth[f"carriers/{name}"] = [truth_of(form) for form in forms]
    for name, forms in SAVED:
        if folder != HERE:
            shutil.copy(HERE / "carriers" / name, folder / "carriers" / name)
        truth[f"carriers/{name}"] = [truth_of(form) for form in forms]
    packed: dict[str, bytes] = {}
    for name, write, pages, forms in PACKED:
        member = folder / "carriers" / "member"
        write(pages, member)
        packed[name] = member.read_bytes()
        member.unlink()
        truth[f"carriers/reports.zip/{name}"] = [truth_of(form) for form in forms]
    carriers.write_zip(packed, folder / "carriers" / "reports.zip")
    (folder / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return truth


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
