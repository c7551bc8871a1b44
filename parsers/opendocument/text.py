"""The text of OpenDocument paragraphs (段落文字)."""

from __future__ import annotations

from dataclasses import dataclass, field

from parsers.opendocument.names import DRAW, OFFICE, TEXT
from parsers.opendocument.styles import OdfLook, OdfStyles
from parsers.printed import SeenText
from parsers.zipped import Element

_MAX_BLANKS = 1_000
_BREAKS = {TEXT + "line-break": "\n", TEXT + "tab": "\t"}
_UNPRINTED = frozenset(
    (
        OFFICE + "annotation", OFFICE + "annotation-end", TEXT + "tracked-changes", TEXT + "hidden-text",
        TEXT + "hidden-paragraph", TEXT + "ruby-text", TEXT + "script",
    )
)  # fmt: skip
_MARKS_OF_NOTES = (TEXT + "note",)


@dataclass(slots=True)
class OdfInline:
    """What a paragraph holds: its text, the text boxes anchored in it, its notes, how many pictures (段落内容)."""

    seen: SeenText = field(default_factory=SeenText)
    boxes: list[Element] = field(default_factory=list)
    notes: list[Element] = field(default_factory=list)
    objects: int = 0
    pictures: int = 0

    @property
    def text(self) -> str:
        return self.seen.text

    def add(self, text: str, look: OdfLook) -> None:
        """Text of a look; what is in the colour of paper nobody sees."""
        if text and OdfLook.WHITE not in look:
            self.seen.add(
                text,
                is_struck=OdfLook.STRUCK in look,
                is_raised=OdfLook.RAISED in look,
                is_lowered=OdfLook.LOWERED in look,
            )


def read_inline(paragraph: Element, styles: OdfStyles, around: OdfLook = OdfLook.PLAIN) -> OdfInline:
    """The content of a text:p or text:h; `around` is how the text of its cell looks."""
    found = OdfInline()
    look = styles.look(paragraph.get(TEXT + "style-name"), around)
    if OdfLook.HIDDEN not in look:
        _read(paragraph, found, styles, look)
    return found


def _read(element: Element, found: OdfInline, styles: OdfStyles, look: OdfLook) -> None:
    found.add(_collapsed(element.text), look)
    for child in element:
        tag = child.tag
        own = styles.look(child.get(TEXT + "style-name"), look)
        if tag == TEXT + "s":
            count = child.get(TEXT + "c", "1")
            found.add(" " * min(int(count) if count.isdigit() else 1, _MAX_BLANKS), look)
        elif tag in _BREAKS:
            found.add(_BREAKS[tag], look)
        elif tag in _MARKS_OF_NOTES:
            found.notes.append(child)
        elif tag in _UNPRINTED or OdfLook.HIDDEN in own:
            pass
        elif str(tag).startswith(DRAW):
            _drawn(child, found)
        else:
            _read(child, found, styles, own)
        found.add(_collapsed(child.tail), look)


def _drawn(element: Element, found: OdfInline) -> None:
    """A frame or shape: its text stands outside the line."""
    boxes = list(element.iter(DRAW + "text-box"))
    if not boxes and element.tag in (DRAW + "custom-shape", DRAW + "rect"):
        boxes = [element]
    found.boxes += boxes
    found.pictures += sum(1 for _ in element.iter(DRAW + "image"))
    found.objects += sum(1 for _ in element.iter(DRAW + "object-ole"))


def _collapsed(text: str | None) -> str:
    """White space between words counts as one blank; more of it is written as elements."""
    if not text:
        return ""
    if not text.isspace() and "\n" not in text and "\t" not in text and "  " not in text:
        return text
    words = " ".join(text.split())
    lead = " " if text[0].isspace() else ""
    return f"{lead}{words}{' ' if words and text[-1].isspace() else ''}"
