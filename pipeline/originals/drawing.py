"""Pictures and excerpts of many places, made where they can be stopped (截图与摘录的制作).

Files are hostile: `make` runs in a worker process with a deadline and a memory limit, as reading does. A file is shown
only while its bytes are those that were read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from parsers.readers import read_document
from pipeline.originals.excerpts import ExcerptReader
from pipeline.originals.model import CHANGED, Drawn, Excerpts, PageImage, PagePlace, Place, Shown, Source, TextPlace
from pipeline.originals.pages import pictures
from pipeline.reading.one_file import identify
from pipeline.reading.workers import Workers
from schemas.errors import FileUnavailable, ReadError

PAGES_PER_CALL = 20
"""Pages drawn in one call of a worker, within one deadline."""


def draw(wanted: Mapping[Source, Iterable[Place]], workers: Workers, threads: int) -> Drawn:
    """Everything wanted, each made once, `threads` at a time; a file of which nothing is wanted is only identified."""
    jobs = [(source, chunk) for source, asked in wanted.items() for chunk in _chunks(asked) or [[]]]
    shown: dict[tuple[Source, Place], Shown] = {}
    failed: dict[tuple[Source, Place | None], str] = {}
    with ThreadPoolExecutor(threads) as pool:
        for job, found in zip(jobs, pool.map(lambda job: _job(workers, *job), jobs), strict=True):
            for place, result in found.items():
                if isinstance(result, str):
                    failed[job[0], place] = result
                elif place is not None:
                    shown[job[0], place] = result
    return Drawn(shown, failed)


def _chunks(asked: Iterable[Place]) -> list[list[Place]]:
    by_page = _pages(dict.fromkeys(asked))
    pages = sorted(by_page)
    return [
        [place for page in pages[at : at + PAGES_PER_CALL] for place in by_page[page]]
        for at in range(0, len(pages), PAGES_PER_CALL)
    ]


def _job(workers: Workers, source: Source, asked: list[Place]) -> dict[Place | None, Shown | str]:
    """What one call makes; where it fails, page by page, so that one bad page costs only itself."""
    try:
        return dict(zip(asked, workers.call(make, source.path, source.document_id, asked), strict=True))
    except ReadError as error:
        if error.code in (CHANGED, FileUnavailable.code):
            return {None: error.code}
        by_page = _pages(asked)
        if len(by_page) <= 1:
            return dict.fromkeys(asked, error.code) if asked else {None: error.code}
    found: dict[Place | None, Shown | str] = {}
    for same_page in by_page.values():
        found |= _job(workers, source, same_page)
    return found


def _pages(asked: Iterable[Place]) -> dict[int, list[Place]]:
    """The places by page; what has no pages together."""
    found: dict[int, list[Place]] = {}
    for place in asked:
        found.setdefault(place.page if isinstance(place, PagePlace) else 0, []).append(place)
    return found


def make(path: str, document_id: str, asked: Sequence[Place]) -> list[Shown]:
    """What is asked for, in order; runs in a worker.

    Raises ReadError for a file that is gone, is another one by now (`code` "changed"), or cannot be drawn or read.
    """
    check_unchanged(path, document_id)
    paged = [place for place in asked if isinstance(place, PagePlace)]
    textual = [place for place in asked if isinstance(place, TextPlace)]
    made: dict[Place, Shown] = dict(zip(paged, _pictures(path, paged), strict=True))
    made |= dict(zip(textual, _excerpts(path, textual), strict=True))
    return [made[place] for place in asked]


def _pictures(path: str, asked: Sequence[PagePlace]) -> list[PageImage]:
    return pictures(Path(path), asked) if asked else []


def _excerpts(path: str, asked: Sequence[TextPlace]) -> list[Excerpts]:
    if not asked:
        return []
    reader = ExcerptReader(Path(path), read_document(Path(path)))
    return [reader.excerpts(place) for place in asked]


def check_unchanged(path: str, document_id: str) -> None:
    """Raises ReadError (`code` "changed") where a file's bytes are no longer those that were read."""
    if identify(path).document_id != document_id:
        raise ReadError(f"文件“{Path(path).name}”的内容已不是入库时的内容；请重新运行 ziping ingest。", code=CHANGED)
