"""The parts of an OFD: its documents, their pages, templates and resources (OFD 包).

Paths are relative to the part that names them, or begin at the root with a slash.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.zipped import Element, ZippedFile
from schemas.errors import DamagedFile, EncryptedFile, LimitExceeded

MAX_PAGES = 3_000

Box = tuple[float, float, float, float]
"""x, y, width, height in millimetres."""

_A4: Box = (0.0, 0.0, 210.0, 297.0)


@dataclass(slots=True)
class OfdDocument:
    """One document of a package (OFD 文档): where its parts are, by their ids."""

    root: str
    area: Box = _A4
    pages: list[str] = field(default_factory=list)
    templates: dict[str, str] = field(default_factory=dict)
    media: dict[str, str] = field(default_factory=dict)
    """Pictures: part by resource id."""
    composites: dict[str, Element] = field(default_factory=dict)
    """Drawings used again and again: their content by resource id."""
    attachments: list[str] = field(default_factory=list)
    """Names of attached files."""


@dataclass(frozen=True, slots=True)
class OfdPage:
    """One page (OFD 页面): its area, and the roots of what is drawn on it, templates first."""

    area: Box
    contents: tuple[Element, ...]


def documents(file: ZippedFile) -> Iterator[OfdDocument]:
    """The documents of a package. Raises DamagedFile, EncryptedFile, LimitExceeded."""
    entry = file.xml("OFD.xml")
    if file.has("Encryptions.xml") or next(entry.iter("{*}Encryptions"), None) is not None:
        raise EncryptedFile(f"《{file.name}》已加密；请在有权限的电脑上打开并导出为不加密的 OFD 或 PDF 后重试。")
    roots = [root.text.strip() for root in entry.iter("{*}DocRoot") if root.text]
    if not roots:
        raise DamagedFile(f"《{file.name}》的 OFD.xml 没有写明文档在哪里，文件不完整；请重新获取该文件。")
    for root in roots:
        yield _document(file, resolve("OFD.xml", root))


def _document(file: ZippedFile, part: str) -> OfdDocument:
    root = file.xml(part)
    found = OfdDocument(part, box_of(root.find(".//{*}PageArea")) or _A4)
    for template in root.iter("{*}TemplatePage"):
        found.templates[template.get("ID", "")] = resolve(part, template.get("BaseLoc", ""))
    for page in root.iterfind("{*}Pages/{*}Page"):
        found.pages.append(resolve(part, page.get("BaseLoc", "")))
    if len(found.pages) > MAX_PAGES:
        raise LimitExceeded(f"《{file.name}》有 {len(found.pages)} 页，超过 {MAX_PAGES} 页的上限；请拆分后重试。")
    for name in ("PublicRes", "DocumentRes"):
        for entry in root.iter(f"{{*}}{name}"):
            if entry.text:
                _add_resources(file, resolve(part, entry.text.strip()), found)
    for entry in root.iter("{*}Attachments"):
        if entry.text and file.has(resolve(part, entry.text.strip())):
            listed = file.xml(resolve(part, entry.text.strip()))
            found.attachments += (one.get("Name", "") for one in listed.iter("{*}Attachment"))
    return found


def _add_resources(file: ZippedFile, part: str, document: OfdDocument) -> None:
    if not file.has(part):
        return
    root = file.xml(part)
    base = posixpath.join(posixpath.dirname(part), root.get("BaseLoc", ""), "x")
    for medium in root.iter("{*}MultiMedia"):
        target = medium.findtext("{*}MediaFile")
        if target:
            document.media[medium.get("ID", "")] = resolve(base, target.strip())
    for unit in root.iter("{*}CompositeGraphicUnit"):
        document.composites[unit.get("ID", "")] = unit


def page_of(file: ZippedFile, document: OfdDocument, part: str) -> OfdPage:
    """A page with its templates. Raises DamagedFile, LimitExceeded."""
    root = file.xml(part)
    used = (document.templates.get(one.get("TemplateID", "")) for one in root.iterfind("{*}Template"))
    templates = [file.xml(template) for template in used if template is not None and file.has(template)]
    boxes = (box_of(one.find("{*}Area")) for one in (root, *templates))
    area = next((box for box in boxes if box is not None), document.area)
    return OfdPage(area, (*templates, root))


def box_of(area: Element | None) -> Box | None:
    """The paper's box of an area."""
    if area is None:
        return None
    numbers = numbers_of(area.findtext("{*}PhysicalBox"))
    return (numbers[0], numbers[1], numbers[2], numbers[3]) if len(numbers) == 4 else None


def numbers_of(text: str | None) -> list[float]:
    """The numbers of a list in an attribute; empty where it is none."""
    try:
        return [float(word) for word in text.split()] if text else []
    except ValueError:
        return []


def resolve(part: str, target: str) -> str:
    """The name of the part that `part` calls `target`."""
    return posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target.replace("\\", "/"))).lstrip("/")
