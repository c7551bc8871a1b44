"""Archives of a source, unpacked once and kept (压缩包的解压).

An archive is unpacked where it can be stopped, into a folder named after its address, size and time; a list written at
the end says what came of it. An archive that did not change is never opened again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from parsers.formats import REPORT_SUFFIXES
from pipeline.dataset.part_files import sync
from pipeline.reading.workers import Limits, Workers, workers_for
from pipeline.sourcing.archives import is_archive, members
from pipeline.sourcing.local_files import Refused, SourceFile, Sources, printable
from schemas.errors import LimitExceeded, ReadError

STATE = "state"
"""Below the output: downloads, unpacked archives, the memory of visits, a Prefect server's database."""
CONTENTS = "contents.json"
UNPACK_SECONDS = 1800.0


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A member that was unpacked to `path` (below its folder), or why it was not (压缩包成员)."""

    uri: str
    path: str | None
    code: str = ""
    message: str = ""


def open_archives(sources: Sources, output: Path, limits: Limits) -> Sources:
    """`sources` with the members of archives in their place; what of them cannot be had is refused.

    Raises OSError when the output cannot be written.
    """
    files: list[SourceFile] = []
    refused = list(sources.refused)
    for file in sources.files:
        if not _opens(Path(file.path)):
            files.append(file)
            continue
        for each in _members(file, output, limits):
            if isinstance(each, Refused):
                refused.append(each)
            else:
                files.append(each)
    return replace(sources, files=tuple(files), refused=tuple(refused))


def _opens(path: Path) -> bool:
    """Whether a file is an archive. A report's name is believed; what it holds instead is told when it is read."""
    try:
        return path.suffix.lower() not in REPORT_SUFFIXES and is_archive(path)
    except ReadError:  # its reading says why
        return False


def _members(archive: SourceFile, output: Path, limits: Limits) -> Iterator[SourceFile | Refused]:
    """The members of an archive, unpacked below the output. Raises OSError when that cannot be written."""
    workers = workers_for(1, Limits(max(UNPACK_SECONDS, limits.seconds), limits.memory_mb))
    place, contents = unpacked(Path(archive.path), archive.uri, output / STATE / "unpacked", workers)
    for each in contents:
        if each.path is None:
            yield Refused(each.uri, each.code, each.message, archive.provenance.source_name)
        else:
            path = place / each.path
            yield SourceFile(str(path), each.uri, replace(archive.provenance, local_path=below(path, output)))


def below(path: Path, output: Path) -> str:
    """Where a file lies below the output, so that the output can be moved as a whole."""
    return printable(path.relative_to(output).as_posix())


def unpacked(archive: Path, address: str, folder: Path, workers: Workers) -> tuple[Path, tuple[Unpacked, ...]]:
    """The reports in `archive`, and the folder below `folder` they lie in. Raises OSError (a full disk)."""
    stat = archive.stat()
    key = hashlib.sha256(f"{address}|{stat.st_size}|{stat.st_mtime_ns}".encode("utf-8", "surrogateescape"))
    place = folder / key.hexdigest()[:32]
    contents = place / CONTENTS
    if contents.is_file():
        with suppress(ValueError, TypeError):  # a damaged list: the archive is opened again
            return place, tuple(Unpacked(**each) for each in json.loads(contents.read_text(encoding="utf-8")))
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    try:
        found = workers.call(unpack, str(archive), str(place), address)
    except LimitExceeded as error:
        message = f"压缩包“{printable(archive.name)}”未能在限制内解压（{error.code}）；请解压后重新提供。"
        return place, (Unpacked(address, None, error.code, message),)
    except ReadError as error:
        return place, (Unpacked(address, None, error.code, str(error)),)
    partial = contents.with_suffix(".part")
    partial.write_text(json.dumps([asdict(each) for each in found], ensure_ascii=False), encoding="utf-8")
    sync(partial)
    partial.replace(contents)
    return place, found


def unpack(archive: str, place: str, address: str) -> tuple[Unpacked, ...]:
    """Unpack into `place`; runs in a worker."""
    found = []
    for member in members(Path(archive), Path(place), address=address):
        uri = printable(member.address)
        if member.error is not None:
            found.append(Unpacked(uri, None, member.error.code, str(member.error)))
        elif member.path is not None:
            found.append(Unpacked(uri, os.path.relpath(member.path, place)))
    return tuple(found)
