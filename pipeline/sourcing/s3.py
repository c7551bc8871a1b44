"""Reports in storage that speaks S3 (对象存储来源)."""

from __future__ import annotations

import errno
import importlib
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import Any

from parsers.formats import FETCHED_SUFFIXES, REPORT_SUFFIXES
from pipeline.sourcing.config import S3Source
from pipeline.sourcing.found import (
    FoundFile,
    Gathered,
    NotDelivered,
    Origin,
    Survey,
    keep_download,
)
from pipeline.sourcing.visited import Memory, Remembered, healed
from schemas.errors import ConfigError, FileUnavailable, LimitExceeded, ReadError

_DISK = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS})
_SCHEME = "s3://"
_CLIENT = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 3, "mode": "standard"}}


def gather_s3(source: S3Source, state: Path, *, downloads: bool = True) -> Gathered:
    """Every object below the source's address, new and changed ones downloaded to `<state>/downloads` (对象存储的收集).

    Changed means another ETag or size. Without `downloads` objects are counted, not fetched. An object that cannot be
    fetched is a problem; a listing that cannot be read or brings nothing makes the result incomplete. Raises
    ConfigError when s3fs is not installed, StoreError, OSError (a full disk).
    """
    storage, failures = connect(source.endpoint, f"来源“{source.name}”", _CLIENT)
    with Memory(state) as memory:
        items: list[FoundFile] = []
        problems: list[NotDelivered] = [] if memory.healed is None else [healed(memory.healed)]
        try:
            listing = dict(_listing(storage, source))
        except failures as error:
            message = f"无法列出 {source.url}（{_reason(error)}）；请检查地址、网络和访问凭据。"
            problem = NotDelivered(source.url, FileUnavailable(message, code="s3_list"))
            return Gathered(source.name, problems=(problem,), complete=False)
        if not listing:
            message = f"{source.url} 里没有符合的文件；请检查地址和 patterns。"
            problems.append(NotDelivered(source.url, FileUnavailable(message, code="s3_empty")))
        if not downloads:
            survey = Survey(attachments=len(listing))
            return Gathered(source.name, problems=tuple(problems), complete=bool(listing), survey=survey)
        for address, info in listing.items():
            try:
                items.append(_item(storage, source, address, info, state, memory))
            except ReadError as error:
                problems.append(NotDelivered(address, error, of_file=True))
            except failures as error:
                if isinstance(error, OSError) and error.errno in _DISK:
                    raise
                message = f"无法下载 {address}（{_reason(error)}），留待下次；如一再出现，请检查访问权限。"
                problems.append(NotDelivered(address, FileUnavailable(message, code="s3_get"), of_file=True))
        return Gathered(source.name, tuple(items), problems=tuple(problems), complete=bool(listing))


def connect(endpoint: str | None, what: str, client: Mapping[str, Any]) -> tuple[Any, tuple[type[Exception], ...]]:
    """The storage, and the exceptions that mean it could not be reached or refused.

    `client` are settings of botocore. Raises ConfigError, saying that `what` needs s3fs, when that is not installed.
    """
    try:
        s3fs = importlib.import_module("s3fs")
        botocore = importlib.import_module("botocore.exceptions")
    except ImportError as error:
        raise ConfigError(f"{what}需要 s3fs；请运行 pip install 'zipingbiao[s3]'。") from error
    storage = s3fs.S3FileSystem(
        endpoint_url=endpoint, config_kwargs=client, skip_instance_cache=True, use_listings_cache=False
    )
    return storage, (OSError, botocore.BotoCoreError, botocore.ClientError)


def _listing(storage: Any, source: S3Source) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Address and description of each wanted object, in the order of the keys."""
    root = source.url.removeprefix(_SCHEME)
    if "/" not in root:
        storage.ls(root)  # find() takes a bucket that does not exist for an empty one
    for key, info in sorted(storage.find(root, detail=True).items()):
        below = key.removeprefix(root).lstrip("/")
        name = key.rpartition("/")[2]
        if source.patterns:
            wanted = any(fnmatchcase(name, one) or fnmatchcase(below, one) for one in source.patterns)
        else:
            wanted = os.path.splitext(name)[1].lower() in FETCHED_SUFFIXES | REPORT_SUFFIXES
        if wanted and info.get("type") == "file" and name:
            yield _SCHEME + key, info


def _item(
    storage: Any, source: S3Source, address: str, info: Mapping[str, Any], state: Path, memory: Memory
) -> FoundFile:
    etag, size = str(info["ETag"]), int(info["size"])
    known = memory.file(source.name, address)
    fresh = True
    if known is not None and (known.etag, known.size) == (etag, size) and known.is_here(state):
        file, fresh = known, False
    else:
        file = _fetch(storage, source, address, info, state, known)
        memory.remember(file)
        fresh = known is None or known.sha256 != file.sha256
    origin = Origin(address, file.first_seen_at, etag=file.etag, last_modified=file.last_modified)
    return FoundFile(address, state / file.path, origin, fresh)


def _fetch(
    storage: Any, source: S3Source, address: str, info: Mapping[str, Any], state: Path, known: Remembered | None
) -> Remembered:
    size, etag = int(info["size"]), str(info["ETag"])
    if size > source.max_bytes:
        message = f"{address} 超过 {source.max_bytes / (1 << 20):g} MB，未下载；确需下载请调大 max_mb。"
        raise LimitExceeded(message, code="download_size")
    partial = state / "partial" / f"{sha256(address.encode()).hexdigest()[:32]}.s3"
    partial.parent.mkdir(parents=True, exist_ok=True)
    try:
        storage.get_file(address, str(partial))
        # Large objects come in several requests: one replaced meanwhile would be part old, part new.
        if partial.stat().st_size != size or str(storage.info(address, refresh=True)["ETag"]) != etag:
            raise FileUnavailable(f"{address} 在下载时有变化，留待下次。", code="s3_changed")
        path, digest = keep_download(partial, state / "downloads", address.rpartition("/")[2])
    finally:
        partial.unlink(missing_ok=True)
    now = datetime.now(UTC).isoformat()
    modified = info.get("LastModified")
    return Remembered(
        source.name, address, path.relative_to(state).as_posix(), digest, size, etag,
        modified.isoformat() if isinstance(modified, datetime) else None, None, None,
        known.first_seen if known else now, now,
    )  # fmt: skip


def _reason(error: Exception) -> str:
    return str(error) or type(error).__name__
