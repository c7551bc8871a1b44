"""What is handed to others (移交): made into a folder of the output, downloaded from the page."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from zipfile import ZipFile

from pipeline.audit.command import write_reports
from pipeline.audit.filters import Filters
from pipeline.audit.findings import findings_of
from pipeline.audit.journal import user
from pipeline.audit.loading import open_desk
from pipeline.audit.papers import write_papers
from pipeline.dataset.store import open_dataset
from pipeline.export.connection import connect
from pipeline.export.target import replaced
from schemas.errors import ConfigError

FOLDER = "handover"
_SHOWN = Filters(min_severity="warning")


@dataclass(frozen=True, slots=True)
class Kind:
    """One thing that can be made (一种移交件)."""

    name: str
    title: str
    file: str
    make: Callable[[Path, Path], None]


def make(output: Path, kind: str) -> Path:
    """Make it anew and give its path. Raises ConfigError for an unknown kind, and what making it raises."""
    found = next((each for each in KINDS if each.name == kind), None)
    if found is None:
        raise ConfigError("没有这种移交件；请在页面上选择。")
    folder = output / FOLDER
    folder.mkdir(exist_ok=True)
    found.make(output, folder / found.file)
    return folder / found.file


def made(output: Path) -> list[Path]:
    """What was made, the newest first."""
    folder = output / FOLDER
    files = [path for path in folder.iterdir() if path.is_file()] if folder.is_dir() else []
    return sorted(files, key=lambda path: -path.stat().st_mtime)


def path_of(output: Path, name: str) -> Path:
    """The file of that name; nothing outside the folder can be named. Raises ConfigError."""
    found = next((path for path in made(output) if path.name == name), None)
    if found is None:
        raise ConfigError("没有这个文件；请先生成。")
    return found


def _findings_page(output: Path, target: Path) -> None:
    write_reports(Path(output), html=target)


def _findings_workbook(output: Path, target: Path) -> None:
    write_reports(Path(output), xlsx=target)


def _papers(output: Path, target: Path) -> None:
    """All Word papers in one archive."""
    with TemporaryDirectory() as folder:
        papers = write_papers(Path(folder), findings_of(open_desk(output), _SHOWN), user())
        with replaced(target) as temporary, ZipFile(temporary, "w") as archive:
            for paper in papers:
                archive.write(paper, paper.name)


def _data_workbook(output: Path, target: Path) -> None:
    from pipeline.export.workbook import write_xlsx

    with closing(connect(open_dataset(output))) as connection:
        write_xlsx(connection, target)


KINDS = (
    Kind("findings-html", "发现清单（网页，可打印）", "发现清单.html", _findings_page),
    Kind("findings-xlsx", "发现与重算（Excel，带公式）", "发现与重算.xlsx", _findings_workbook),
    Kind("papers", "审计工作底稿与问题清单（Word，压缩包）", "底稿与问题清单.zip", _papers),
    Kind("data-xlsx", "全部数据（Excel）", "全部数据.xlsx", _data_workbook),
)
