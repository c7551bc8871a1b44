"""One door to all readers (统一读取入口)."""

from __future__ import annotations

from pathlib import Path

from parsers.detect import detect_format
from parsers.document import Document
from parsers.formats import BY_NAME, Format
from schemas.errors import DamagedFile, EncryptedFile, ReadError, UnsupportedFormat


def read_document(path: Path) -> Document:
    """The Document of one file, read by what its content is, whatever its suffix says.

    Raises UnsupportedFormat, EncryptedFile or DamagedFile (code "empty_file") for content no reader takes, and
    whatever the reader of its format raises.
    """
    entry = BY_NAME[detect_format(path)]
    if entry.role != "report":
        raise _refusal(path, entry)
    return entry.read(path)


def _refusal(path: Path, entry: Format) -> ReadError:
    if entry.name == "empty":
        return DamagedFile(f"文件“{path.name}”是空文件（0 字节），请重新取得原文件。", code="empty_file")
    if entry.name == "encrypted":
        return EncryptedFile(f"文件“{path.name}”设有打开密码，请用 Word 或 WPS 去除密码后重试。")
    suffix = f"扩展名是 {path.suffix}，" if path.suffix else "没有扩展名，"
    return UnsupportedFormat(
        f"文件“{path.name}”{suffix}内容是{entry.title}，{entry.advice}。", code=f"unsupported_{entry.name}"
    )
