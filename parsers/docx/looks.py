"""How a run of text looks: hidden, struck out, raised, in which colour on which ground (文字外观)."""

from __future__ import annotations

from dataclasses import dataclass, fields

from parsers.docx.names import VAL, Element, W, on

CONTRAST = 40
"""Difference from the ground, of 255 in the component that differs most, from which ink can be read."""
LEAST_RAISE = 4
"""Half-points above the text before it from which a run is raised."""
_PAPER = (255, 255, 255)
_BLACK = (0, 0, 0)


@dataclass(frozen=True, slots=True)
class Look:
    """What a run's own properties or a style say; None where they do not.

    `position` is superscript or subscript, `shift` half-points above the line by hand.
    """

    hidden: bool | None = None
    struck: bool | None = None
    colour: str | None = None
    ground: str | None = None
    position: str | None = None
    shift: int | None = None

    def over(self, below: Look) -> Look:
        """This look, with what it leaves open taken from the one below it."""
        stated = (getattr(self, one.name) for one in fields(self))
        return Look(
            *(getattr(below, one.name) if own is None else own for one, own in zip(fields(self), stated, strict=True))
        )


PLAIN = Look()


def look_of(properties: Element | None) -> Look:
    """What a w:rPr states."""
    if properties is None or not len(properties):
        return PLAIN
    double = on(properties, W + "dstrike")
    return Look(
        hidden=on(properties, W + "vanish"),
        struck=double if double else on(properties, W + "strike"),
        colour=_value(properties, "color"),
        ground=_fill(properties),
        position=_value(properties, "vertAlign"),
        shift=_shift(properties),
    )


def is_faint(look: Look, run: Element) -> bool:
    """Whether the ink of a run can hardly be told from what it stands on."""
    ink = _rgb(look.colour)
    if ink is None or max(abs(a - b) for a, b in zip(ink, _BLACK, strict=True)) < CONTRAST:
        return False
    ground = _rgb(look.ground or _ground_of(run)) or _PAPER
    if ground == _PAPER and _may_stand_on_picture(run):
        return False
    return max(abs(a - b) for a, b in zip(ink, ground, strict=True)) < CONTRAST


def _may_stand_on_picture(run: Element) -> bool:
    """Whether a title may be printed in white over a picture: outside tables, in a document that has one."""
    if next(run.iterancestors(W + "tc"), None) is not None:
        return False
    return next(run.getroottree().iter(W + "drawing", W + "pict", W + "background"), None) is not None


def _ground_of(run: Element) -> str | None:
    """The fill of the nearest thing around a run that has one: its paragraph, its cell, its table."""
    for around in run.iterancestors(W + "p", W + "tc", W + "tbl"):
        properties = around.find(around.tag + "Pr")
        fill = _fill(properties) if properties is not None else None
        if fill is not None:
            return fill
    return None


def _fill(properties: Element) -> str | None:
    shading = properties.find(W + "shd")
    fill = None if shading is None else shading.get(W + "fill")
    return fill if fill and fill != "auto" else None


def _shift(properties: Element) -> int | None:
    stated = _value(properties, "position")
    try:
        return None if stated is None else int(stated)
    except ValueError:
        return None


def _value(properties: Element, name: str) -> str | None:
    child = properties.find(W + name)
    value = None if child is None else child.get(VAL)
    return str(value) if value else None


def _rgb(colour: str | None) -> tuple[int, int, int] | None:
    if colour is None or len(colour) != 6:
        return None
    try:
        return int(colour[:2], 16), int(colour[2:4], 16), int(colour[4:], 16)
    except ValueError:
        return None
