"""Damage to the packages of office files: members gone, strings of a sheet gone (文件包的损坏)."""

from __future__ import annotations

import io
import re
import zipfile
from random import Random

from lxml import etree

from benchmarks.ways.of_tables import in_member
from benchmarks.ways.way import Way

_STRINGS = re.compile(r"xl/sharedStrings\.xml")
_TABLES = re.compile(r"word/document\.xml")
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def lose_member(data: bytes, rng: Random) -> bytes:
    """One member of the package gone."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        items = source.infolist()
        lost = rng.choice(items)
        for item in items:
            if item is not lost:
                target.writestr(item, source.read(item))
    return out.getvalue()


def empty_member(data: bytes, rng: Random) -> bytes:
    """One member of the package without its contents."""
    return in_member(data, re.compile(r".*\.(xml|rels)"), lambda content: b"", rng)


def lose_string(data: bytes, rng: Random) -> bytes:
    """One of the strings that the cells of a workbook point at gone: all behind it move up."""

    def changed(content: bytes) -> bytes:
        root = etree.fromstring(content)
        root.remove(rng.choice(list(root)))
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    return in_member(data, _STRINGS, changed, rng)


def lose_continuations(data: bytes, rng: Random) -> bytes:
    """No cell of a Word table goes on below itself any more: those that did are blank, those that began end."""

    def changed(content: bytes) -> bytes:
        root = etree.fromstring(content)
        for merge in list(root.iter(f"{_W}vMerge")):
            merge.getparent().remove(merge)
        return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))

    return in_member(data, _TABLES, changed, rng)


PACKAGE_WAYS: tuple[tuple[str, Way], ...] = (("lose_member", lose_member), ("empty_member", empty_member))
STRINGS_WAYS: tuple[tuple[str, Way], ...] = (("lose_string", lose_string),)
MERGE_WAYS: tuple[tuple[str, Way], ...] = (("lose_continuations", lose_continuations),)
