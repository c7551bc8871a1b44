"""Text raised by hand in old documents (手工提升的文字): docvortex knows raised text by its style of letters only.

Runs that stand higher than the text before them in their paragraph are given that style before docvortex reads them; a
line that is raised as a whole is none.
"""

from __future__ import annotations

import re
import struct
from dataclasses import replace

from docvortex.analyzers.native.office.doc.formatting import CharacterRun, FormattingRuns
from docvortex.analyzers.native.office.doc.pieces import TextStream
from docvortex.analyzers.native.office.doc.sprm import walk_sprms

from parsers.docx.looks import LEAST_RAISE

_POSITION_SPRM = 0x4845
"""sprmCHpsPos: half-points above the line."""
_SUPERSCRIPT_SPRM = struct.pack("<HB", 0x2A48, 1)
"""sprmCIss, raised."""
_ENDS_OF_TEXT = frozenset("\r\x07\x0b\x0c")
_RTF_TOKEN = re.compile(rb"\\(?P<word>[a-z]+)(?P<number>-?\d+)? ?|\\'[0-9a-f]{2}|\\[^a-z]|[{}]|[^\\{}\r\n]+")
_RTF_ENDS = frozenset((b"par", b"pard", b"cell", b"nestcell", b"row", b"line"))


def mark_raised(text: TextStream, runs: FormattingRuns) -> None:
    """Gives the runs of a Word 97 document that are raised by hand the style of raised letters."""
    above = {run.fc_start for run in runs.characters if _shift(run) >= LEAST_RAISE}
    if not above:
        return
    raised = {
        fc
        for before, fc_before, fc in zip(text.chars, text.fcs, text.fcs[1:], strict=False)
        if fc in above and before not in _ENDS_OF_TEXT and not _is_above(runs.character_at(fc_before), above)
    }
    runs.characters[:] = [
        replace(run, grpprl=run.grpprl + _SUPERSCRIPT_SPRM) if run.fc_start in raised else run
        for run in runs.characters
    ]


def _is_above(run: CharacterRun | None, above: set[int]) -> bool:
    return run is not None and run.fc_start in above


def _shift(run: CharacterRun) -> int:
    """Half-points by which a run stands above its line."""
    found: list[int] = []

    def take(opcode: int, operand: bytes) -> None:
        if opcode == _POSITION_SPRM and len(operand) >= 2:
            found.append(struct.unpack_from("<h", operand)[0])

    walk_sprms(run.grpprl, take)
    return found[-1] if found else 0


def rtf_marked(data: bytes) -> bytes:
    """An RTF document whose text raised by hand (`\\up6`) is raised by style (`\\super`)."""
    if b"\\up" not in data:
        return data
    parts: list[bytes] = []
    has_text, done = False, 0
    for token in _RTF_TOKEN.finditer(data):
        word = token["word"]
        if word in _RTF_ENDS:
            has_text = False
        elif word == b"up" and has_text and int(token["number"] or LEAST_RAISE) >= LEAST_RAISE:
            parts += (data[done : token.start()], b"\\super ")
            done = token.end()
        elif word == b"u" or (not word and token[0] not in (b"{", b"}")):
            has_text = True
    return b"".join((*parts, data[done:]))
