"""Answers that are no page: JSON, JSONP and XML, with addresses, titles and pieces of HTML in them (数据应答)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import lxml.etree

from pipeline.sourcing.links import is_address, is_file_name, urlsplit_path
from pipeline.sourcing.markup import PageReader
from schemas.vocabulary import pattern
from schemas.web import WEB

_JSONP = re.compile(r"^[\w$.]{1,80}\s*\(\s*([\[{].*[\]}])\s*\)\s*;?\s*$", re.DOTALL)
_PIECE = re.compile(r"<\w+[^<>]*>")
_HAN = pattern("han")
_TITLE_KEYS = ("title", "subject", "name")
_MAX_DEPTH = 60


def as_json(text: str) -> Any | None:
    """The value a JSON or JSONP answer holds; None if it is none, or no list nor object."""
    plain = text.strip()
    match = _JSONP.match(plain)
    if match:
        plain = match[1]
    if plain[:1] not in "[{":
        return None
    try:
        value = json.loads(plain)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, list | dict) else None


def read_json(value: Any, reader: PageReader) -> None:
    """The addresses of `value` with the titles beside them, and what its pieces of HTML lead to."""
    for record in _records(value, _MAX_DEPTH):
        title = _title(record)
        before = len(reader.found.links)
        texts = _strings(record)
        placed = any("/" in text and is_address(text) for _, text in texts)
        for key, text in texts:
            if placed and "/" not in text and is_file_name(text):
                continue  # the name of the file beside its path
            if _PIECE.search(text):
                reader.piece(text)
            elif is_address(text) and not WEB.assets.search(text):
                name = title if is_file_name(title) else ""
                reader.add(text, title, "link" if title or is_file_name(urlsplit_path(text)) else "data", name)
            elif text[:1] in "[{" and (inner := as_json(text)) is not None:
                read_json(inner, reader)
            elif key.lower() == "content" and not reader.found.text:
                reader.found.text = text
        nested = any(isinstance(each, dict | list) for each in record.values())
        if title and len(reader.found.links) == before and not nested:
            reader.found.dead.append(title)  # an entry whose address only a script of the site makes


def _records(value: Any, depth: int) -> Iterator[Mapping[str, Any]]:
    """Every object in `value`, outer ones first; a list of strings is an object without titles."""
    if not depth:
        return
    if isinstance(value, dict):
        yield value
        for each in value.values():
            yield from _records(each, depth - 1)
    elif isinstance(value, list):
        plain = {str(at): each for at, each in enumerate(value) if isinstance(each, str)}
        if plain:
            yield plain
        for each in value:
            yield from _records(each, depth - 1)


def _strings(record: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(key, value.strip()) for key, value in record.items() if isinstance(value, str) and value.strip()]


def _title(record: Mapping[str, Any]) -> str:
    """What a record calls itself: its title, else its longest short Chinese text."""
    texts = [(key.lower(), _PIECE.sub("", value)) for key, value in _strings(record)]
    for wanted in _TITLE_KEYS:
        for key, value in texts:
            if wanted in key and not is_address(value):
                return value
    chinese = [value for _, value in texts if _HAN.search(value) and len(value) <= 200]
    return max(chinese, key=len, default="")


def read_xml(text: str, reader: PageReader) -> bool:
    """What the records of an XML answer lead to; whether it is one."""
    parser = lxml.etree.XMLParser(
        recover=True, no_network=True, resolve_entities=False, load_dtd=False, huge_tree=False, strip_cdata=False
    )
    try:
        root = lxml.etree.fromstring(text.encode("utf-8"), parser)
    except (lxml.etree.XMLSyntaxError, ValueError):
        return False
    if root is None:
        return False
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        values = [(element.text or "").strip(), *(str(value).strip() for value in element.attrib.values())]
        for value in values:
            if _PIECE.search(value):
                reader.piece(value)
            elif is_address(value) and not WEB.assets.search(value):
                reader.add(value, _sibling_title(element), "link")
    return True


def _sibling_title(element: Any) -> str:
    around = element.getparent()
    own = [str(value) for value in element.attrib.values()]
    texts = own if around is None else [*own, *((each.text or "").strip() for each in around)]
    chinese = [text for text in texts if _HAN.search(text) and len(text) <= 200]
    return max(chinese, key=len, default="")
