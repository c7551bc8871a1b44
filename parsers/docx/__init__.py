"""DOCX reader: WordprocessingML packages -> Document (DOCX 读取)."""

from parsers.docx.reader import read_docx

__all__ = ["read_docx"]
