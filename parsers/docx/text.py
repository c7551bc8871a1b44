"""The text of one paragraph as it is printed (段落文字): runs, fields, symbols, formulas.

Kept: accepted insertions, field results, check boxes, enclosed characters, formulas in a line of text.
Left out: deletions, hidden text, field instructions, ruby, note marks. Text boxes and notes are handed on.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.docx.looks import LEAST_RAISE, PLAIN, Look, is_faint, look_of
from parsers.docx.names import OFFICE, VAL, Element, M, W, flat, on
from parsers.docx.numerals import circled
from parsers.docx.styles import Styles, number_of, value_of
from parsers.docx.symbols import decode, is_symbol_font, symbol
from parsers.printed import raised, subscript

# `EQ \o\ac(○,1)` is how Word sets an enclosed character (带圈字符), `EQ \f(1,2)` a fraction.
_EQ_OVERLAY = re.compile(r"^\s*EQ\s.*\\o\s*(?:\\a[clr]\s*)?\((?P<outer>[^,(]*)[,，](?P<inner>.*?)\)+\s*$", re.I | re.S)
_EQ_FRACTION = re.compile(r"^\s*EQ\s*\\f\s*\((?P<over>[^,(]*)[,，](?P<under>[^)]*)\)\s*$", re.I | re.S)
_SYMBOL_FIELD = re.compile(r"^\s*SYMBOL\s+(?P<code>0x[0-9A-F]+|\d+)(?:.*\\f\s*\"?(?P<font>[^\"\\]+)\"?)?", re.I | re.S)
_UP_DOWN = re.compile(r"\\[a-z]+\s*\d*\s*", re.I)
_CIRCLES, _BOXES, _TICKS = "○〇◯", "□☐", "√✓✔"
_NUMBER_IN_CIRCLE = re.compile(r"[1-9]\d?")

CHECKED, UNCHECKED = "☑", "□"

_TEXT, _RUN, _RUN_PROPERTIES = W + "t", W + "r", W + "rPr"
_OBJECT, _PICTURE, _DRAWING = W + "object", W + "pict", W + "drawing"
_BOX_CONTENT = W + "txbxContent"
_FOOTNOTE, _ENDNOTE = W + "footnoteReference", W + "endnoteReference"
_FIXED = {
    W + "tab": "\t",
    W + "ptab": "\t",
    W + "br": "\n",
    W + "cr": "\n",
    W + "noBreakHyphen": "-",
}


@dataclass(slots=True)
class _Field:
    """A field under way: before `separate` its instruction is read, afterwards its result."""

    start: int
    instruction: list[str] = field(default_factory=list)
    suppressed: list[str] = field(default_factory=list)
    in_result: bool = False
    form: Element | None = None


@dataclass(slots=True)
class Inline:
    """What a paragraph holds: `text`, the text boxes anchored in it (w:txbxContent), the notes it refers to (kind and
    id), the programs behind its embedded objects (Excel.Sheet.12), how many pictures. `base` is how its style makes
    its runs look; `struck` and `marks` are what is struck out and the marks of notes, neither of them part of
    the text; `unseen` counts characters in the colour of their ground, `shift` is how high the first run stands."""

    pieces: list[str] = field(default_factory=list)
    boxes: list[Element] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    objects: list[str] = field(default_factory=list)
    pictures: int = 0
    fields: list[_Field] = field(default_factory=list)
    base: Look = PLAIN
    struck: list[str] = field(default_factory=list)
    marks: list[str] = field(default_factory=list)
    unseen: int = 0
    shift: int | None = None

    @property
    def text(self) -> str:
        return "".join(self.pieces)

    def add(self, text: str) -> None:
        instruction = next((f for f in self.fields if not f.in_result), None)
        (self.pieces if instruction is None else instruction.suppressed).append(text)


def read_inline(paragraph: Element, styles: Styles) -> Inline:
    """The content of a w:p.

    A field whose end stands in a later paragraph (a table of contents) shows its result there as ordinary text; one
    that never leaves its instruction is broken, and its text is kept rather than lost.
    """
    out = Inline()
    style = paragraph.find(f"{W}pPr/{W}pStyle")
    out.base = styles.look(style.get(VAL)) if style is not None else PLAIN
    for element in flat(paragraph):
        tag = element.tag
        if tag == _RUN:
            _run(element, out, styles)
        elif tag.startswith(M):
            out.add(_math(element))
    for unfinished in out.fields:
        out.pieces.extend(unfinished.suppressed)
    return out


def _run(run: Element, out: Inline, styles: Styles) -> None:
    properties = run.find(_RUN_PROPERTIES)
    look = _look(properties, styles, out.base)
    if look.hidden:
        return
    unseen = look.colour is not None and is_faint(look, run)
    for element in flat(run):
        tag = element.tag
        if tag == _TEXT:
            _add_text(_text_of(element), look, properties, out, unseen=unseen)
        elif tag in _FIXED:
            out.add(_FIXED[tag])
        elif tag == W + "sym":
            out.add(_sym(element))
        elif tag == W + "fldChar":
            _field_char(element, out)
        elif tag == W + "instrText":
            if out.fields:
                out.fields[-1].instruction.append(element.text or "")
        elif tag in (_OBJECT, _PICTURE, _DRAWING):
            _drawn(element, out)
        elif tag in (_FOOTNOTE, _ENDNOTE):
            out.notes.append((tag[len(W) : -len("Reference")], element.get(W + "id", "")))
        elif tag == W + "ruby":
            for base in element.iterfind(f"{W}rubyBase/{_RUN}"):
                _run(base, out, styles)
        elif tag.startswith(M):
            out.add(_math(element))


def _look(properties: Element | None, styles: Styles, base: Look) -> Look:
    """How a run looks: by its own properties, its style, its paragraph's style."""
    if properties is None:
        return base
    style_id = value_of(properties, "rStyle")
    own = look_of(properties)
    return own.over(styles.look(style_id)).over(base) if style_id is not None else own.over(base)


