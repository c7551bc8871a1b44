"""Files that are no DOCX though they came as one: what they are and what to do, from their first bytes (异类文件)."""

from __future__ import annotations

from schemas.errors import DamagedFile, EncryptedFile, ReadError, UnsupportedFormat

HEAD_BYTES = 4096
"""How much of a file's beginning tells what it is."""

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK"

_LOCK_FILE_SIZE = 162  # the owner file Word leaves beside an open document: the user's name and padding

# Entries of an OLE2 directory are 128 bytes each and begin with the UTF-16 name.
_OLE2_ENTRY = 128
_OLE2_KINDS: tuple[tuple[str, type[ReadError], str], ...] = (
    ("EncryptedPackage", EncryptedFile, "已加密，需要密码才能打开；请取得密码，用 Word 或 WPS 去除密码后另存再试"),
    ("\x09DRMContent", EncryptedFile, "受权限保护（IRM），无法读取；请在有权限的电脑上另存为不受限制的文件再试"),
    ("WordDocument", UnsupportedFormat, "实为旧版 Word 文档（.doc）；请用 Word 或 WPS 另存为 .docx 再试"),
    ("Workbook", UnsupportedFormat, "实为旧版 Excel 工作簿（.xls）；请把自评表另存为 .docx、PDF 或文本再试"),
    ("Book", UnsupportedFormat, "实为旧版 Excel 工作簿（.xls）；请把自评表另存为 .docx、PDF 或文本再试"),
    ("PowerPoint Document", UnsupportedFormat, "实为旧版 PowerPoint 演示文稿（.ppt）；请把自评表另存为 .docx 再试"),
)

_BEGINNINGS: tuple[tuple[tuple[bytes, ...], str], ...] = (
    ((b"%PDF",), "实为 PDF 文件；请把扩展名改为 .pdf 再试"),
    ((b"{\\rtf",), "实为 RTF 文档；请用 Word 或 WPS 另存为 .docx 再试"),
    ((b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*"), "实为图片；请提供可选取文字的文件"),
    ((b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b"), "实为压缩包；请解压后再试"),
)
_MARKS: tuple[tuple[bytes, str], ...] = (
    (b"<pkg:package", "实为单一 XML 格式的 Word 文档；请用 Word 另存为 .docx 再试"),
    (b"<w:worddocument", "实为 Word 2003 XML 文档；请用 Word 另存为 .docx 再试"),
    (b"mime-version:", "实为网页归档（MHTML）；请用 Word 打开后另存为 .docx 再试"),
    (b"<html", "实为网页（HTML）；请用 Word 打开后另存为 .docx，或另存为文本再试"),
    (b"<!doctype html", "实为网页（HTML）；请用 Word 打开后另存为 .docx，或另存为文本再试"),
    (b"%pdf", "实为 PDF 文件；请把扩展名改为 .pdf 再试"),
)


def foreign_file(name: str, head: bytes, size: int, whole: bytes = b"") -> ReadError:
    """The error for a file that is no zip package: `head` is its beginning, `whole` an OLE2 container's bytes."""
    if size == 0:
        return DamagedFile(f"《{name}》是空文件（0 字节）；请重新获取该文件。")
    if head.startswith(OLE2):
        return _ole2_container(name, whole)
    if head.startswith(ZIP):
        return DamagedFile(f"《{name}》不完整：压缩包缺少结尾的目录，可能没有传完；请重新下载或复制该文件。")
    if size == _LOCK_FILE_SIZE and 0 < head[0] <= 54:
        return UnsupportedFormat(f"《{name}》是 Word 打开文档时留下的临时文件，没有正文；请读取原文档，本文件可删除。")
    for beginnings, what in _BEGINNINGS:
        if head.startswith(beginnings):
            return UnsupportedFormat(f"《{name}》不是 Word 文档（.docx），{what}。")
    lowered = head.lower()
    for mark, what in _MARKS:
        if mark in lowered:
            return UnsupportedFormat(f"《{name}》不是 Word 文档（.docx），{what}。")
    if _is_text(head):
        return UnsupportedFormat(f"《{name}》不是 Word 文档（.docx），实为纯文本；请把扩展名改为 .txt 再试。")
    return DamagedFile(f"《{name}》不是 Word 文档（.docx），内容无法识别，可能已损坏；请重新获取该文件。")


def _ole2_container(name: str, whole: bytes) -> ReadError:
    for entry, kind, what in _OLE2_KINDS:
        pattern = (entry + "\0").encode("utf-16-le")
        at = whole.find(pattern)
        while at >= 0:
            if at % _OLE2_ENTRY == 0:
                return kind(f"《{name}》{what}。")
            at = whole.find(pattern, at + 1)
    return UnsupportedFormat(f"《{name}》不是 Word 文档（.docx），是无法识别的旧版 Office 文件；请另存为 .docx 再试。")


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\0" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        # The last character may be cut by the end of `head`.
        for end in range(len(head), max(0, len(head) - 4), -1):
            try:
                head[:end].decode(encoding)
            except UnicodeDecodeError:
                continue
            return True
    return False
