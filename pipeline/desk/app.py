"""The pages of the desk and what their buttons do (页面)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlencode

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, HTMLResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.audit.corrections import correction_of, record_correction, understood
from pipeline.audit.decisions import VERDICT_ZH, Verdict, record
from pipeline.audit.filters import Filters
from pipeline.audit.findings import findings_of, same_root
from pipeline.audit.loading import open_desk_for
from pipeline.audit.signoffs import sign_off
from pipeline.console import SEVERITY_ZH
from pipeline.desk import handover, lists, review
from pipeline.desk.security import Guard, forged
from pipeline.desk.workbench import STATES, Workbench
from pipeline.originals import blocks as originals
from pipeline.originals.model import PAGED, PageImage
from pipeline.reading.run_summary import STATUS_ZH
from pipeline.reading.workers import Limits, workers_for
from schemas.errors import ConfigError, ReadError, ZipingError
from schemas.locators import in_words
from schemas.records import Check, DocumentRow, Evaluation

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Desk:
    """What the pages share: the data, who sits at the desk, the guard at its door (一张工作台)."""

    bench: Workbench
    who: str
    guard: Guard
    limits: Limits = Limits()


def create_app(desk: Desk) -> FastAPI:
    """The application; nothing in it can be reached without the guard's secret."""
    app = FastAPI(title="ziping desk", docs_url=None, redoc_url=None, openapi_url=None)
    app.middleware("http")(desk.guard.__call__)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    pages = _Pages(desk)

    @app.exception_handler(ZipingError)
    def told(request: Request, error: ZipingError) -> Response:
        return pages.render("error.html", 400, message=str(error))

    for path, function in pages.shown().items():
        app.get(path, response_model=None)(function)
    for path, action in pages.actions().items():
        app.post(path, response_model=None)(_guarded(desk.guard, action))
    return app


Fields = dict[str, list[str]]
Action = Callable[[Fields], Response]


def _guarded(guard: Guard, action: Action) -> Callable[[Request], Any]:
    """An action that is done only for a form of the desk's own."""

    async def post(request: Request) -> Response:
        asked = parse_qs((await request.body()).decode("utf-8", "replace"), keep_blank_values=True)
        if not guard.is_own_form(asked.get("token", [""])[0]):
            return forged()
        return action(asked)

    return post