def _add_text(text: str, look: Look, properties: Element | None, out: Inline, *, unseen: bool) -> None:
    """The text of a run as far as it is seen and stands; the rest is noted."""
    if unseen:
        out.unseen += len(text.strip())
    elif look.struck:
        out.struck.append(text)
    elif look.position == "superscript" or _stands_higher(look, out):
        kept, mark = raised(out.text, text)
        out.add(kept)
        if mark:
            out.marks.append(mark)
    else:
        out.add(_shown(text, look, properties))


def _stands_higher(look: Look, out: Inline) -> bool:
    """Whether a run is raised by hand above the text before it; a line that is raised as a whole is not."""
    if out.shift is None:
        out.shift = look.shift or 0
    return (look.shift or 0) - out.shift >= LEAST_RAISE


def _text_of(element: Element) -> str:
    text = element.text or ""
    if element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve":
        return text.replace("\n", " ")
    return text.strip(" \t\r\n").replace("\n", " ")


def _shown(text: str, look: Look, properties: Element | None) -> str:
    """The text as the run's font and position show it."""
    if properties is None:
        return text
    fonts = properties.find(W + "rFonts")
    if fonts is not None:
        font = next((f for f in (fonts.get(W + "ascii"), fonts.get(W + "hAnsi")) if is_symbol_font(f)), None)
        if font is not None:
            text = decode(font, text)
    return subscript(text) if look.position == "subscript" else text


def _sym(element: Element) -> str:
    code = element.get(W + "char", "")
    try:
        return symbol(element.get(W + "font"), int(code, 16))
    except ValueError:
        return ""


def _drawn(element: Element, out: Inline) -> None:
    """Text boxes, embedded objects and pictures inside a drawing, alternate content resolved."""
    stack = [element]
    while stack:
        current = stack.pop()
        if current.tag == _BOX_CONTENT:
            out.boxes.append(current)
            continue
        if current.tag == OFFICE + "OLEObject":
            out.objects.append(current.get("ProgID", ""))
        elif current.tag.endswith(("}blip", "}imagedata")):
            out.pictures += 1
        stack.extend(reversed(list(flat(current))))


def _field_char(element: Element, out: Inline) -> None:
    kind = element.get(W + "fldCharType")
    if kind == "begin":
        out.fields.append(_Field(start=len(out.pieces), form=element.find(W + "ffData")))
    elif kind == "separate" and out.fields:
        out.fields[-1].in_result = True
        out.fields[-1].start = len(out.pieces)
    elif kind == "end" and out.fields:
        ended = out.fields.pop()
        if not "".join(out.pieces[ended.start :]).strip():
            out.add(_form_value(ended.form) or _computed("".join(ended.instruction)))


def _form_value(form: Element | None) -> str:
    """What a legacy form field shows: a check box, or the chosen entry of a list."""
    if form is None:
        return ""
    box, choices = form.find(W + "checkBox"), form.find(W + "ddList")
    if box is not None:
        checked = on(box, W + "checked")
        return CHECKED if (on(box, W + "default") if checked is None else checked) else UNCHECKED
    if choices is not None:
        entries = [entry.get(VAL, "") for entry in choices.iterchildren(W + "listEntry")]
        chosen = number_of(choices, "result") or number_of(choices, "default") or 0
        return entries[chosen] if 0 <= chosen < len(entries) else ""
    return ""


def _computed(instruction: str) -> str:
    """What a field without a stored result shows, for the kinds that Word draws from the instruction alone."""
    overlay = _EQ_OVERLAY.match(instruction)
    if overlay:
        return _enclosed(overlay["outer"].strip(), _UP_DOWN.sub("", overlay["inner"]).strip("() "))
    fraction = _EQ_FRACTION.match(instruction)
    if fraction:
        return f"{fraction['over'].strip()}/{fraction['under'].strip()}"
    sign = _SYMBOL_FIELD.match(instruction)
    if sign:
        return symbol((sign["font"] or "Symbol").strip(), int(sign["code"], 0))
    return ""


def _enclosed(outer: str, inner: str) -> str:
    if outer in _CIRCLES and _NUMBER_IN_CIRCLE.fullmatch(inner):
        return circled(int(inner))
    if outer in _BOXES and inner in _TICKS:
        return CHECKED
    return inner or outer


def _math(element: Element) -> str:
    """A formula in a line: fractions with a stroke, raised parts with ^, so that no digits run together."""
    tag = element.tag
    if tag == M + "t":
        return element.text or ""
    if tag == M + "f":
        return f"{_math_part(element, 'num')}/{_math_part(element, 'den')}"
    if tag == M + "sSup":
        return f"{_math_part(element, 'e')}^{_math_part(element, 'sup')}"
    if tag == M + "sSub":
        return f"{_math_part(element, 'e')}_{_math_part(element, 'sub')}"
    if tag == M + "rad":
        return f"√({_math_part(element, 'e')})"
    if tag == M + "d":
        return f"({''.join(_math(child) for child in element.iterchildren(M + 'e'))})"
    return "".join(_math(child) for child in flat(element) if child.tag.startswith(M))


def _math_part(element: Element, name: str) -> str:
    part = element.find(M + name)
    return "" if part is None else _math(part)
