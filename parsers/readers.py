"""One door to all readers (统一读取入口)."""

from __future__ import annotations

from pathlib import Path

from parsers.detect import Format, detect_format
from parsers.document import Document
from schemas.errors import DamagedFile, EncryptedFile, ReadError, UnsupportedFormat

_SAVE_AS_DOCX = "请用 Word 或 WPS 另存为 .docx 后重试"
_SAVE_AS_TEXT = "请用 Excel 或 WPS 另存为“文本文件（制表符分隔）”后重试"
_EXPORT_PDF = "请用原软件导出为带文字的 PDF 后重试"
_SCAN = "暂不识别图片中的文字，请提供带文字的 PDF、DOCX 或文本文件"

_UNSUPPORTED: dict[Format, tuple[str, str]] = {
    "doc": ("旧版 Word 文档（.doc）", _SAVE_AS_DOCX),
    "rtf": ("RTF 文档", _SAVE_AS_DOCX),
    "odf": ("OpenDocument 文档", _SAVE_AS_DOCX),
    "xml": ("XML 文档", _SAVE_AS_DOCX),
    "html": ("网页（HTML）", "请用浏览器打开后复制为文本，或用 Word 另存为 .docx 后重试"),
    "xls": ("旧版 Excel 工作簿（.xls）", _SAVE_AS_TEXT),
    "xlsx": ("Excel 工作簿（.xlsx）", _SAVE_AS_TEXT),
    "ppt": ("旧版演示文稿（.ppt）", _EXPORT_PDF),
    "pptx": ("演示文稿（.pptx）", _EXPORT_PDF),
    "ofd": ("OFD 版式文件", _EXPORT_PDF),
    "ole2": ("无法识别的旧版办公文件", _SAVE_AS_DOCX),
    "png": ("PNG 图片", _SCAN),
    "jpeg": ("JPEG 图片", _SCAN),
    "gif": ("GIF 图片", _SCAN),
    "bmp": ("BMP 图片", _SCAN),
    "tiff": ("TIFF 图片", _SCAN),
    "webp": ("WebP 图片", _SCAN),
    "zip": ("ZIP 压缩包", "请解压后读取其中的报告"),
    "archive": ("压缩包", "请解压后读取其中的报告"),
    "binary": ("二进制数据而不是文档", "请确认文件类型或重新取得原文件"),
}


def read_document(path: Path) -> Document:
    """The Document of one file, read by what its content is, whatever its suffix says.

    Raises UnsupportedFormat, EncryptedFile or DamagedFile (code "empty_file") for content no reader takes, and
    whatever the reader of its format raises.
    """
    found = detect_format(path)
    # Late, so that one format's libraries do not delay a run that only meets another's.
    if found == "txt":
        from parsers.text.reader import read_text

        return read_text(path)
    if found == "docx":
        from parsers.docx.reader import read_docx

        return read_docx(path)
    if found == "pdf":
        from parsers.pdf.reader import read_pdf

        return read_pdf(path)
    raise _refusal(path, found)


def _refusal(path: Path, found: Format) -> ReadError:
    if found == "empty":
        return DamagedFile(f"文件“{path.name}”是空文件（0 字节），请重新取得原文件。", code="empty_file")
    if found == "encrypted":
        return EncryptedFile(f"文件“{path.name}”设有打开密码，请用 Word 或 WPS 去除密码后重试。")
    content, advice = _UNSUPPORTED[found]
    suffix = f"扩展名是 {path.suffix}，" if path.suffix else "没有扩展名，"
    return UnsupportedFormat(f"文件“{path.name}”{suffix}内容是{content}，{advice}。", code=f"unsupported_{found}")
