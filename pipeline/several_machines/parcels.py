"""A batch and its result as files that travel between machines (包裹).

A parcel is a ZIP with `batch.json` and the files themselves; a result is one with `result.json` and the staged rows.
Nothing in them is code.
"""

from __future__ import annotations

import json
import os
import zipfile
from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.dataset.part_files import Segment
from pipeline.processor import cores
from pipeline.reading.ingest import Batch, BatchResult
from pipeline.reading.known_files import FirstSeen
from pipeline.reading.one_file import Known
from pipeline.reading.run_summary import Contradiction, Counts, News, Note, Tally
from pipeline.reading.workers import Limits
from pipeline.sourcing.local_files import Provenance, Refused, SourceFile

BATCH, RESULT = "batch.json", "result.json"
_COPY = 1 << 20


@dataclass(frozen=True, slots=True)
class Packed:
    """What was packed, and the batch of those files that could not be: they have to be read where they are (装箱)."""

    files: int
    left: Batch


def pack(batch: Batch, rules: str | None, target: Path) -> Packed:
    """Write the parcel of `batch` to `target`; `rules` is the text of the user's own rules."""
    packed: list[dict[str, Any]] = []
    left: list[SourceFile] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as parcel:
        for file in batch.files:
            try:
                changed = _add(parcel, str(len(packed)), file.path)
            except OSError:
                left.append(file)
                continue
            packed.append({"name": os.path.basename(file.path), "modified": changed, **_file(file, batch)})
        parcel.writestr(
            BATCH,
            json.dumps(
                {
                    "number": batch.number,
                    "rules": rules,
                    "rules_version": batch.rules_version,
                    "limits": asdict(batch.limits),
                    "refused": [asdict(each) for each in batch.refused],
                    "files": packed,
                }
            ),
        )
    return Packed(len(packed), replace(batch, files=tuple(left), refused=()))


def _add(parcel: zipfile.ZipFile, name: str, path: str) -> int:
    """Copy one file into the parcel; returns its time of change. Raises OSError, also when it changed meanwhile."""
    if not os.path.isfile(path):
        raise FileNotFoundError(path)
    before = os.stat(path)
    with open(path, "rb") as file, parcel.open(name, "w", force_zip64=True) as copy:
        size = 0
        while block := file.read(_COPY):
            size += copy.write(block)
    after = os.stat(path)
    if (before.st_size, before.st_mtime_ns, size) != (after.st_size, after.st_mtime_ns, after.st_size):
        raise OSError(f"{path} changed")
    return after.st_mtime_ns


def _file(file: SourceFile, batch: Batch) -> dict[str, Any]:
    seen = batch.first_seen.get(file.uri)
    return {
        "uri": file.uri,
        "provenance": asdict(file.provenance),
        "known": {content: asdict(known) for content, known in batch.known.get(file.path, {}).items()},
        "first_seen": None if seen is None else [seen.document_id, seen.at.isoformat()],
    }


def unpacked(parcel: Path, folder: Path) -> Batch:
    """The batch in a parcel, its files unpacked below `folder`."""
    with zipfile.ZipFile(parcel) as archive:
        told = json.loads(archive.read(BATCH))
        files: list[SourceFile] = []
        known: dict[str, dict[str, Known]] = {}
        seen: dict[str, FirstSeen] = {}
        for number, each in enumerate(told["files"]):
            path = folder / "files" / str(number) / each["name"]
            _copy_out(archive, str(number), path, each["modified"])
            files.append(SourceFile(str(path), each["uri"], Provenance(**each["provenance"])))
            known[str(path)] = {content: Known(**one) for content, one in each["known"].items()}
            if each["first_seen"] is not None:
                content, at = each["first_seen"]
                seen[each["uri"]] = FirstSeen(content, datetime.fromisoformat(at))
    return Batch(
        number=told["number"],
        files=tuple(files),
        refused=tuple(Refused(**each) for each in told["refused"]),
        known={path: contents for path, contents in known.items() if contents},
        first_seen=seen,
        staging=folder / "staged",
        workers=cores(),
        limits=Limits(**told["limits"]),
        rules=_rules(told["rules"], folder),
        rules_version=told["rules_version"],
    )


def _rules(text: str | None, folder: Path) -> Any:
    if text is None:
        return None
    from pipeline.checks import rules_from  # only here: with the project's rules this process makes no checks itself

    path = folder / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return rules_from(path)


def _copy_out(archive: zipfile.ZipFile, name: str, path: Path, modified: int) -> None:
    path.parent.mkdir(parents=True)
    with archive.open(name) as stored, path.open("wb") as file:
        while block := stored.read(_COPY):
            file.write(block)
    os.utime(path, ns=(modified, modified))


def pack_result(result: BatchResult, target: Path) -> None:
    """Write what a batch gave to `target`."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        for table in result.segment.rows:
            archive.write(result.segment.path(table), table)
        told = {"rows": result.segment.rows, "known": result.known, "tally": _tally_json(result.tally)}
        archive.writestr(RESULT, json.dumps(told))


def take_result(packed: Path, staging: Path, number: int) -> BatchResult:
    """What a batch gave, its rows staged where this run's other batches are."""
    name = f"batch-{number:06d}"
    with zipfile.ZipFile(packed) as archive:
        told = json.loads(archive.read(RESULT))
        segment = Segment(staging / name, name, told["rows"])
        for table in segment.rows:
            segment.path(table).parent.mkdir(parents=True, exist_ok=True)
            segment.path(table).write_bytes(archive.read(table))
    return BatchResult(segment, _tally(told["tally"]), tuple(told["known"]))


def _tally_json(tally: Tally) -> dict[str, Any]:
    return {
        "by_status": tally.by_status,
        "by_content": tally.by_content,
        "failed": [asdict(each) for each in tally.failed],
        "partial": [asdict(each) for each in tally.partial],
        "recognised": sorted(tally.recognised),
        "news": {
            "files": tally.news.files,
            "contradictions": [asdict(each) for each in tally.news.contradictions],
            "contradicted": tally.news.contradicted,
            "reports": tally.news.reports,
            "unknown": tally.news.unknown,
            "words": tally.news.words,
        },
    }


def _tally(told: dict[str, Any]) -> Tally:
    news = told["news"]
    return Tally(
        by_status=Counter(told["by_status"]),
        by_content={content: Counts(*counts) for content, counts in told["by_content"].items()},
        failed=[Note(**each) for each in told["failed"]],
        partial=[Note(**each) for each in told["partial"]],
        recognised=set(told["recognised"]),
        news=News(
            **news
            | {
                "contradictions": [Contradiction(**each) for each in news["contradictions"]],
                "words": Counter(news["words"]),
            }
        ),
    )
