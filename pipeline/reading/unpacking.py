"""Archives of a source, unpacked once and kept (压缩包的解压).

An archive is unpacked where it can be stopped, into a folder named after its address, size and time; a list written at
the end says what came of it. An archive that did not change is never opened again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass
from pathlib import Path

from pipeline.dataset.part_files import sync
from pipeline.reading.workers import Workers
from pipeline.sourcing.archives import members
from pipeline.sourcing.local_files import printable
from schemas.errors import LimitExceeded, ReadError

CONTENTS = "contents.json"


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A member that was unpacked to `path` (below its folder), or why it was not (压缩包成员)."""

    uri: str
    path: str | None
    code: str = ""
    message: str = ""


def unpacked(archive: Path, address: str, folder: Path, workers: Workers) -> tuple[Path, tuple[Unpacked, ...]]:
    """The reports in `archive`, and the folder below `folder` they lie in. Raises OSError (a full disk)."""
    stat = archive.stat()
    key = hashlib.sha256(f"{address}|{stat.st_size}|{stat.st_mtime_ns}".encode("utf-8", "surrogateescape"))
    place = folder / key.hexdigest()[:32]
    contents = place / CONTENTS
    if contents.is_file():
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