class _Pages:
    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.bench = desk.bench
        self.templates = Environment(
            loader=FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.templates.filters["place"] = in_words
        self.templates.filters["number"] = lambda value: "" if value is None else f"{value:,.10g}"
        self.templates.globals.update(
            states=STATES, severities=SEVERITY_ZH, status_zh=STATUS_ZH, verdicts=VERDICT_ZH, who=desk.who
        )

    def shown(self) -> dict[str, Callable[..., Response]]:
        return {
            "/": self.overview,
            "/findings": self.findings,
            "/findings/{check_id}": self.finding,
            "/forms/{evaluation_id}": self.form,
            "/files": self.files,
            "/files/{document_id}": self.file,
            "/files/{document_id}/pages/{page}": self.page,
            "/export": self.exports,
            "/export/{name}": self.download,
        }

    def actions(self) -> dict[str, Action]:
        return {
            "/decide": self.decide,
            "/sample": self.sample,
            "/correct": self.correct,
            "/sign": self.sign,
            "/export": self.make,
        }

    def render(self, template: str, code: int = 200, **values: Any) -> Response:
        page = self.templates.get_template(template).render(token=self.desk.guard.token(), **values)
        return HTMLResponse(page, code)

    # -- pages ------------------------------------------------------------------------------------------------

    def overview(self) -> Response:
        """总览."""
        return self.render("overview.html", view=lists.overview(self.bench), filter=lists.ListFilter())

    def findings(self, request: Request) -> Response:
        """清单."""
        asked = lists.ListFilter.of(dict(request.query_params))
        found = lists.listed(self.bench, asked)
        rules = [row["rule"] for row in self.bench.ask("select distinct rule from v_findings order by rule")]
        return self.render(
            "findings.html",
            list=found,
            filter=asked,
            rules={rule: self.bench.rule_title(rule) for rule in rules},
            here=asked.address(),
        )

    def finding(self, check_id: str, request: Request) -> Response:
        """核对 one finding: its form beside the source, the finding's cells marked."""
        rows = self.bench.ask("select document_id, evaluation_id from checks where check_id = ? limit 1", [check_id])
        if not rows:
            raise ConfigError("数据集中已没有这项发现；它可能已随新的一版消失，请回到清单。")
        document = self.bench.document(rows[0]["document_id"])
        evaluation_id = rows[0]["evaluation_id"]
        if evaluation_id is None:
            return self._review(document, None, check_id, request)
        (evaluation,) = [e for e in self.bench.evaluations(document.document_id) if e.evaluation_id == evaluation_id]
        return self._review(document, evaluation, check_id, request)

    def form(self, evaluation_id: str, request: Request) -> Response:
        """核对 one form."""
        rows = self.bench.ask("select document_id from evaluations where evaluation_id = ?", [evaluation_id])
        if not rows:
            raise ConfigError("数据集中没有这份自评；请回到清单。")
        document = self.bench.document(rows[0]["document_id"])
        (evaluation,) = [e for e in self.bench.evaluations(document.document_id) if e.evaluation_id == evaluation_id]
        return self._review(document, evaluation, "", request)

    def _review(
        self, document: DocumentRow, evaluation: Evaluation | None, check_id: str, request: Request
    ) -> Response:
        checks = self._checks(document, evaluation)
        chosen = next((check for check in checks if check.check_id == check_id), None)
        part = self.bench.form(evaluation) if evaluation else None
        marked = _marked(chosen, evaluation) if chosen else []
        tables = review.tables(part, marked, self.bench) if part else []
        corrected = part is not None and review.overlaid(part, self.bench) != part
        pages = review.of_pages(tables) if document.format in PAGED else []
        return self.render(
            "review.html",
            document=document,
            evaluation=evaluation,
            tables=tables,
            findings=checks,
            chosen=chosen,
            together=[one for one in checks if chosen and one is not chosen and same_root(one, chosen)],
            decisions={one.check_id: one for one in self.bench.decisions()},
            history=[one for one in self.bench.decisions() if one.check_id == check_id],
            changes=review.changes(document, part, self.bench) if part and corrected else [],
            pages=pages,
            sizes=self._sizes(document, pages),
            blocks=[] if pages else self._blocks(document),
            neighbours=self._neighbours(check_id, request),
            rule_title=self.bench.rule_title,
            here=str(request.url.path),
        )

    def _checks(self, document: DocumentRow, evaluation: Evaluation | None) -> list[Check]:
        """The contradictions of a form, the gravest first."""
        found: list[Check] = self.bench.contradictions(
            document.document_id, evaluation.evaluation_id if evaluation else None
        )
        return found

    def _sizes(self, document: DocumentRow, pages: list[int]) -> dict[int, tuple[float, float]]:
        """The sizes of pages in points; nothing where the source cannot be had any more."""
        path = str(self.bench.source(document))
        try:
            return workers_for(1, self.desk.limits).call(originals.sizes, path, document.document_id, pages)
        except ReadError:
            return {}

    def _neighbours(self, check_id: str, request: Request) -> dict[str, str]:
        """The findings before and after this one in the list that the address names."""
        asked = lists.ListFilter.of(dict(request.query_params))
        ids = [row["check_id"] for row in lists.listed(self.bench, asked).rows]
        if check_id not in ids:
            return {"list": asked.address()}
        at = ids.index(check_id)
        query = asked.address().partition("?")[2]
        found = {"list": asked.address()}
        if at > 0:
            found["before"] = f"/findings/{ids[at - 1]}?{query}"
        if at + 1 < len(ids):
            found["after"] = f"/findings/{ids[at + 1]}?{query}"
        return found

    def _blocks(self, document: DocumentRow) -> list[originals.SourceBlock]:
        """The source's own text and tables; nothing where it cannot be had any more."""
        path = self.bench.source(document)
        try:
            workers = workers_for(1, self.desk.limits)
            return workers.call(originals.blocks, str(path), document.document_id)
        except ReadError as error:
            return [originals.SourceBlock("", str(error))]

    def _picture(self, document: DocumentRow, page: int) -> PageImage:
        workers = workers_for(1, self.desk.limits)
        return workers.call(originals.draw, str(self.bench.source(document)), document.document_id, page)

    def page(self, document_id: str, page: int) -> Response:
        """A page of the source as a picture."""
        try:
            picture = self._picture(self.bench.document(document_id), page)
        except ReadError as error:
            return Response(str(error), 404, media_type="text/plain; charset=utf-8")
        return Response(
            picture.content, media_type=picture.media_type, headers={"Cache-Control": "private, max-age=600"}
        )

    def files(self, request: Request) -> Response:
        """文件."""
        name, status = request.query_params.get("name", ""), request.query_params.get("status", "")
        page = lists.ListFilter(page=request.query_params.get("page", "1")).page_number
        rows, total = lists.files(self.bench, name, status, page)
        return self.render(
            "files.html",
            rows=rows,
            total=total,
            name=name,
            status=status,
            page=page,
            pages=max(1, -(-total // lists.PAGE)),
            signed=self.bench.signoffs(),
        )

    def file(self, document_id: str) -> Response:
        """One file: its forms, what was not read, whether it may be signed off."""
        document = self.bench.document(document_id)
        return self.render(
            "file.html",
            document=document,
            evaluations=self.bench.evaluations(document_id),
            problems=self.bench.problems(document_id),
            open=self._open(document_id),
            signed=self.bench.signoffs().get(document_id),
        )

    def _open(self, document_id: str) -> list[dict[str, Any]]:
        asked = """select c.check_id, c.message, c.severity from checks c left join decided v on v.check_id = c.check_id
        where c.document_id = ? and c.outcome = 'inconsistent' and c.severity in ('error', 'warning')
        and v.check_id is null order by c.severity, c.check_id"""
        return self.bench.ask(asked, [document_id])

    def exports(self, request: Request) -> Response:
        """导出."""
        return self.render(
            "export.html",
            kinds=handover.KINDS,
            made=handover.made(self.bench.output),
            done=request.query_params.get("done", ""),
        )

    def download(self, name: str) -> Response:
        """A file that was made for handing over."""
        path = handover.path_of(self.bench.output, name)
        return FileResponse(path, filename=path.name)

    # -- buttons ----------------------------------------------------------------------------------------------

    def decide(self, asked: Fields) -> Response:
        """Decide one finding or many at once."""
        ids = asked.get("id", [])
        verdict = asked.get("verdict", [""])[0]
        known: Verdict | None = next((each for each in VERDICT_ZH if each == verdict), None)
        if not ids or known is None:
            raise ConfigError("请先勾选发现，再选择处理决定。")
        found = findings_of(open_desk_for(self.bench.output, ids), Filters())
        if not found:
            raise ConfigError("所选发现已不在数据集中；请刷新清单。")
        record(
            self.bench.output,
            known,
            asked.get("note", [""])[0],
            [(one.check.check_id, one.numbers) for one in found],
            who=self.desk.who,
        )
        return _back(asked)

    def sample(self, asked: Fields) -> Response:
        """Draw a random sample; its seed stands in the address, so that it can be drawn again."""
        size = asked.get("size", [""])[0]
        if not size.isdecimal() or not int(size):
            raise ConfigError("抽样数量应为正整数。")
        kept = lists.ListFilter.of({name: values[0] for name, values in asked.items()})
        seed = asked.get("seed", [""])[0] or lists.new_seed()
        return RedirectResponse(replace(kept, page="1").address(sample=size, seed=seed), 303)

    def correct(self, asked: Fields) -> Response:
        """Put a misread value right, or take that back; the checks of the form run again on the page."""
        evaluation_id, table, column = (asked.get(name, [""])[0] for name in ("evaluation", "table", "column"))
        ordinal = asked.get("ordinal", [""])[0]
        row, document_id = self.bench.row(evaluation_id, table, int(ordinal) if ordinal.isdecimal() else -1)
        empty = replace(correction_of(row, document_id, table, column), who=self.desk.who)
        value, why = asked.get("value", [""])[0].strip(), asked.get("why", [""])[0].strip()
        place = next((each for each in row.cells if each.column == column), None)
        unit = getattr(place, "unit_raw", None) or getattr(row, "unit_raw", None)
        new = understood(value, column, unit) if value else None
        record_correction(self.bench.output, replace(empty, corrected=new, why=why))
        return _back(asked)

    def sign(self, asked: Fields) -> Response:
        """读完: refused while anything of the file is open."""
        document_id = asked.get("document", [""])[0]
        document = self.bench.document(document_id)
        done = asked.get("done", ["yes"])[0] == "yes"
        left = len(self._open(document_id))
        if done and left:
            raise ConfigError(f"“{document.file_name}”还有 {left} 项发现没有处理，不能签收；请先逐项决定。")
        sign_off(self.bench.output, document_id, self.desk.who, done=done)
        return _back(asked)

    def make(self, asked: Fields) -> Response:
        """Make a paper for handing over."""
        path = handover.make(self.bench.output, asked.get("kind", [""])[0])
        return RedirectResponse("/export?" + urlencode({"done": path.name}), 303)


def _back(asked: Fields) -> Response:
    """To the page that the form was on; only pages of the desk."""
    here = asked.get("here", ["/"])[0]
    is_own = here.startswith("/") and not here.startswith(("//", "/\\"))
    return RedirectResponse(quote(here, safe="/?&=%#") if is_own else "/", 303)


def _marked(check: Check, evaluation: Evaluation | None) -> list[tuple[str, int, str]]:
    """The cells of a form that a check speaks of; one across forms speaks of others, too."""
    own = evaluation.evaluation_id if evaluation else None
    own_places = [place.evaluation_id == own for place in check.places] or [True] * len(check.subjects)
    return [(s.table, s.ordinal, s.column) for s, here in zip(check.subjects, own_places, strict=True) if here]
